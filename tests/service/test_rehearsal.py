"""The whole timeline of the sample, played on a virtual clock."""

import email
import email.policy
import mailbox
import re
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest

from gsef_notify import runs
from gsef_notify.errors import SettingsError
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.settings import Settings
from tests.conftest import utc

ALL_TIME = (None, None)


def mails(folder: Path) -> list[EmailMessage]:
    read = [
        email.message_from_bytes(mailbox.Maildir(folder / "mail").get_bytes(key), policy=email.policy.default)
        for key in mailbox.Maildir(folder / "mail").iterkeys()
    ]
    assert all(isinstance(message, EmailMessage) for message in read)
    return sorted((m for m in read if isinstance(m, EmailMessage)), key=when)


def when(message: EmailMessage) -> datetime:
    return message["Date"].datetime  # type: ignore[no-any-return]


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def output(tmp_path: Path, program: Program, contacts: tuple[Contact, ...]) -> Path:
    runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts, tmp_path / "out", ALL_TIME)
    return tmp_path / "out"


def to_eric(folder: Path) -> list[EmailMessage]:
    return [message for message in mails(folder) if "eric.leyton@example.org" in message["To"]]


def test_every_mail_has_its_virtual_date(output: Path) -> None:
    dates = [when(message) for message in mails(output)]
    expected = {
        utc("2021-10-01 09:00"): 4,
        utc("2021-10-07 09:00"): 8,
        utc("2021-10-08 08:00"): 8,
        utc("2021-10-08 09:01"): 1,
        utc("2021-10-08 09:11"): 1,
        utc("2021-10-08 09:21"): 1,
        utc("2021-10-08 09:31"): 1,
    }
    assert {date: dates.count(date) for date in dates} == expected


def test_eric_is_told_in_his_own_time(output: Path) -> None:
    title = "Work Integration Social Enterprises & International Cooperation"
    assert [(f"{when(m):%Y-%m-%d %H:%M}", m["Subject"]) for m in to_eric(output)] == [
        ("2021-10-01 09:00", f"Please confirm: you speak on Fri 8 Oct at 06:21 (Santiago time) - {title}"),
        ("2021-10-07 09:00", f"Tomorrow: you speak at 06:21 (Santiago time) - {title}"),
        ("2021-10-08 08:00", f"In 1 hour 21 minutes: be ready, you speak at 06:21 (Santiago time) - {title}"),
        ("2021-10-08 09:11", f"In 10 minutes: you are on at 06:21 (Santiago time) - {title}"),
    ]


def test_the_last_mail_says_everything_that_he_needs(output: Path) -> None:
    last = to_eric(output)[-1]
    said = " ".join(text(last).split())
    order = [
        "06:21-06:31 Santiago time (UTC-03:00)",
        "= 18:21-18:31 Seoul time (UTC+09:00)",
        "= 09:21-09:31 UTC",
        "You are next after: Network of local governments promoting SSE (Young Kim)",
        "After you: Laying the Foundation for SSE Agenda in East and Central Africa (Bernard Luyiga)",
        "Dara Huot (moderates)",
        "https://meet.example.org/gsef-2021-alliances",
    ]
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    plain_html = " ".join(re.sub(r"<[^>]+>", " ", text(last, "html")).split())
    assert "06:21 &ndash;06:31 Santiago time" in plain_html.replace("06:21&ndash;", "06:21 &ndash;")


def test_his_own_segment_is_attached_in_his_zone(output: Path) -> None:
    (attached,) = to_eric(output)[-1].iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "America/Santiago"
    assert f"{event.decoded('DTSTART'):%Y-%m-%d %H:%M}" == "2021-10-08 06:21"


def test_who_has_no_known_zone_is_told_the_sessions_time_and_that_it_is(output: Path) -> None:
    (first, _) = [message for message in mails(output) if "lucas.weber@example.org" in message["To"]]
    assert "18:00-19:30 Seoul time (UTC+09:00)" in text(first)
    assert "We do not know your time zone" in text(first)


def test_nobody_reads_the_address_of_somebody_else(output: Path) -> None:
    for message in mails(output):
        own = message["To"].addresses[0].addr_spec
        found = set(re.findall(r"[\w.]+@example\.org", text(message) + text(message, "html")))
        assert found <= {own}, message["Subject"]


def test_message_ids_are_the_same_in_every_rehearsal(
    output: Path, tmp_path: Path, program: Program, contacts: tuple[Contact, ...]
) -> None:
    runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts, tmp_path / "again", ALL_TIME)
    first, second = (sorted(m["Message-ID"] for m in mails(f)) for f in (output, tmp_path / "again"))
    assert first == second
    assert len(set(first)) == 24


def test_the_report_shows_who_got_what_when_in_whose_zone(output: Path) -> None:
    page = (output / "index.html").read_text()
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    time = "Fri 06:11 Santiago night 2021-10-08 09:11 UTC"
    assert f"{time} Eric Leyton Inostroza speaker, speaker-10-minutes" in shown
    assert "24 mails to 8 people: 24 sent" in shown


def test_the_feeds_lie_beside_the_mails_each_persons_in_their_zone(output: Path) -> None:
    names = sorted(file.stem for file in (output / "feeds").iterdir())
    assert len(names) == 7
    eric = (output / "feeds" / "eric-leyton-inostroza.ics").read_bytes()
    assert b"DTSTART;TZID=America/Santiago:20211008T062100" in eric


def test_the_summary_counts(tmp_path: Path, program: Program, contacts: tuple[Contact, ...]) -> None:
    summary = runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts, tmp_path / "out", ALL_TIME)
    assert summary.splitlines()[0] == "24 mails to 8 people: 24 sent"


def test_a_period_is_played_alone(tmp_path: Path, program: Program, contacts: tuple[Contact, ...]) -> None:
    period = (utc("2021-10-08 08:30"), utc("2021-10-08 09:15"))
    runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts, tmp_path / "out", period)
    assert [f"{when(m):%H:%M}" for m in mails(tmp_path / "out")] == ["08:30"] * 8 + ["09:01", "09:11"]


def test_a_folder_with_something_else_in_it_is_left_alone(
    tmp_path: Path, program: Program, contacts: tuple[Contact, ...]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SettingsError, match="holds something else"):
        runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts, tmp_path, ALL_TIME)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_earlier_rehearsal_is_replaced(
    output: Path, program: Program, contacts: tuple[Contact, ...]
) -> None:
    runs.play_rehearsal(Settings(quiet_hours="none"), program, contacts[:3], output, ALL_TIME)
    assert {m["To"].addresses[0].display_name for m in mails(output)} == {
        "Dara Huot",
        "Young Kim",
        "Eric Leyton Inostroza",
    }
