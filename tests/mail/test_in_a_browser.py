"""What a reader sees of the mails of every kind in Chromium, on a phone, by day and by night."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, sync_playwright

from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.compose import Letter, compose
from gsef_notify.mail.matter import SessionMatter
from gsef_notify.mail.sample import sample_letters
from gsef_notify.mail.templates import Templates
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.reminders.notices import TEMPLATES as NOTICES
from gsef_notify.settings import bundled

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
TEMPLATES = Templates(bundled("templates") / "mail")
WORDS = {
    "Welcome": "환영합니다" * 12,
    "Talk": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung",
    "Closing": "الاقتصاد الاجتماعي والتضامني " * 5,
    "An example": "https://example.org/" + "a-title-that-is-a-link-" * 8,
}
NAMES = {"ana": "ليلى حدّاد", "bo": "Wolfeschlegelsteinhausenbergerdorff" * 2, "cy": "김하늘"}

# The texts whose colour is too near that of their ground (WCAG 2.2, 1.4.3), with the ratio.
FAINT = """() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, style = getComputedStyle(element);
    if (!texts.currentNode.data.trim()) continue;
    const [low, high] = [light(parts(style.color)), light(ground(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push([texts.currentNode.data.trim(), ratio]);
  }
  return found;
}"""
WIDTH = "() => document.documentElement.scrollWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("a")]
  .filter(link => getComputedStyle(link).display !== "inline" && link.getBoundingClientRect().height < 24)
  .map(link => link.innerText)"""
TIMES = """() => [...document.querySelectorAll("p")].filter(p => /^\\d\\d:\\d\\d/.test(p.innerText))
  .map(p => parseFloat(getComputedStyle(p).fontSize))"""
LARGEST = """() => Math.max(...[...document.querySelectorAll("p, h2, td, span, a")]
  .filter(each => each.innerText).map(each => parseFloat(getComputedStyle(each).fontSize)))"""

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium"
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page that may ask nobody for anything."""
    asked = list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_page(java_script_enabled=True)
        opened.on("request", lambda request: asked.append(request.url))
        yield opened
        browser.close()
    assert asked == []


def hard(letter: Letter) -> Letter:
    """The letter about things and people with names that are long, or written from right to left."""
    matter = letter.matter
    if not isinstance(matter, SessionMatter):
        return letter
    changed: dict[str, Any] = {
        "session": _session(matter.session),
        "segments": tuple(map(_segment, matter.segments)),
        "starred": tuple(map(_segment, matter.starred)),
        "person": _person(matter.person) if matter.person else None,
        "silent": tuple(map(_person, matter.silent)),
        "declined": tuple(map(_person, matter.declined)),
        "links": replace(
            matter.links, calendar=matter.links.calendar + "?timezone=" + "America/Santiago" * 9
        ),
    }
    return replace(letter, matter=replace(matter, **changed))


def _session(session: Session) -> Session:
    return msgspec.structs.replace(
        session,
        title=WORDS[session.title],
        segments=tuple(map(_segment, session.segments)),
        people=tuple(map(_person, session.people)),
    )


def _segment(segment: Segment) -> Segment:
    return msgspec.structs.replace(segment, title=WORDS[segment.title])


def _person(person: Person) -> Person:
    return msgspec.structs.replace(
        person, name=NAMES[person.id], organization="사회연대경제지방정부협의회" * 4
    )


def mails(kind: str) -> Iterator[str]:
    """As HTML, in turn in each language."""
    for number, letter in enumerate(map(hard, sample_letters(kind))):
        recipient = replace(letter.recipient, language=LANGUAGES[number % len(LANGUAGES)])
        yield compose(replace(letter, recipient=recipient), TEMPLATES).html


@pytest.mark.parametrize("kind", TEMPLATES.kinds)
def test_a_mail_is_read_without_effort(page: Page, kind: str) -> None:
    for html in mails(kind):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 800})
        page.set_content(html)
        assert page.evaluate(WIDTH) == 320
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(FAINT) == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate(WIDTH) == 390
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("kind", [kind for kind in TEMPLATES.kinds if kind != "organizer-digest"])
def test_the_readers_time_is_the_largest_of_a_mail(page: Page, kind: str) -> None:
    page.set_content(corrected(kind) if kind in NOTICES else next(mails(kind)))
    assert page.evaluate(TIMES)[0] == page.evaluate(LARGEST)


def corrected(kind: str) -> str:
    """A notice that has something to say."""
    matters = ((each, each.matter) for each in sample_letters(kind))
    letter = next(each for each, matter in matters if isinstance(matter, SessionMatter) and matter.correction)
    return compose(letter, TEMPLATES).html


def test_a_faint_text_and_a_wide_one_are_noticed(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content('<p style="color:#999">pale</p><p style="width:400px">wide</p>')
    assert [text for text, _ in page.evaluate(FAINT)] == ["pale"]
    assert page.evaluate(WIDTH) > 320
