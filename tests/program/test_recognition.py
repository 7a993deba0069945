"""Which part of a new program is which of the one before: events keep their UIDs through edits."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from icalendar import Calendar

from gsef_notify import readers
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import KEPT, Publication, first_publication, next_publication
from gsef_notify.program.identity import distinct, slug
from gsef_notify.program.model import Person, Program, Segment, Session
from gsef_notify.program.recognition import recognised
from gsef_notify.readers import Reading
from tests.conftest import utc
from tests.nets import head

FIRST, SECOND, THIRD = (utc(f"2021-09-0{day} 12:00") for day in (1, 2, 3))
SITE = Site("A forum", "https://forum.example.org", "forum.example.org")
ORDER = """18:00-18:10 Welcome
18:10-18:20 1st speaker: Nets that last
18:20-18:30 2nd speaker: Soup
18:30-18:35 Break
18:35-18:50 Questions
18:50-18:55 Break
18:55-19:00 Thanks
"""
IDS = ["welcome", "nets-that-last", "soup", "break", "questions", "break-2", "thanks"]


def read(folder: Path, *pairs: tuple[str, str], name: str = "nets.md") -> Reading:
    text = head("19:00") + ORDER
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / name
    file.write_text(text)
    reading = readers.read([file])
    file.unlink()
    assert not reading.errors
    return reading


def after(previous: Publication, reading: Reading, now: datetime) -> Publication:
    return next_publication(previous, recognised(previous, reading.program, reading.settled), now)


def ids(publication: Publication) -> list[str]:
    return [segment.id for session in publication.program.sessions for segment in session.segments]


@pytest.fixture
def before(tmp_path: Path) -> Publication:
    publication = first_publication(read(tmp_path).program, FIRST)
    assert ids(publication) == IDS
    return publication


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([("18:00-18:10 Welcome", "18:00-18:10 Good evening")], id="retitled, nobody's"),
        pytest.param([("Soup |", "Broth |"), ("speaker: Soup", "speaker: Broth")], id="a talk retitled"),
        pytest.param([("18:20-18:30", "18:20-18:28"), ("18:30-18:35", "18:28-18:35")], id="moved"),
        pytest.param([("Bo Lind", "Fay Osei")], id="another speaker"),
        pytest.param(
            [("18:10-18:20 1st speaker: Nets that last\n", ""), ("18:20-18:30", "18:10-18:20"),
             ("Soup\n", "Soup\n18:20-18:30 1st speaker: Nets\n")],
            id="retitled, and moved behind another",
        ),
        pytest.param([("Session title: Nets", "Session title: Knots")], id="the session retitled"),
        pytest.param([("October 8th", "October 9th")], id="the session on another day"),
    ],
)  # fmt: skip
def test_what_changes_in_one_way_keeps_its_id(
    tmp_path: Path, before: Publication, edits: list[tuple[str, str]]
) -> None:
    changed = after(before, read(tmp_path, *edits), SECOND)
    assert sorted(ids(changed)) == sorted(IDS)
    assert not changed.removed
    assert changed.program.sessions[0].id == "nets"


def test_a_file_under_another_name_holds_the_same_session(tmp_path: Path, before: Publication) -> None:
    renamed = after(before, read(tmp_path, name="final-version.txt"), SECOND)
    assert renamed.program == before.program


def test_what_changes_in_every_way_is_something_else(tmp_path: Path, before: Publication) -> None:
    changed = after(
        before, read(tmp_path, ("18:55-19:00 Thanks", "18:55-18:58 Farewell\n18:58-19:00 Music")), SECOND
    )
    assert ids(changed) == [*IDS[:-1], "farewell", "music"]
    assert set(changed.removed) == {"nets/thanks"}


def test_of_two_breaks_the_one_at_its_time_stays(tmp_path: Path, before: Publication) -> None:
    changed = after(before, read(tmp_path, ("18:30-18:35 Break\n", "")), SECOND)
    assert ids(changed) == [each for each in IDS if each != "break"]


def test_what_comes_back_has_its_id_again_and_a_higher_sequence(tmp_path: Path, before: Publication) -> None:
    without = after(before, read(tmp_path, ("18:55-19:00 Thanks\n", "")), SECOND)
    back = after(without, read(tmp_path), THIRD)
    assert ids(back) == IDS
    assert not back.removed
    assert [p.lineages["nets/thanks"].sequence for p in (before, without, back)] == [0, 1, 2]


def test_an_id_is_never_given_to_anything_else(tmp_path: Path, before: Publication) -> None:
    retitled = after(before, read(tmp_path, ("18:00-18:10 Welcome", "18:00-18:10 Good evening")), SECOND)
    another = ("18:55-19:00 Thanks", "18:55-18:58 Thanks\n18:58-19:00 Welcome")
    both = read(tmp_path, ("18:00-18:10 Welcome", "18:00-18:10 Good evening"), another)
    assert ids(after(retitled, both, THIRD)) == [*IDS, "welcome-2"]
    without = after(retitled, read(tmp_path, ("18:00-18:10 Welcome\n", "")), THIRD)
    again = after(without, read(tmp_path, ("18:00-18:10 Welcome\n", ""), another), THIRD)
    assert ids(again) == [*IDS[1:], "welcome-2"]


def test_ids_that_a_file_gives_are_believed(tmp_path: Path, before: Publication) -> None:
    file = tmp_path / "nets.yaml"
    file.write_text(
        "sessions:\n  - id: nets\n    title: Knots\n    date: 2021-10-20\n    time: '20:00-21:00'\n"
        "    timezone: Asia/Seoul\n    segments:\n"
        "      - {id: soup, time: '20:00-20:30', title: Music}\n"
        "      - {time: '20:30-21:00', title: Welcome}\n"
    )
    changed = after(before, readers.read([file]), SECOND)
    assert ids(changed) == ["soup", "welcome"]
    assert changed.lineages["nets/soup"].sequence == 1


def test_a_cancelled_part_stays_in_the_feed_until_some_time_after_its_session(
    tmp_path: Path, before: Publication
) -> None:
    reading = read(tmp_path, ("18:55-19:00 Thanks\n", ""))
    without = after(before, reading, SECOND)
    (cancelled,) = (event for event in events(without) if event["STATUS"] == "CANCELLED")
    assert cancelled["UID"] == "nets.thanks@forum.example.org"
    assert (cancelled["SEQUENCE"], cancelled["TRANSP"]) == (1, "TRANSPARENT")
    over = without.program.sessions[0].end + KEPT
    assert after(without, reading, over - timedelta(seconds=1)).removed
    assert not after(without, reading, over).removed


def test_a_session_taken_out_is_cancelled_with_all_its_parts(before: Publication) -> None:
    without = next_publication(before, Program(), SECOND)
    assert {event["STATUS"] for event in events(without)} == {"CANCELLED"}
    assert len(events(without)) == len(IDS)
    (whole,) = events(without, Selection(session="nets", detail="sessions"))
    assert whole["STATUS"] == "CANCELLED"
    assert len(events(without, Selection(person="bo-lind"))) == 1


def events(publication: Publication, selection: Selection = Selection()) -> list[dict[str, object]]:  # noqa: B008
    calendar = Calendar.from_ical(feed(SITE, publication, selection))
    return [
        {name: int(str(event[name])) if name == "SEQUENCE" else str(event[name]) for name in event}
        for event in calendar.walk("VEVENT")
    ]


class Edits(RuleBasedStateMachine):
    """A program of one session that somebody edits, and calendars that fetch it now and then."""

    parts: Bundle[int] = Bundle("parts")

    @initialize()
    def publish_first(self) -> None:
        self.titles: dict[int, str] = {}
        self.old_titles: list[str] = []
        self.people: dict[int, str] = {}
        self.order: list[int] = []
        self.uids: dict[int, str] = {}
        self.highest: dict[str, int] = {}
        self.count = 0
        self.merged: dict[str, dict[str, object]] = {}
        self.publication = first_publication(self._program(), FIRST)

    @rule(target=parts, is_a_speakers=st.booleans())
    def add(self, is_a_speakers: bool) -> int:
        number = self._title_anew(len(self.titles))
        self.people[number] = f"Person {self.count}" if is_a_speakers else ""
        self.order.append(number)
        self._publish()
        return number

    @rule(target=parts)
    def add_with_a_title_that_another_had(self) -> int:
        number = self._title_anew(len(self.titles))
        if self.old_titles:
            self.titles[number] = self.old_titles.pop()
        self.people[number] = ""
        self.order.append(number)
        self._publish()
        return number

    @rule(number=parts)
    def retitle(self, number: int) -> None:
        if number in self.order:
            self.old_titles.append(self.titles[number])
            self._title_anew(number)
            self._publish()

    @rule(number=parts)
    def give_to_another(self, number: int) -> None:
        if number in self.order and self.people[number]:
            self.count += 1
            self.people[number] = f"Person {self.count}"
            self._publish()

    @rule(number=parts)
    def move_to_the_end(self, number: int) -> None:
        if number in self.order:
            self.order.remove(number)
            self.order.append(number)
            self._publish()

    @rule(number=parts)
    def take_out(self, number: int) -> None:
        if number in self.order:
            self.order.remove(number)
            self._publish()

    @rule(number=parts)
    def take_in_again(self, number: int) -> None:
        if number not in self.order:
            self.order.append(number)
            self._publish()

    @rule()
    def fetch(self) -> None:
        for event in events(self.publication):
            self.merged[str(event["UID"])] = event

    @invariant()
    def every_part_has_its_uid_for_ever(self) -> None:
        (session,) = self.publication.program.sessions
        for number, segment in zip(self.order, session.segments, strict=True):
            assert self.uids.setdefault(number, segment.id) == segment.id
        assert len(set(self.uids.values())) == len(self.uids)

    @invariant()
    def sequences_never_fall(self) -> None:
        for key, lineage in self.publication.lineages.items():
            assert lineage.sequence >= self.highest.get(key, 0)
            self.highest[key] = lineage.sequence

    def teardown(self) -> None:
        if not hasattr(self, "publication"):
            return
        self.fetch()
        now = {uid: event for uid, event in self.merged.items() if event["STATUS"] == "CONFIRMED"}
        (session,) = self.publication.program.sessions
        assert {uid.split("@")[0] for uid in now} == {f"nets.{segment.id}" for segment in session.segments}
        assert now == {str(e["UID"]): e for e in events(self.publication) if e["STATUS"] == "CONFIRMED"}

    def _title_anew(self, number: int) -> int:
        self.count += 1
        self.titles[number] = f"Title {self.count}"
        return number

    def _publish(self) -> None:
        now = self.publication.accepted_at + timedelta(minutes=1)
        program = recognised(self.publication, self._program(), ())
        self.publication = next_publication(self.publication, program, now)

    def _program(self) -> Program:
        """The program as a sheet would give it: ids made of titles."""
        begin = utc("2021-10-08 09:00")
        segments: list[Segment] = []
        for place, number in enumerate(self.order):
            name = self.people[number]
            segments.append(
                Segment(
                    id=distinct(slug(self.titles[number], "segment"), (s.id for s in segments)),
                    title=self.titles[number],
                    start=begin + timedelta(minutes=place),
                    end=begin + timedelta(minutes=place + 1),
                    people=(slug(name, "person"),) if name else (),
                )
            )
        people = {name: slug(name, "person") for number in self.order if (name := self.people[number])}
        session = Session(
            id="nets",
            title="Nets",
            start=begin,
            end=begin + timedelta(hours=2),
            timezone="Asia/Seoul",
            people=tuple(Person(id=each, name=name, role="speaker") for name, each in people.items()),
            segments=tuple(segments),
        )
        return Program(sessions=(session,))


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
