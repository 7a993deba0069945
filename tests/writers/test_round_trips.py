"""What is written in any format is read as the same program, but for what the format can not hold."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gsef_notify import cli, readers
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.frab import schedule_json, schedule_xml
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import first_publication
from gsef_notify.program.identity import slug_of_name
from gsef_notify.program.model import Person, Presentation, Program, Role, Segment, Session
from gsef_notify.program.names import bare_name
from gsef_notify.writers.holding import held, losses
from gsef_notify.writers.table import program_as_csv
from gsef_notify.writers.yaml_program import program_as_yaml
from tests.conftest import ROOT, SAMPLE, shared, utc

SITE = Site("A forum", "https://forum.example.org", "forum.example.org")
SHEETS = [SAMPLE, *sorted((ROOT / "tests" / "golden").glob("sheet*"))]
TARGETS = ("yaml", "ics", "xml", "json", "csv")
BROKEN = re.compile(r"\\[nN]")  # icalendar takes these two characters of a text for the end of a line
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co"), exclude_characters="\ufeff")


def lines(longest: int = 40) -> st.SearchStrategy[str]:
    texts = st.text(LETTERS, min_size=1, max_size=longest).map(lambda text: " ".join(text.split()))
    return texts.filter(lambda text: bool(text) and not text.startswith("'") and not BROKEN.search(text))


names = st.from_regex(r"[A-Z][a-zé]{2,8} [A-Z][a-z]{2,8}(, [A-Z][a-z]{2,6})?", fullmatch=True).filter(
    lambda name: bare_name(name) == name
)
texts = st.just("") | lines() | st.tuples(lines(), lines()).map("\n\n".join)


def person(number: int, name: str, role: Role, organization: str, country: str | None) -> Person:
    about = Presentation(title=f"About {number}") if number % 2 else None
    zone = "Asia/Seoul" if country == "KR" else None
    return Person(
        id=slug_of_name(name),
        name=name,
        role=role,
        organization=organization,
        country=country,
        timezone=zone,
        presentation=about,
    )


@st.composite
def sessions(draw: st.DrawFn, number: int) -> Session:
    who = draw(
        st.lists(names, max_size=4, unique_by=lambda name: name.replace(",", "").lower().replace("é", "e"))
    )
    roles: list[Role] = [draw(st.sampled_from(("moderator", "speaker"))) for _ in who]
    people = sorted(
        (
            person(n, name, role, draw(st.just("") | names), draw(st.sampled_from((None, "KR", "CL"))))
            for n, (name, role) in enumerate(zip(who, roles, strict=True))
        ),
        key=lambda each: each.role,
    )
    begin = utc("2021-10-31 00:00") + timedelta(minutes=draw(st.integers(0, 60 * 24 * 30)))
    moment, segments = begin, []
    for count in range(draw(st.integers(0, 4))):
        end = moment + timedelta(minutes=draw(st.integers(1, 90)))
        theirs = tuple(each.id for each in people if draw(st.booleans()))
        segments.append(
            Segment(id=f"part-{count}", title=draw(lines()), start=moment, end=end, people=theirs)
        )
        moment = end
    return Session(
        id=f"session-{number}",
        title=draw(lines()),
        start=begin,
        end=moment + timedelta(minutes=draw(st.integers(0, 5)) or (not segments)),
        timezone=draw(st.sampled_from(("Asia/Seoul", "Europe/Paris", "America/Santiago", "UTC"))),
        language=draw(st.sampled_from(("en", "es", "fr", "ko", "pt-br"))),
        room=draw(st.just("") | lines()),
        track=draw(st.just("") | lines()),
        background=draw(texts),
        audience=draw(st.just("") | lines()),
        join_url=draw(st.sampled_from((None, "https://meet.example.org/a?b=c&d"))),
        people=tuple(people),
        segments=tuple(segments),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    found = [draw(sessions(number)) for number in range(draw(st.integers(1, 3)))]
    return Program(sessions=tuple(sorted(found, key=lambda session: (session.start, session.id))))


def written(program: Program, target: str) -> bytes:
    publication = first_publication(program, utc("2021-09-01 12:00"))
    match target:
        case "yaml":
            return program_as_yaml(program).encode()
        case "csv":
            return program_as_csv(program).encode()
        case "ics":
            return feed(SITE, publication, Selection())
        case "xml":
            return schedule_xml(SITE, publication)
        case _:
            return schedule_json(SITE, publication)


def again(program: Program, target: str, folder: Path) -> Program:
    file = folder / f"program.{target}"
    file.write_bytes(written(program, target))
    return sorted_people(readers.read([file]).accept())


def sorted_people(program: Program) -> Program:
    """The order in which people are named carries no meaning."""
    return Program(
        sessions=tuple(
            replace(
                session,
                people=tuple(sorted(session.people, key=lambda person: person.id)),
                segments=tuple(replace(s, people=tuple(sorted(s.people))) for s in session.segments),
            )
            for session in program.sessions
        )
    )


@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None, max_examples=30)
@given(program=programs())
def test_a_program_comes_back_without_what_the_format_can_not_hold(
    tmp_path_factory: pytest.TempPathFactory, target: str, program: Program
) -> None:
    expected = sorted_people(held(program, target))
    if expected.sessions:
        assert again(program, target, tmp_path_factory.mktemp("trip")) == expected


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "file", [SAMPLE, *sorted((ROOT / "tests/golden").glob("sheet*"))], ids=lambda f: f.name
)
def test_sheets_come_back_from_every_format(file: Path, target: str, tmp_path: Path) -> None:
    program = readers.read([file]).accept()
    assert again(program, target, tmp_path) == sorted_people(held(program, target))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["39c3-himmel", "31c3", "jev22-everything", "38c3.trimmed"])
def test_real_conferences_come_back_from_every_format(name: str, target: str, tmp_path: Path) -> None:
    program = readers.read([shared(f"data/schedule-xml/{name}.schedule.xml")]).accept()
    assert again(program, target, tmp_path) == sorted_people(held(program, target))


def test_what_is_lost_is_said(program: Program) -> None:
    assert losses(program, "yaml") == ()
    assert "the organization of 4 people" in losses(program, "xml")
    assert "the organization of 4 people" not in losses(program, "csv")
    assert "everything, as no segment is theirs, of 1 person" in losses(program, "ics")
    alone = Program(sessions=(replace(program.sessions[0], segments=()),))
    assert losses(alone, "csv") == ("everything of 1 session without a running order",)


def test_convert_says_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["convert", str(SAMPLE), "--to", "csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("session,session_title,id,title,date")
    assert captured.err.startswith("not in the csv: the audience of 1 session; the country of 4 people;")
