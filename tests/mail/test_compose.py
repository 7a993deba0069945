"""What the mails say, in the words of their reader's clock."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from gsef_notify import zones
from gsef_notify.mail.compose import Forum, Letter, check, compose
from gsef_notify.mail.matter import Links
from gsef_notify.mail.mime import Mailbox, Message
from gsef_notify.mail.sample import sample_letters
from gsef_notify.mail.templates import TemplateError, Templates
from gsef_notify.mail.wrapping import wrapped
from gsef_notify.program.model import Session
from gsef_notify.reminders.facts import NOTHING_WRONG
from gsef_notify.settings import bundled
from tests.conftest import ERIC, utc
from tests.mail.conftest import ON_AIR, about

TEMPLATES = Templates(bundled("templates") / "mail")
ENGLISH = TEMPLATES.speech("en")


def in_zone(letter: Letter, timezone: str) -> Message:
    return compose(replace(letter, recipient=replace(letter.recipient, timezone=timezone)), TEMPLATES)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=7), "in 7 days"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(hours=6), "today"),
        (timedelta(hours=1, minutes=59), "in 1 hour 59 minutes"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(minutes=10), "in 10 minutes"),
        (timedelta(minutes=1, seconds=20), "in 1 minute"),
        (timedelta(seconds=5), "in 1 minute"),
        (timedelta(0), "now"),
        (-timedelta(minutes=5), "now"),
    ],
)
def test_the_time_left_is_told_as_it_is(before: timedelta, words: str) -> None:
    assert ENGLISH.left(ON_AIR - before, ON_AIR, "America/Santiago") == words


def test_tomorrow_is_the_readers_tomorrow() -> None:
    evening = utc("2021-10-08 02:30")
    assert ENGLISH.left(evening, ON_AIR, "America/Santiago") == "tomorrow"
    assert ENGLISH.left(evening, ON_AIR, "Asia/Seoul") == "today"


def test_a_late_mail_says_what_is_true_now(letter: Letter) -> None:
    late = compose(replace(letter, now=ON_AIR - timedelta(minutes=4)), TEMPLATES)
    assert late.subject.startswith("In 4 minutes: you are on at 06:21 (Santiago time)")
    begun = compose(replace(letter, now=ON_AIR + timedelta(minutes=2)), TEMPLATES)
    assert begun.subject.startswith("You are on now, since 06:21 (Santiago time)")
    assert "You are on now:" in begun.text


def test_another_day_elsewhere_is_named(letter: Letter, session: Session) -> None:
    text = in_zone(letter, "Pacific/Kiritimati").text
    assert "Friday 8 October 2021\n  23:21-23:31 Kiritimati time (UTC+14:00)" in text
    later = msgspec.structs.replace(session, timezone="Pacific/Honolulu")
    honolulu = compose(about(letter, session=later), TEMPLATES).text
    assert "= 23:21-23:31 Honolulu time (UTC-10:00), Thursday 7 October" in honolulu


def test_the_readers_own_zone_is_told_once(letter: Letter) -> None:
    text = in_zone(letter, "Asia/Seoul").text
    assert text.count("18:21-18:31") == 1
    assert "= 09:21-09:31 UTC" in text


def test_utc_is_told_once(letter: Letter, session: Session) -> None:
    text = in_zone(letter, "Africa/Dakar").text
    assert "09:21-09:31 Dakar time (UTC)\n  = 18:21-18:31 Seoul time (UTC+09:00)\n\n" in text
    lisbon = msgspec.structs.replace(session, timezone="Atlantic/Reykjavik")
    assert "= 09:21-09:31 Reykjavik time (UTC)\n\n" in compose(about(letter, session=lisbon), TEMPLATES).text


def test_text_and_html_say_the_same_times(letter: Letter) -> None:
    message = compose(letter, TEMPLATES)
    for said in ("06:21", "18:21-18:31 Seoul time (UTC+09:00)", "09:21-09:31 UTC", "Young Kim", "Dara Huot"):
        assert said in message.text
        assert said in message.html


def test_a_changed_time_is_said_first(letter: Letter) -> None:
    message = compose(
        about(letter, corrects=zones.local(utc("2021-10-08 09:11"), "America/Santiago")), TEMPLATES
    )
    assert message.subject.startswith("New time! ")
    assert message.text.index("THE TIME HAS CHANGED. We told you 06:11") < message.text.index("06:21")
    assert "The time has changed." in message.html


def test_all_segments_of_a_speaker_are_in_one_mail(letter: Letter, session: Session) -> None:
    last = msgspec.structs.replace(session.segments[-1], people=(ERIC,))
    both = msgspec.structs.replace(session, segments=(*session.segments[:-1], last))
    mail = about(replace(letter, kind="speaker-day"), session=both, segments=both.segments_of(ERIC))
    text = compose(mail, TEMPLATES).text
    assert "06:21-06:31 Santiago time" in text
    assert "07:25-07:30 Santiago time" in text
    assert "Your part closes the session." in text


def test_a_speaker_without_a_segment_is_told_when_the_session_begins(
    letter: Letter, session: Session
) -> None:
    empty = msgspec.structs.replace(session, segments=())
    message = compose(about(replace(letter, kind="speaker-day"), session=empty, segments=()), TEMPLATES)
    assert "06:00-07:30 Santiago time" in message.text


def test_without_a_link_the_sessions_page_is_named(letter: Letter, session: Session) -> None:
    unlinked = msgspec.structs.replace(session, join_url=None)
    text = compose(about(letter, session=unlinked), TEMPLATES).text
    assert "WHERE TO JOIN\n  https://gsef.example.org/sessions/gsef-2021-alliances" in text


def test_what_is_in_the_program_can_not_become_html(letter: Letter, session: Session) -> None:
    evil = "<script>alert(1)</script> & 'x'"
    segments = tuple(msgspec.structs.replace(segment, title=evil) for segment in session.segments)
    hostile = msgspec.structs.replace(session, title=evil, segments=segments)
    message = compose(about(letter, session=hostile, segments=hostile.segments_of(ERIC)), TEMPLATES)
    assert "<script>" not in message.html
    assert evil in message.subject


def test_replies_go_to_the_forum_where_it_has_an_address(letter: Letter) -> None:
    assert compose(letter, TEMPLATES).reply_to == Mailbox("help@example.org", "Global Social Economy Forum")
    silent = replace(letter, forum=Forum("Forum", contact="https://example.org/help"))
    assert compose(silent, TEMPLATES).reply_to is None


@pytest.mark.parametrize("kind", TEMPLATES.kinds)
def test_every_kind_can_be_rendered_whole(kind: str) -> None:
    check(TEMPLATES, sample_letters(kind))
    for letter in sample_letters(kind):
        message = compose(letter, TEMPLATES)
        assert message.subject == " ".join(message.subject.split())
        assert "\n\n\n" not in message.text
        assert max(map(len, message.text.splitlines())) <= 78


def test_a_kind_that_there_is_not_names_those_that_there_are(letter: Letter) -> None:
    with pytest.raises(TemplateError, match="the templates are cancelled, changed, moderator-session,"):
        compose(replace(letter, kind="telegram"), TEMPLATES)


def test_a_folder_without_templates_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="there is no such folder"):
        Templates(tmp_path / "none")
    (tmp_path / "half").mkdir()
    with pytest.raises(TemplateError, match=r"half/subject\.txt: half/subject\.txt is missing"):
        Templates(tmp_path)


def test_what_is_gone_is_struck_out_and_asks_for_nothing() -> None:
    cancelled = [compose(letter, TEMPLATES) for letter in sample_letters("cancelled")]
    gone = next(message for message in cancelled if "has been cancelled" in message.text)
    assert re.search(r"<s>\d\d:\d\d", gone.html)
    assert "Join" not in gone.html + gone.text
    assert "reckon with that" not in gone.html + gone.text


def test_a_mail_asks_for_one_thing_at_a_time(letter: Letter) -> None:
    links = Links("https://example.org/s", "https://example.org/s.ics", answer="https://example.org/rsvp/x")
    asking = compose(about(replace(letter, kind="speaker-day"), links=links), TEMPLATES).html
    assert re.findall(
        r'<td (?:class="(\w+)" )?style="(?:border:\S+ solid #\w+;)?border-radius:6px', asking
    ) == ["", "quiet"]
    settled = compose(
        about(replace(letter, kind="speaker-day"), links=links, answer="accepted"), TEMPLATES
    ).html
    assert 'class="quiet"' not in settled


@pytest.mark.parametrize("kind", TEMPLATES.kinds)
def test_no_heading_stands_above_nothing(letter: Letter, session: Session, kind: str) -> None:
    bare = msgspec.structs.replace(session, segments=(), people=session.people[:1])
    for each in sample_letters(kind):
        empty = replace(each, forum=Forum("Forum"))
        if kind in ("moderator-session", "participant-session", "changed"):
            empty = about(
                empty, session=bare, segments=(), person=session.people[0], correction=NOTHING_WRONG
            )
        message = compose(empty, TEMPLATES)
        assert "None" not in message.text + message.html
        assert not re.search(r"</h2>\s*(<h2|<div|$)", message.html)
        assert not re.search(r"^[A-Z][A-Z ,()a-z]*[A-Z)]\n\n", message.text, re.MULTILINE)


def test_long_lines_are_broken_under_their_beginning_and_links_never() -> None:
    link = "https://example.org/" + "x" * 90
    lines = wrapped(f"Head\n  06:21-06:31  {'word ' * 20}\n  {link}\n-- \nForum").splitlines()
    assert f"  {link}" in lines
    assert lines[2] == " " * 15 + " ".join(["word"] * 8)
    assert lines[-2:] == ["-- ", "Forum"]
