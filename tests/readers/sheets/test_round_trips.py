"""Any session, written as a sheet in any of the languages, is read as the same session."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gsef_notify import readers, zones
from gsef_notify.program.identity import slug_of_name
from gsef_notify.program.model import Person, Presentation, Role, Segment, Session
from gsef_notify.program.names import bare_name
from tests.readers.sheets.writing import Style, sheet

WORDS = ("seeds", "nets", "boats", "tables", "hands", "ropes", "songs", "bread", "stars", "wells")
ZONES = (
    "Asia/Seoul",
    "Europe/Paris",
    "America/Santiago",
    "America/Toronto",
    "Africa/Kampala",
    "Asia/Kolkata",
)
titles = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(
    lambda words: " ".join(words).capitalize()
)
names = st.from_regex(r"[A-Z][a-zéñü]{2,8} [A-Z][a-z]{3,9}", fullmatch=True).filter(
    lambda name: bare_name(name) == name
)
styles = st.builds(
    Style,
    st.sampled_from(("en", "es", "fr", "ko")),
    st.sampled_from(("|", "\t")),
    st.sampled_from(("-", " - ", "–", " — ", "\u00a0–\u00a0", "~", "－")),
    st.sampled_from(("%H:%M", "%H.%M", "%Hh%M", "%I:%M %p", "%H：%M")),
)


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    apart = (slug_of_name, lambda name: name.split()[0], lambda name: name.split()[1])
    found = draw(st.lists(names, min_size=1, max_size=5, unique_by=apart))
    moderator, *speakers = found
    return (_person(moderator, "moderator", draw), *(_person(name, "speaker", draw) for name in speakers))


def _person(name: str, role: Role, draw: st.DrawFn) -> Person:
    is_speaker = role == "speaker"
    return Person(
        id=slug_of_name(name),
        name=name,
        role=role,
        organization=draw(titles),
        position=draw(st.sampled_from(("Director", "Fisher", "Chief Executive"))),
        country=draw(st.sampled_from(("KR", "FR", "UG", "IN"))) if is_speaker else None,
        presentation=Presentation(title=draw(titles)) if is_speaker else None,
    )


@st.composite
def sessions(draw: st.DrawFn, zone: str) -> Session:
    who = draw(people())
    wall = datetime.combine(draw(st.dates(date(2021, 1, 1), date(2030, 12, 28))), datetime.min.time())
    wall += timedelta(minutes=5 * draw(st.integers(0, 287)))
    start = zones.local(zones.instant(wall, zone), zone)
    moment, segments = start, []
    for number in range(draw(st.integers(1, 8))):
        end = moment + timedelta(minutes=draw(st.integers(1, 60)))
        theirs = draw(st.sampled_from([(), *((person.id,) for person in who if person.role == "speaker")]))
        title = draw(titles)
        segments.append(Segment(id=f"{number}", title=title, start=moment, end=end, people=theirs))
        moment = end
    return Session(
        id="session",
        title=draw(titles),
        start=start,
        end=moment,
        timezone=zone,
        language=draw(st.sampled_from(("en", "es", "fr", "ko"))),
        audience=draw(st.just("") | titles),
        background=draw(titles),
        objectives=tuple(draw(st.lists(titles, min_size=1, max_size=3))),
        join_url=draw(st.sampled_from((None, "https://meet.example.org/a?b=c&d=e"))),
        people=who,
        segments=tuple(segments),
    )


def facts(session: Session) -> object:
    people = sorted(
        (p.name, p.role, p.organization, p.position, p.country, p.presentation) for p in session.people
    )
    segments = [(s.start, s.end, s.title, s.people) for s in session.segments]
    texts = (session.title, session.language, session.audience, session.background, session.objectives)
    return session.start, session.end, session.timezone, session.join_url, texts, people, segments


@settings(deadline=None, max_examples=150)
@given(st.data(), st.sampled_from(ZONES), st.lists(st.sampled_from(ZONES), max_size=2, unique=True), styles)
def test_any_session_comes_back_from_its_sheet(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, zone: str, others: list[str], style: Style
) -> None:
    try:
        session = data.draw(sessions(zone))
    except zones.DoubtfulTime:
        assume(False)
    ends = [moment for segment in session.segments for moment in (segment.start, segment.end)]
    moments = [session.start, session.end, *ends]
    further = tuple(other for other in others if other != zone)
    assume(all(zones.says_all(moment, other) for moment in moments for other in (zone, *further)))
    presented = {person.presentation.title for person in session.people if person.presentation}
    assume(all(segment.people or segment.title not in presented for segment in session.segments))
    file: Path = tmp_path_factory.mktemp("trip") / "session.md"
    file.write_text(sheet(session, further, style))
    (again,) = readers.read([file]).accept().sessions
    assert facts(again) == facts(session)
