"""The workshop of the Global Social Economy Forum 2021, as a publication, and a house that shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import create_engine

from gsef_notify import zones
from gsef_notify.clock import SystemClock
from gsef_notify.feeds.events import Site
from gsef_notify.program.amendments import AmendmentRefused
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Person, Presentation, Program, Role, Segment, Session
from gsef_notify.service.links import PersonalLinks
from gsef_notify.service.replies import Replies
from gsef_notify.service.tokens import Tokens
from gsef_notify.web.sources import Health, House, Stage, StagedMail

SITE = Site("GSEF 2021", "https://gsef.example.org", "gsef.example.org")
DAY_BEFORE = datetime(2021, 10, 7, 12, tzinfo=UTC)
ACCEPTED_AT = datetime(2021, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)
SESSION_ID = "gsef-2021-alliances"
TITLE = (
    "Initiatives and alliances between local governments and SSE actors to build a new economy, "
    "from neighbourhoods to continents"
)


def seoul(clock: str) -> datetime:
    """The instant at which clocks in Seoul showed that time on the day of the workshop."""
    return zones.instant(datetime.fromisoformat(f"2021-10-08T{clock}"), "Asia/Seoul")


def _segment(number: int, times: str, title: str, *people: str) -> Segment:
    start, end = times.split("-")
    return Segment(id=f"s{number}", title=title, start=seoul(start), end=seoul(end), people=people)


def _person(person_id: str, name: str, role: Role, country: str, timezone: str, **more: str) -> Person:
    return Person(
        id=person_id,
        name=name,
        role=role,
        country=country,
        timezone=timezone,
        email=f"{person_id}@people.example.org",
        organization=more["organization"],
        position=more["position"],
        presentation=Presentation(title=more["talk"]) if "talk" in more else None,
    )


PEOPLE = (
    _person(
        "dara-huot", "Dara Huot", "moderator", "KH", "Asia/Phnom_Penh",
        organization="Phare Performing Social Enterprise Co., Ltd", position="Chief Executive",
    ),
    _person(
        "young-kim", "Young Kim", "speaker", "KR", "Asia/Seoul",
        organization="SSEGOV", position="Executive Director",
        talk="Network of local governments promoting SSE",
    ),
    _person(
        "eric-leyton-inostroza", "Eric Leyton Inostroza", "speaker", "CL", "America/Santiago",
        organization="ENSIE & CIESCOOP", position="Project Manager",
        talk="Work Integration Social Enterprises & International Cooperation",
    ),
    _person(
        "bernard-luyiga", "Bernard Luyiga", "speaker", "UG", "Africa/Kampala",
        organization="SENECA", position="Co-founder & Administrative Officer",
        talk="Laying the Foundation for SSE Agenda in East and Central Africa",
    ),
    _person(
        "martin-van-den-borre", "Martin Van Den Borre", "speaker", "CA", "America/Toronto",
        organization="Fab City", position="Fabcity Facilitator",
        talk="Fab City global initiative and SSE",
    ),
)  # fmt: skip

SEGMENTS = (
    _segment(1, "18:00-18:01", "Internet connection check"),
    _segment(2, "18:01-18:06", "Introduction of the moderator", "dara-huot"),
    _segment(3, "18:06-18:11", "Introduction of the session"),
    _segment(4, "18:11-18:21", "Network of local governments promoting SSE", "young-kim"),
    _segment(5, "18:21-18:31", "Work Integration Social Enterprises", "eric-leyton-inostroza"),
    _segment(6, "18:31-18:41", "Laying the Foundation for SSE Agenda", "bernard-luyiga"),
    _segment(7, "18:41-18:51", "Fab City global initiative and SSE", "martin-van-den-borre"),
    _segment(8, "18:51-19:15", "Questions and discussions guided by the moderator", "dara-huot"),
    _segment(9, "19:15-19:25", "Q&A: from participants via chat"),
    _segment(10, "19:25-19:30", "Closing remarks by the speakers and the moderator"),
)

SESSION = Session(
    id=SESSION_ID,
    title=TITLE,
    start=seoul("18:00"),
    end=seoul("19:30"),
    timezone="Asia/Seoul",
    audience="People who decide in towns and cities, and members of cooperatives",
    background="Nobody builds a social economy alone.\n\nThis workshop looks at four alliances.",
    objectives=("See what alliances have achieved.", "Leave with one partner to talk to."),
    main_question="What can one town and one cooperative start together next month?",
    guiding_questions=("What does a network give back?", "Who is missing at the table?"),
    join_url="https://meet.example.org/gsef-2021-alliances",
    people=PEOPLE,
    segments=SEGMENTS,
)
NOBODYS = PersonalLinks(create_engine("sqlite://"), SystemClock())  # which nobody asks
UNASKED = Replies(create_engine("sqlite://"), SystemClock(), Tokens(b""))  # nor these
PUBLICATION = first_publication(Program(sessions=(SESSION,)), ACCEPTED_AT)


@dataclass
class Shown:
    """A publication source that a test can change."""

    publication: Publication | None = PUBLICATION

    def latest(self) -> Publication | None:
        return self.publication


@dataclass
class Played:
    """A rehearsal that stands still at Eric's segment, to which a test can add mails."""

    speed: float = 60.0
    at: datetime = field(default_factory=lambda: seoul("18:25"))
    sent: list[StagedMail] = field(default_factory=list)
    messages: dict[str, bytes] = field(default_factory=dict)
    lates: list[tuple[str, int]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def mails(self) -> Sequence[StagedMail]:
        return tuple(self.sent)

    def message(self, key: str) -> bytes | None:
        return self.messages.get(key)

    def late(self, session: str, minutes: int) -> None:
        if session != SESSION_ID:
            raise AmendmentRefused(f"there is no session {session!r} - write one like {SESSION_ID}")
        self.lates.append((session, minutes))


def healthy() -> Health:
    return Health(True, 1)


def house(
    source: Shown | None = None,
    stage: Stage | None = None,
    now: datetime = DAY_BEFORE,
    clock: Callable[[], datetime] | None = None,
    links: PersonalLinks = NOBODYS,
    replies: Replies = UNASKED,
) -> House:
    """A house that shows the workshop, as of the day before it."""
    return House(SITE, source or Shown(), healthy, clock or (lambda: now), links, replies, stage)


def mail_to_eric(key: str = "7") -> StagedMail:
    """The mail that tells Eric, at 05:51 of his clock, that he is on in half an hour."""
    return StagedMail(
        key=key,
        at=seoul("17:51"),
        recipient="Eric Leyton Inostroza",
        role="speaker",
        timezone="America/Santiago",
        subject="You are on in 30 minutes, at 06:21",
        rule="speaker-segment",
    )
