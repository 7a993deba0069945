"""A forum to which everything happens, so that mails of every kind go out, as bytes in a Maildir."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.stored import parsed
from gsef_notify.mail.templates import Templates
from gsef_notify.program.model import Person, Program, Segment
from gsef_notify.readers import contact_list
from gsef_notify.reminders.people import Contact
from gsef_notify.service.amend import Amendments
from gsef_notify.service.dispatch import Office
from gsef_notify.service.publish import Newest, catch_up, publish, take_contacts
from gsef_notify.service.rehearse import play
from gsef_notify.service.stagehand import Stagehand
from gsef_notify.settings import ForumSettings, Settings, bundled
from gsef_notify.store import answers, links
from gsef_notify.store.answers import Answer, Choice
from gsef_notify.store.database import open_database, transaction
from tests.conftest import ERIC, POLICY, SAMPLE, utc

SESSION = "gsef-2021-alliances"
STARRED = "fab-city-global-initiative-and-sse"
SETTINGS = Settings(
    sender="GSEF reminders <reminders@gsef.example.org>",
    public_url="https://gsef.example.org",
    forum=ForumSettings(url="https://www.gsef.example.org", contact="help@gsef.example.org"),
    quiet_hours="none",
)
KINDS = Templates(bundled("templates") / "mail").kinds
_LATER = timedelta(days=31)  # Toronto's clock goes back between the first mails and the session
_ORGANIZER = Contact(name="김하늘", email="haneul.kim@example.org", role="organizer", timezone="Asia/Seoul")
_LAYLA = Contact(name="ليلى حدّاد", email="layla@example.org", role="speaker", timezone="Asia/Beirut")
_SPOKEN = {
    "Eric Leyton Inostroza": "es",
    "Bernard Luyiga": "fr",
    "Martin Van Den Borre": "en",
    "Young Kim": "ko",
    _LAYLA.name: "ko",
}


@dataclass(frozen=True)
class Posted:
    """A mail that went out: its kind, as the folder of its templates is named, its language, its bytes."""

    kind: str
    language: str
    content: bytes


def posted(folder: Path) -> list[Posted]:
    """All that went out; everybody is there once for each language."""
    busy = _Busy(folder)
    busy.play()
    return [_posted(file.read_bytes()) for file in (folder / "mail" / "new").iterdir()]


def _posted(content: bytes) -> Posted:
    mail = parsed(content)
    return Posted(mail["Feedback-ID"].partition(":")[0], mail["Content-Language"], content)


class _Busy:
    def __init__(self, folder: Path) -> None:
        self._engine = open_database(f"sqlite:///{folder}/busy.db")
        self._clock = SteppedClock(utc("2021-10-31 12:00"))
        self._newest = Newest()
        self._program = _program()
        take_contacts(self._engine, _contacts(), POLICY, self._clock.now())
        self._office = self._opened(folder)

    def play(self) -> None:
        amendments = Amendments(self._engine, POLICY, self._clock)
        self._publish(self._program)
        for language in LANGUAGES:
            self._star(f"awa.ndiaye@{language}.example.org")
        self._until("2021-11-02 10:00")
        self._answer("eric.leyton@example.org", "accepted")
        self._answer("bernard.luyiga@example.org", "declined")
        amendments.cancel(SESSION)
        self._until("2021-11-03 10:00")
        amendments.reinstate(SESSION)
        self._until("2021-11-04 10:00")
        amendments.late(SESSION, 30)
        self._until("2021-11-05 10:00")
        self._publish(_with_others(self._program))
        self._until("2021-11-06 10:00")
        self._publish(_elsewhere(self._program))
        self._until("2021-11-08 09:16")
        amendments.late(SESSION, 10)
        self._until("2021-11-08 12:00")
        self._engine.dispose()

    def _opened(self, folder: Path) -> Office:
        transport = MaildirTransport(folder / "mail")
        return wiring.office(SETTINGS, self._engine, self._clock, transport, self._newest)

    def _publish(self, program: Program) -> None:
        publish(self._engine, program, POLICY, self._clock.now())

    def _until(self, moment: str) -> None:
        with transaction(self._engine) as connection:
            catch_up(connection, self._newest)
        amendments = Amendments(self._engine, POLICY, self._clock)
        stagehand = Stagehand(amendments, wiring.assumptions(SETTINGS))
        asyncio.run(play(self._office, self._clock, utc(moment), lambda: None, stagehand))
        self._clock.set(utc(moment))

    def _star(self, email: str) -> None:
        with transaction(self._engine) as connection:
            links.star(connection, links.contact_of(connection, email) or 0, f"{SESSION}/{STARRED}")

    def _answer(self, email: str, choice: Choice) -> None:
        with transaction(self._engine) as connection:
            answer = Answer(
                contact_id=links.contact_of(connection, email) or 0,
                session=SESSION,
                answer=choice,
                answered_at=self._clock.now(),
                via="link",
            )
            answers.keep(connection, answer)


def _contacts() -> list[Contact]:
    """A speaker for each language, and everybody else once in each."""
    listed = [*contact_list.read(SAMPLE.with_name("people.csv")).accept(), _LAYLA]
    speakers = [
        msgspec.structs.replace(contact, language=_SPOKEN[contact.name])
        for contact in listed
        if contact.name in _SPOKEN
    ]
    others = [contact for contact in (*listed, _ORGANIZER) if contact.name not in _SPOKEN]
    return [*speakers, *(_spoken_to(contact, language) for contact in others for language in LANGUAGES)]


def _spoken_to(contact: Contact, language: str) -> Contact:
    address = contact.email.replace("@", f"@{language}.")
    return msgspec.structs.replace(contact, email=address, language=language)


def _program() -> Program:
    """The sample, a month later, with a name that nobody knows how to say."""
    (session,) = readers.read([SAMPLE]).accept().sessions
    later = msgspec.structs.replace(
        session,
        start=session.start + _LATER,
        end=session.end + _LATER,
        segments=tuple(_moved(segment) for segment in session.segments),
        people=tuple(_introduced(person) for person in session.people),
    )
    return Program(sessions=(later,))


def _moved(segment: Segment) -> Segment:
    return msgspec.structs.replace(segment, start=segment.start + _LATER, end=segment.end + _LATER)


def _introduced(person: Person) -> Person:
    if person.id != ERIC:
        return person
    return msgspec.structs.replace(person, pronunciation="LAY-ton", contact="+56 2 5550 0100 (WhatsApp)")


def _with_others(program: Program) -> Program:
    """Martin has Young's part too, and Young none."""
    (session,) = program.sessions
    martin, young = "martin-van-den-borre", "young-kim"
    segments = tuple(
        msgspec.structs.replace(segment, people=(martin,)) if young in segment.people else segment
        for segment in session.segments
    )
    return Program(sessions=(msgspec.structs.replace(session, segments=segments),))


def _elsewhere(program: Program) -> Program:
    """Layla has come in Young's place, and the link is another."""
    (session,) = program.sessions
    layla = Person(id="layla", name=_LAYLA.name, role="speaker", organization="شبكة التضامن", country="LB")
    segments = tuple(
        msgspec.structs.replace(segment, people=(layla.id,)) if "young-kim" in segment.people else segment
        for segment in session.segments
    )
    people = tuple(layla if person.id == "young-kim" else person for person in session.people)
    link = "https://meet.example.org/gsef-2021-another-room"
    moved = msgspec.structs.replace(session, people=people, segments=segments, join_url=link)
    return Program(sessions=(moved,))
