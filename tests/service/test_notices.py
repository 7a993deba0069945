"""Who was told of something that is then cancelled hears of it, and nobody else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, select

from gsef_notify.clock import SteppedClock
from gsef_notify.mail.stored import body, parsed
from gsef_notify.mail.transport import DeliveryError, Envelope, Room, Transport
from gsef_notify.program.model import Program
from gsef_notify.reminders.notices import DEBOUNCE
from gsef_notify.reminders.people import Contact
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.publish import publish, take_contacts
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import contacts, stars
from tests.conftest import ERIC, POLICY, utc
from tests.service.conftest import troubled

pytestmark = pytest.mark.both_databases

TOLD = utc("2021-10-02 12:00")  # when speakers have been told a week ahead, and nobody else
MOVED = utc("2021-10-03 12:00")
Sent = Callable[[datetime], Awaitable[list[EmailMessage]]]


@pytest.fixture
async def sent(office: Office, clock: SteppedClock, tmp_path: Path) -> Sent:
    """What goes out up to an instant, and has not been returned before."""
    seen: set[Path] = set()

    async def until(moment: datetime) -> list[EmailMessage]:
        clock.set(moment)
        while await send_next(office):
            pass
        files = [file for file in (tmp_path / "mail" / "new").iterdir() if file not in seen]
        seen.update(files)
        return [parsed(file.read_bytes()) for file in files]

    await until(TOLD)
    return until


def without_eric(program: Program) -> Program:
    (session,) = program.sessions
    kept = tuple(segment for segment in session.segments if ERIC not in segment.people)
    others = tuple(person for person in session.people if person.id != ERIC)
    return Program(sessions=(msgspec.structs.replace(session, segments=kept, people=others),))


def publish_now(office: Office, program: Program) -> None:
    office.newest.replace(publish(office.engine, program, POLICY, office.clock.now())[0])


async def test_a_speaker_whose_segment_is_gone_is_told_in_their_time(
    office: Office, clock: SteppedClock, program: Program, sent: Sent, tmp_path: Path
) -> None:
    (first,) = [m for m in stored(tmp_path) if "eric" in m["To"]]
    clock.set(MOVED)
    publish_now(office, without_eric(program))
    assert await sent(MOVED + DEBOUNCE - timedelta(seconds=1)) == []
    mails = await sent(MOVED + DEBOUNCE)
    (mail,) = [each for each in mails if "eric" in each["To"]]
    assert mail["To"] == "Eric Leyton Inostroza <eric.leyton@example.org>"
    assert mail["Subject"].startswith("Cancelled: Fri 8 Oct, 06:21 (Santiago time) - Work Integration")
    assert mail["In-Reply-To"] == mail["References"] == first["Message-ID"]
    assert "06:21-06:31 Santiago time (UTC-03:00)" in body(mail, "plain")
    assert "https://meet.example.org" not in body(mail, "plain")
    (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert "STATUS:CANCELLED\r\n" in calendar.get_content()
    assert await sent(MOVED + timedelta(hours=1)) == []


async def test_the_others_who_were_told_hear_that_a_speaker_is_no_longer_there(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    clock.set(MOVED)
    publish_now(office, without_eric(program))
    others = [mail for mail in await sent(MOVED + DEBOUNCE) if "eric" not in mail["To"]]
    assert len(others) == 3
    for mail in others:
        assert mail["Subject"].startswith("Who is there has changed - Initiatives")
        assert "No longer there: Eric Leyton Inostroza" in body(mail, "plain")


async def test_of_a_session_that_is_gone_everybody_hears_who_was_told(
    office: Office, clock: SteppedClock, sent: Sent
) -> None:
    clock.set(MOVED)
    publish_now(office, Program())
    mails = await sent(MOVED + DEBOUNCE)
    speakers = ["bernard.luyiga", "eric.leyton", "martin.vandenborre", "young.kim"]
    assert sorted(m["To"].partition("<")[2].partition("@")[0] for m in mails) == speakers
    assert all(mail["Subject"].startswith("Cancelled: ") for mail in mails)


async def test_what_comes_back_in_time_was_never_cancelled(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    clock.set(MOVED)
    publish_now(office, Program())
    clock.set(MOVED + DEBOUNCE / 2)
    publish_now(office, program)
    assert await sent(MOVED + timedelta(hours=1)) == []


async def test_each_change_is_told_once(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    clock.set(MOVED)
    publish_now(office, Program())
    cancelled = {mail["To"]: mail for mail in await sent(MOVED + timedelta(hours=1))}
    assert len(cancelled) == 4
    publish_now(office, Program())
    assert await sent(MOVED + timedelta(hours=2)) == []
    publish_now(office, program)
    publish_now(office, Program())
    assert await sent(MOVED + timedelta(hours=3)) == []
    publish_now(office, program)
    back = await sent(MOVED + timedelta(hours=4))
    assert sorted(mail["To"] for mail in back) == sorted(cancelled)
    for mail in back:
        assert mail["Subject"].startswith("It takes place after all: Fri 8 Oct, ")
        assert mail["In-Reply-To"] == cancelled[mail["To"]]["Message-ID"]
        assert "https://meet.example.org" in body(mail, "plain")
    assert await sent(MOVED + timedelta(hours=5)) == []
    publish_now(office, Program())
    assert len(await sent(MOVED + timedelta(hours=6))) == 4


def shifted(program: Program, by: timedelta) -> Program:
    (session,) = program.sessions
    segments = tuple(msgspec.structs.replace(s, start=s.start + by, end=s.end + by) for s in session.segments)
    return Program(
        sessions=(
            msgspec.structs.replace(
                session, start=session.start + by, end=session.end + by, segments=segments
            ),
        )
    )


async def test_who_was_told_hears_at_once_that_it_is_next_month(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    day_before = program.sessions[0].start - timedelta(hours=20)
    told = {mail["To"] for mail in await sent(day_before)}
    publish_now(office, shifted(program, timedelta(days=30)))
    mails = await sent(day_before + DEBOUNCE)
    assert {mail["To"] for mail in mails} == told
    assert len(mails) == len(told) == 8
    (eric,) = [mail for mail in mails if "eric" in mail["To"]]
    assert eric["Subject"].startswith("New time: Sun 7 Nov, 06:21 (Santiago time) - Work Integration")
    assert "We told you 06:21 on Friday 8 October 2021; please forget that." in " ".join(
        body(eric, "plain").split()
    )
    later = await sent(day_before + timedelta(days=24))
    assert {mail["Subject"].partition(":")[0] for mail in later} == {"Please confirm"}


async def test_a_move_is_told_once_to_each_who_was_told(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    day_before = program.sessions[0].start - timedelta(hours=20)
    await sent(day_before)
    publish_now(office, shifted(program, timedelta(minutes=15)))
    mails = await sent(day_before + timedelta(hours=1))
    assert len(mails) == len({mail["To"] for mail in mails}) == 8
    assert all(mail["Subject"].startswith("New time: ") for mail in mails)


def invitation(mail: EmailMessage) -> dict[str, str]:
    """The method and the properties of the invitation in a mail."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    lines = part.get_content().replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1].split("\r\n")
    properties = {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines}
    return {**properties, "METHOD": str(part["Content-Type"].params["method"])}


async def test_a_move_brings_a_fresh_invitation_and_answers_the_mail_that_told(
    office: Office, clock: SteppedClock, program: Program, sent: Sent, tmp_path: Path
) -> None:
    (first,) = [m for m in stored(tmp_path) if "eric" in m["To"]]
    clock.set(MOVED)
    publish_now(office, shifted(program, timedelta(minutes=15)))
    (mail,) = [each for each in await sent(MOVED + DEBOUNCE) if "eric" in each["To"]]
    assert mail["In-Reply-To"] == first["Message-ID"]
    before, after = invitation(first), invitation(mail)
    assert (before["METHOD"], after["METHOD"]) == ("REQUEST", "REQUEST")
    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], str(int(after["SEQUENCE"]) - 1))
    assert (before["DTSTART"], after["DTSTART"]) == ("20211008T062100", "20211008T063600")


async def test_two_segments_of_one_speaker_that_move_are_one_word(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    (session,) = program.sessions
    last = msgspec.structs.replace(session.segments[-1], people=(ERIC,))
    segments = (*session.segments[:-1], last)
    both = Program(sessions=(msgspec.structs.replace(session, segments=segments),))
    clock.set(MOVED)
    publish_now(office, both)
    (added,) = await sent(MOVED + DEBOUNCE)
    assert added["Subject"].startswith("One more part for you: Fri 8 Oct, 07:25 (Santiago time) - Closing")
    clock.set(MOVED + timedelta(hours=1))
    publish_now(office, shifted(both, timedelta(minutes=15)))
    (mail,) = [m for m in await sent(MOVED + timedelta(hours=2)) if "eric" in m["To"]]
    said = " ".join(body(mail, "plain").split())
    assert "We told you 06:21 on Friday 8 October 2021; please forget that." in said
    assert "We told you 07:25 on Friday 8 October 2021; please forget that." in said


async def test_a_new_link_is_told_to_those_who_have_the_old_one(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    (session,) = program.sessions
    clock.set(MOVED)
    elsewhere = msgspec.structs.replace(session, join_url="https://other.example.org/room")
    publish_now(office, Program(sessions=(elsewhere,)))
    mails = await sent(MOVED + DEBOUNCE)
    assert len(mails) == 4
    for mail in mails:
        assert mail["Subject"].startswith("New link to join - ")
        said = body(mail, "plain")
        assert "https://other.example.org/room" in said
        assert "https://meet.example.org" not in said


async def test_each_further_edit_puts_the_word_off_and_the_last_is_told(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    for minutes in (0, 1, 2):
        clock.set(MOVED + timedelta(minutes=minutes))
        publish_now(office, shifted(program, timedelta(minutes=10 + minutes)))
        assert await sent(MOVED + timedelta(minutes=minutes, seconds=30)) == []
    assert await sent(MOVED + timedelta(minutes=3, seconds=59)) == []
    mails = await sent(MOVED + timedelta(minutes=4))
    assert len(mails) == 4
    (eric,) = [mail for mail in mails if "eric" in mail["To"]]
    assert eric["Subject"].startswith("New time: Fri 8 Oct, 06:33 (Santiago time)")


class CutOff:
    """A transport whose connection is lost after the server has taken the message."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def room(self) -> Room:
        return self._inner.room()

    async def send(self, envelope: Envelope) -> str:
        await self._inner.send(envelope)
        raise DeliveryError("the connection was lost", unknown=True)

    async def close(self) -> None:
        await self._inner.close()


async def test_who_may_have_been_told_hears_of_a_change_too(
    office: Office, clock: SteppedClock, program: Program, tmp_path: Path
) -> None:
    clock.set(utc("2021-10-01 09:00"))
    cut_off = replace(office, transport=CutOff(office.transport))
    for _ in range(4):
        assert await send_next(cut_off)
    publish_now(office, shifted(program, timedelta(minutes=15)))
    clock.set(clock.now() + DEBOUNCE)
    while await send_next(office):
        pass
    notices = [mail for mail in stored(tmp_path) if mail["Subject"].startswith("New time: ")]
    assert len(notices) == 4
    (eric,) = [mail for mail in notices if "eric" in mail["To"]]
    assert "We told you 06:21 on Friday 8 October 2021" in " ".join(body(eric, "plain").split())


async def test_what_the_server_refused_was_told_to_nobody(
    office: Office, clock: SteppedClock, program: Program, tmp_path: Path
) -> None:
    clock.set(utc("2021-10-01 09:00"))
    struggling, _ = troubled(office, *[DeliveryError("451 later") for _ in range(4)])
    for _ in range(4):
        assert await send_next(struggling)
    publish_now(office, shifted(program, timedelta(minutes=15)))
    clock.set(clock.now() + timedelta(hours=1))
    while await send_next(office):
        pass
    subjects = {mail["Subject"].partition(":")[0] for mail in stored(tmp_path)}
    assert subjects == {"Please confirm"}


async def test_who_comes_after_the_cancellation_hears_nothing(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    day_before = program.sessions[0].start - timedelta(hours=20)
    await sent(day_before)
    publish_now(office, Program())
    late = Contact(name="Late", email="late@example.org", role="participant")
    take_contacts(office.engine, [late], POLICY, day_before)
    mails = await sent(day_before + DEBOUNCE)
    assert len(mails) == 8
    assert [mail for mail in mails if "late" in mail["To"]] == []


async def test_nobody_hears_of_what_has_begun(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    begun = program.sessions[0].segments[5].start
    await sent(begun)
    publish_now(office, Program())
    mails = await sent(begun + DEBOUNCE)
    assert sorted(m["To"].partition("<")[2].partition("@")[0] for m in mails) == ["martin.vandenborre"]


def stored(folder: Path) -> list[EmailMessage]:
    return [parsed(file.read_bytes()) for file in (folder / "mail" / "new").iterdir()]


async def test_a_part_that_is_gone_is_taken_back_once(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    clock.set(MOVED)
    publish_now(office, without_eric(program))
    assert len(await sent(MOVED + DEBOUNCE)) == 4
    for number in range(1, 4):
        publish_now(office, without_eric(program))
        assert await sent(MOVED + number * timedelta(hours=1)) == []


async def test_a_part_that_somebody_else_does_is_taken_back_once(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    (session,) = program.sessions
    parts = tuple(
        msgspec.structs.replace(s, people=tuple(p for p in s.people if p != ERIC)) for s in session.segments
    )
    changed = Program(sessions=(msgspec.structs.replace(session, segments=parts),))
    clock.set(MOVED)
    publish_now(office, changed)
    (mail,) = await sent(MOVED + DEBOUNCE)
    assert mail["Subject"].startswith("No longer yours: Fri 8 Oct, 06:21 (Santiago time)")
    for number in range(1, 4):
        publish_now(office, changed)
        assert await sent(MOVED + number * timedelta(hours=1)) == []
    publish_now(office, program)
    (again,) = await sent(MOVED + timedelta(hours=4))
    assert again["Subject"].startswith("One more part for you: Fri 8 Oct, 06:21 (Santiago time)")


async def test_who_is_on_and_starred_something_besides_is_not_told_that_it_is_no_longer_theirs(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    (session,) = program.sessions
    with transaction(office.engine) as connection:
        eric = connection.scalar(select(contacts.c.id).where(contacts.c.email == "eric.leyton@example.org"))
        part = {"contact_id": eric, "part": f"{session.id}/{session.segments[8].id}"}
        connection.execute(insert(stars).values(part))
    day_before = session.start - timedelta(hours=20)
    await sent(day_before)
    publish_now(office, program)
    assert [mail["Subject"] for mail in await sent(day_before + timedelta(hours=1))] == []


async def test_an_organizer_who_also_speaks_keeps_their_part(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    eric = Contact(name="Eric Leyton Inostroza", email="eric.leyton@example.org", role="organizer")
    take_contacts(office.engine, [eric], POLICY, TOLD)
    day_before = program.sessions[0].start - timedelta(hours=20)
    await sent(day_before)
    publish_now(office, program)
    assert [mail["Subject"] for mail in await sent(day_before + timedelta(hours=1))] == []


async def test_a_moderator_hears_late_of_a_cancellation_while_something_is_to_come(
    office: Office, clock: SteppedClock, program: Program, sent: Sent
) -> None:
    (session,) = program.sessions
    await sent(session.start - timedelta(minutes=30))
    publish_now(office, Program())
    blocked, _ = troubled(office, *[DeliveryError("not now")] * 20)
    while await send_next(blocked):
        pass
    late = await sent(session.start + timedelta(minutes=5))
    (mail,) = [mail for mail in late if "dara" in mail["To"]]
    assert mail["Subject"].startswith("Cancelled: Fri 8 Oct, 16:06 (Phnom Penh time)")
