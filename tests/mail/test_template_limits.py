"""Templates that are made to take long or to become large are refused, and others are let be."""

from pathlib import Path

import pytest

from gsef_notify.mail.compose import context
from gsef_notify.mail.sample import sample_letters
from gsef_notify.mail.template_limits import LONGEST_RENDERED, LONGEST_SOURCE
from gsef_notify.mail.templates import TemplateError, Templates
from gsef_notify.settings import bundled

TEMPLATES = Templates(bundled("templates") / "mail")
DOUBLING = "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 40
NESTING = "{% set a = [1] %}{% set b = [1] %}" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40

# In Jinja's own sandbox each takes seconds or hundreds of megabytes, or ends in another error than ours.
HOSTILE = {
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "loops that skip": "{% for a in range(9999) %}{% for b in range(9999) if 0 %}{% endfor %}{% endfor %}",
    "long bodies": "{% for a in range(99999) %}" + "{% if name %}{% endif %}" * 2000 + "{% endfor %}",
    "a loop into a text": "{% set x %}{% for a in range(99999) %}" + "y" * 50000 + "{% endfor %}{% endset %}",
    "a recursive loop": "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "a macro that branches": (
        "{% macro f(n) %}{% if n %}{{ f(n - 1) ~ f(n - 1) }}{% endif %}{% endmacro %}{{ f(50) }}"
    ),
    "a macro without end": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "an include of itself": "{% include 'evil/body.txt' %}",
    "a text multiplied": "{{ ('x' * 10**9) | length }}",
    "a list multiplied": "{{ ([0] * 10**9) | length }}",
    "a text added": "{% set x = 'ab' %}" + "{% set x = x + x %}" * 40 + "{{ x | length }}",
    "a text joined to itself": DOUBLING + "{{ x | length }}",
    "a list added": "{% set x = [1] %}" + "{% set x = x + x %}" * 40 + "{{ x | length }}",
    "lists in lists": NESTING + "{{ a == b }}",
    "tuples in tuples": "{% set a = (1, 2) %}" + "{% set a = (a, a) %}" * 60 + "{{ {a: 1} | length }}",
    "a great power": "{{ 10 ** (10 ** 8) }}",
    "a great power of a negative": "{{ 0 - 7 ** (10 ** 8) }}",
    "powers of powers": "{% set x = 3 %}" + "{% set x = x * x %}" * 40 + "{{ x > 1 }}",
    "a wide placeholder": "{{ ('%999999999d' % 1) | length }}",
    "a wide placeholder in a filter": "{{ ('%999999999d' | format(1)) | length }}",
    "a placeholder with a star": "{{ ('%*d' % (999999999, 1)) | length }}",
    "many placeholders": "{% set x = 'x' * 60000 %}{{ (('%s' * 20000) % ((x,) * 20000)) | length }}",
    "a wide sentence": "{{ _('%(n)999999999d', n=1) | length }}",
    "a wide text": "{{ ('{:999999999}'.format(1)) | length }}",
    "a center": "{{ 'x' | center(10**9) | length }}",
    "a center of a number": "{{ 'x' | center(1000000000) | length }}",
    "a method that centers": "{{ 'x'.center(10**9) | length }}",
    "a method that justifies": "{{ 'x'.ljust(10**9) | length }}",
    "zeros": "{{ 'x'.zfill(10**9) | length }}",
    "tabs": "{{ '\t'.expandtabs(10**9) | length }}",
    "bytes of a number": "{{ (1).to_bytes(10**9, 'big') | length }}",
    "an indent": "{{ ('x\n' * 9) | indent(10**9) | length }}",
    "indents": "{{ ('x\n' * 60000) | indent(60000) | length }}",
    "a wordwrap": "{{ ('x ' * 60000) | wordwrap(1, wrapstring='y' * 60000) | length }}",
    "a batch": "{% for x in [1] | batch(10**9, 0) %}{{ x | length }}{% endfor %}",
    "a slice": "{{ [1] | slice(10**9, 0) | list | length }}",
    "a join": "{{ range(99999) | join('y' * 60000) | length }}",
    "a method that joins": "{{ ('y' * 60000).join(['a'] * 60000) | length }}",
    "a replacement": "{{ ('x' * 60000) | replace('x', 'y' * 60000) | length }}",
    "a method that replaces": "{{ ('x' * 60000).replace('x', 'y' * 60000) | length }}",
    "a sum of lists": "{{ ([[0] * 99] * 60000) | sum(start=[]) | length }}",
    "a round number": "{{ 1 | round(10**8, 'ceil') }}",
    "ranges without end": "{% for a in range(99999) %}{{ range(99999) | sum }}{% endfor %}",
    "filters upon filters": "{% set x = ['a'] * 90000 %}{{ x" + " | map('upper')" * 600 + "| join }}",
    "greetings of Latin": "{{ lipsum(n=99999) | length }}",
    "a list of lists as text": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "a long mail": "{% for a in range(99999) %}" + "y" * 999 + "{% endfor %}",
    "a deep template": "{{ " + "(" * 30000 + "1" + ")" * 30000 + " }}",
    "a deeply nested template": "{% if name %}" * 500 + "{% endif %}" * 500,
}  # fmt: skip


def rendered(folder: Path, source: str) -> str:
    """The text of a mail whose template an organizer wrote."""
    kind = folder / "evil"
    kind.mkdir()
    for part, text in {"subject.txt": "Subject", "body.html": "<p>Body</p>", "body.txt": source}.items():
        (kind / part).write_text(text, encoding="utf-8")
    templates = Templates(folder)
    letter = next(sample_letters("speaker-segment"))
    return templates.render("evil", "en", context(letter, templates.speech("en")))[1]


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_template_that_would_not_end_soon_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"evil/body\.txt(:\d+)?: .* - \w+"):
        rendered(tmp_path, source)


def is_plain(value: object) -> bool:
    """Whether a value is a text, number or nothing, or a list or mapping of such."""
    if type(value) is dict:
        return all(isinstance(key, str) and is_plain(each) for key, each in value.items())
    return all(map(is_plain, value)) if type(value) is list else type(value) in (str, int, bool, type(None))


@pytest.mark.parametrize("kind", TEMPLATES.kinds)
def test_templates_are_given_plain_values_alone(kind: str) -> None:
    for letter in sample_letters(kind):
        assert is_plain(context(letter, TEMPLATES.speech("ko")))


def test_what_a_template_marks_as_safe_is_its_writers_word(tmp_path: Path) -> None:
    (tmp_path / "evil").mkdir()
    parts = {"subject.txt": "Subject", "body.html": "{{ name }}{{ name | safe }}", "body.txt": "Body"}
    for part, text in parts.items():
        (tmp_path / "evil" / part).write_text(text, encoding="utf-8")
    assert Templates(tmp_path).render("evil", "en", {"name": "<b>"})[2] == "&lt;b&gt;<b>"


def test_the_line_is_named_that_asks_for_too_much(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"evil/body\.txt:3: this takes too long or becomes too large - "):
        rendered(tmp_path, "Dear\n\n{{ 'x' * 10**9 }}\n")


def test_a_template_may_be_as_long_as_is_said_and_no_longer(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    assert rendered(tmp_path / "long", "x\n" * (LONGEST_SOURCE // 2))
    (tmp_path / "longer").mkdir()
    with pytest.raises(TemplateError, match=r"evil/body\.txt:1: longer than 64 kB - "):
        rendered(tmp_path / "longer", "x\n" * (LONGEST_SOURCE // 2) + "y")


def test_a_template_of_very_many_expressions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"evil/body\.txt:1: more than 5000 expressions - "):
        rendered(tmp_path, "{{ name }}" * 5000)


def test_a_part_may_be_as_long_as_is_said(tmp_path: Path) -> None:
    lines = LONGEST_RENDERED // 64
    assert rendered(tmp_path, "{% for n in range(" + str(lines) + ") %}" + "x" * 63 + "\n{% endfor %}")


def test_what_people_write_in_templates_still_works(tmp_path: Path) -> None:
    source = """
{% macro line(item) %}{{ item.start }} {{ item.title | upper }}{% endmacro %}
{% for item in order if item.title != "Welcome" %}
{{ loop.index }}. {{ line(item) }}{{ "" if loop.last else "," }}
{% endfor %}
{{ (order | map(attribute="title") | list)[:2] | join(", ") }}
{{ name.split(" ")[0] ~ "!" }} {{ name.replace(" ", "_") }} {{ "-" * 10 }} {{ 2 ** 10 + 7 % 4 }}
{{ "%s of %02d" | format("one", 2) }} {{ order | length }} {{ (order | first).title | center(11) }}|
{% set found = namespace(number=0) %}
{% for item in order %}{% set found.number = found.number + 1 %}{% endfor %}
{{ found.number }} {{ _("now") }} {{ {"a": 1}.items() | list | length }} {{ "Talk" in ["Talk", name] }}
"""
    assert rendered(tmp_path, source).split("\n") == [
        "1. 20:35 TALK,",
        "2. 20:40 CLOSING",
        "Welcome, Talk",
        "Ana! Ana_Example ---------- 1027",
        "one of 02 3   Welcome  |",
        "3 now 1 True",
        "",
    ]
