"""Who is asked whether they come, how they answer, and what is made of it."""

import mailbox
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from gsef_notify.clock import SteppedClock
from gsef_notify.mail.stored import body, parsed
from gsef_notify.reminders.people import Contact
from gsef_notify.service.calendar_replies import Inbox
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.inbound import take
from gsef_notify.service.publish import take_contacts
from gsef_notify.service.replies import Replies
from gsef_notify.store import suppressions, unsubscribed
from gsef_notify.store.database import transaction
from gsef_notify.store.suppressions import Suppression
from gsef_notify.store.tables import contacts, deliveries
from tests.conftest import POLICY, utc

WEEK_BEFORE = utc("2021-10-01 09:00")
DAY_BEFORE = utc("2021-10-07 09:00")
ANSWER = """BEGIN:VCALENDAR
PRODID:-//Somebody's calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTAMP:20211002T120000Z
ORGANIZER:mailto:reminders@example.org
ATTENDEE;PARTSTAT={partstat}:mailto:eric.leyton@example.org
END:VEVENT
END:VCALENDAR
"""


async def send_until(office: Office, clock: SteppedClock, moment: object) -> None:
    clock.set(moment)  # type: ignore[arg-type]
    while await send_next(office):
        pass


def mails(folder: Path) -> list[EmailMessage]:
    box = mailbox.Maildir(folder / "mail")
    return sorted((parsed(box.get_bytes(key)) for key in box.iterkeys()), key=lambda m: m["Date"].datetime)


def to(folder: Path, name: str) -> EmailMessage:
    return next(mail for mail in reversed(mails(folder)) if name in mail["To"])


def calendars(mail: EmailMessage) -> Iterator[EmailMessage]:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            assert isinstance(part, EmailMessage)
            yield part


def reply(mail: EmailMessage, partstat: str) -> bytes:
    """What Eric's calendar program answers to the invitation in a mail."""
    (invitation,) = calendars(mail)
    text = invitation.get_content().replace("\r\n ", "")
    uid, sequence = (re.search(rf"{name}:(.+)\r\n", text) for name in ("\nUID", "SEQUENCE"))
    assert uid
    assert sequence
    said = ANSWER.format(uid=uid[1], sequence=sequence[1], partstat=partstat).replace("\n", "\r\n")
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = mail["To"], mail["From"], "Accepted"
    answer.set_content("Yes")
    answer.add_alternative(said, subtype="calendar", params={"method": "REPLY"})
    return answer.as_bytes()


async def test_a_speaker_is_invited_to_their_own_slot(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    await send_until(office, clock, WEEK_BEFORE)
    mail = to(tmp_path, "eric")
    (invitation,) = calendars(mail)
    assert invitation["Content-Type"].params["method"] == "REQUEST"
    text = invitation.get_content().replace("\r\n ", "")
    assert text.count("\r\nATTENDEE;") == 1
    assert "RSVP=TRUE" in text
    assert ":mailto:eric.leyton@example.org\r\n" in text
    assert re.search(
        r'\r\nORGANIZER;CN="?Global Social Economy Forum"?:mailto:reminders@example.org\r\n', text
    )
    assert "\r\nDTSTART;TZID=America/Santiago:20211008T062100\r\n" in text
    assert [part.get_content_type() for part in mail.walk()][-1] == "text/calendar"


async def test_what_a_calendar_program_answers_is_known_in_the_next_mail(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    await send_until(office, clock, WEEK_BEFORE)
    assert "PLEASE CONFIRM" in body(to(tmp_path, "eric"), "plain")
    answer = reply(to(tmp_path, "eric"), "ACCEPTED")
    outcome = take(Inbox(office.engine, office.letterhead.site), answer, utc("2021-10-02 13:00"))
    assert outcome.handled
    await send_until(office, clock, DAY_BEFORE)
    mail = to(tmp_path, "eric")
    assert "You have said that you will be there." in " ".join(body(mail, "plain").split())
    (invitation,) = calendars(mail)
    assert "PARTSTAT=ACCEPTED" in invitation.get_content()
    moderator = body(to(tmp_path, "dara"), "plain")
    silent = moderator.partition("THEY HAVE NOT CONFIRMED YET")[2].partition("\n\n")[0]
    assert [line.strip() for line in silent.split("\n") if line.strip()] == [
        "Young Kim",
        "Bernard Luyiga",
        "Martin Van Den Borre",
    ]


async def test_the_link_in_the_mail_opens_the_page_of_its_reader(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    await send_until(office, clock, WEEK_BEFORE)
    found = re.search(r"/rsvp/(\S+)", body(to(tmp_path, "eric"), "plain"))
    assert found
    replies = Replies(office.engine, clock, office.letterhead.tokens)
    asked = replies.asked(found[1])
    assert asked is not None
    assert (asked.owner.name, asked.session, asked.answer) == (
        "Eric Leyton Inostroza",
        "gsef-2021-alliances",
        None,
    )
    replies.keep(asked, "declined", "I am in the air")
    await send_until(office, clock, DAY_BEFORE)
    assert "You have said that you can not be there." in " ".join(body(to(tmp_path, "eric"), "plain").split())
    assert "WHO CAN NOT COME\n  Eric Leyton Inostroza" in body(to(tmp_path, "dara"), "plain")


@pytest.fixture
def organized(office: Office, clock: SteppedClock) -> Office:
    """The office with an organizer in Montréal."""
    organizer = Contact(
        name="Marie Tremblay", email="marie@example.org", role="organizer", timezone="America/Toronto"
    )
    take_contacts(office.engine, [organizer], POLICY, clock.now())
    return office


async def test_silence_a_day_before_goes_to_the_organizers(
    organized: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    await send_until(organized, clock, DAY_BEFORE - timedelta(minutes=1))
    before = len(mails(tmp_path))
    await send_until(organized, clock, DAY_BEFORE)
    subjects = [m["Subject"] for m in mails(tmp_path)[before:] if "marie" in m["To"]]
    assert len(subjects) == 1
    assert subjects[0].startswith("5 people have not confirmed: Fri 8 Oct, 05:00 (Toronto time) - ")


async def test_where_everybody_has_answered_nobody_is_alarmed(
    organized: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    await send_until(organized, clock, WEEK_BEFORE)
    with transaction(organized.engine) as connection:
        people = connection.execute(select(contacts.c.id, contacts.c.email)).all()
    replies = Replies(organized.engine, clock, organized.letterhead.tokens)
    for person in people:
        asked = replies.asked(organized.letterhead.tokens.issue("rsvp", person.id, "gsef-2021-alliances"))
        assert asked is not None
        replies.keep(asked, "accepted", "")
    await send_until(organized, clock, DAY_BEFORE)
    assert not [m for m in mails(tmp_path) if "not confirmed" in m["Subject"]]
    with transaction(organized.engine) as connection:
        reasons = connection.scalars(select(deliveries.c.reason)).all()
    assert "everybody has answered" in reasons


async def test_organizers_hear_every_morning_what_goes_out_and_what_failed(
    organized: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    with transaction(organized.engine) as connection:
        gone = Suppression(
            email="eric.leyton@example.org", reason="no such user", since=WEEK_BEFORE, status="5.1.1"
        )
        suppressions.suppress(connection, gone)
    await send_until(organized, clock, WEEK_BEFORE)
    await send_until(organized, clock, utc("2021-10-01 12:00"))
    mail = to(tmp_path, "marie")
    assert mail["Subject"] == "Today 4 reminders go out, 1 mail failed - Global Social Economy Forum"
    text = body(mail, "plain")
    outgoing = text[text.index("WHAT GOES OUT TODAY") : text.index("WHAT FAILED")]
    assert outgoing.index("Initiatives and alliances") < outgoing.index("05:00  4 mails, speaker-7-days\n")
    assert "Eric Leyton Inostroza, speaker-7-days - nothing is sent to this address" in " ".join(text.split())
    assert "Fri 8 Oct, 05:00" in text


async def test_to_an_address_that_came_back_nothing_is_sent(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    with transaction(office.engine) as connection:
        gone = Suppression(
            email="eric.leyton@example.org", reason="no such user", since=WEEK_BEFORE, status="5.1.1"
        )
        suppressions.suppress(connection, gone)
    await send_until(office, clock, WEEK_BEFORE)
    assert len(mails(tmp_path)) == 3
    with transaction(office.engine) as connection:
        rows = connection.execute(select(deliveries).where(deliveries.c.state == "suppressed")).all()
    assert [row.reason for row in rows] == ["nothing is sent to this address any more: no such user"]


async def test_who_unsubscribed_gets_no_reminders_and_who_speaks_gets_them_all(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    with transaction(office.engine) as connection:
        for contact_id in connection.scalars(select(contacts.c.id)).all():
            unsubscribed.unsubscribe(connection, contact_id, "gsef-2021-alliances", WEEK_BEFORE)
    await send_until(office, clock, DAY_BEFORE)
    readers = {str(mail["To"]).partition("<")[2].partition("@")[0] for mail in mails(tmp_path)}
    assert readers == {"young.kim", "eric.leyton", "bernard.luyiga", "martin.vandenborre", "dara.huot"}


async def test_participants_can_end_their_mails_with_one_click(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    site = replace(office.letterhead.site, public_url="https://gsef.example.org")
    at_home = replace(office, letterhead=replace(office.letterhead, site=site))
    await send_until(at_home, clock, DAY_BEFORE)
    awa, eric = to(tmp_path, "awa"), to(tmp_path, "eric")
    assert awa["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert awa["List-Unsubscribe"].startswith("<https://gsef.example.org/unsubscribe/")
    assert awa["Feedback-ID"] == "participant-session:global-social-economy-forum:gsef-notify:example-org"
    assert eric["List-Unsubscribe"] is None
