"""Amendments move what has not finished, and nothing else; undone they leave the program as the files say."""

from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from gsef_notify.program.amendments import (
    MINUTE,
    Amendment,
    AmendmentRefused,
    amended,
    check,
    lapses,
)
from gsef_notify.program.model import Person, Program, Segment, Session
from tests.conftest import utc

START = utc("2021-10-08 09:00")
Times = list[tuple[float, float]]


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def session_of(*spans: tuple[int, int], end: int | None = None) -> Session:
    """A session that begins with the first span; its segments are a, b, c ..."""
    segments = tuple(
        Segment(id=chr(97 + number), title=f"Part {number}", start=at(first), end=at(last))
        for number, (first, last) in enumerate(spans)
    )
    return Session(
        id="near",
        title="Near",
        start=at(spans[0][0]),
        end=at(spans[-1][1] if end is None else end),
        timezone="Asia/Seoul",
        segments=segments,
    )


def late(minutes: int, made: float, segment: str | None = None, number: int = 1) -> Amendment:
    return Amendment(
        id=number,
        kind="late",
        session="near",
        segment=segment,
        by=minutes * MINUTE,
        made_at=at(made),
        base=START,
    )


def cancelled(segment: str | None = None, number: int = 1) -> Amendment:
    return Amendment(
        id=number, kind="cancelled", session="near", segment=segment, made_at=at(-60), base=START
    )


def minutes_of(program: Program) -> Times:
    """When the session and each of its segments begin and end, in minutes."""
    (session,) = program.sessions
    spans = [(session.start, session.end), *((each.start, each.end) for each in session.segments)]
    return [((first - START) / MINUTE, (last - START) / MINUTE) for first, last in spans]


THREE = Program(sessions=(session_of((0, 10), (10, 20), (20, 30)),))
BARE = Program(sessions=(replace(THREE.sessions[0], segments=()),))


@pytest.mark.parametrize(
    ("amendment", "expected"),
    [
        (late(10, made=-5), [(10, 40), (10, 20), (20, 30), (30, 40)]),
        (late(10, made=0), [(0, 40), (0, 20), (20, 30), (30, 40)]),
        (late(10, made=15), [(0, 40), (0, 10), (10, 30), (30, 40)]),
        (late(10, made=10), [(0, 40), (0, 10), (10, 30), (30, 40)]),
        (late(10, made=29), [(0, 40), (0, 10), (10, 20), (20, 40)]),
        (late(10, made=-5, segment="a"), [(10, 40), (10, 20), (20, 30), (30, 40)]),
        (late(10, made=-5, segment="b"), [(0, 40), (0, 10), (20, 30), (30, 40)]),
        (late(10, made=5, segment="b"), [(0, 40), (0, 20), (20, 30), (30, 40)]),
        (late(10, made=5, segment="c"), [(0, 40), (0, 10), (10, 20), (30, 40)]),
        (late(10, made=15, segment="b"), [(0, 40), (0, 10), (10, 30), (30, 40)]),
        (late(-4, made=15), [(0, 26), (0, 10), (10, 16), (16, 26)]),
        (late(-5, made=-9), [(-5, 25), (-5, 5), (5, 15), (15, 25)]),
    ],
)
def test_what_has_not_finished_moves_and_what_is_on_ends_later(amendment: Amendment, expected: Times) -> None:
    check(THREE, amendment)
    assert minutes_of(amended(THREE, [amendment])) == expected


@pytest.mark.parametrize(
    ("made", "by", "expected"), [(-1, 10, (10, 40)), (0, 10, (0, 40)), (20, -10, (0, 20))]
)
def test_a_session_without_segments_moves_by_its_own_times(
    made: int, by: int, expected: tuple[float, float]
) -> None:
    check(BARE, late(by, made))
    assert minutes_of(amended(BARE, [late(by, made)])) == [expected]


def test_late_twice_adds_up() -> None:
    both = [late(10, made=-5), late(5, made=15, number=2)]
    assert minutes_of(amended(THREE, both)) == [(10, 45), (10, 25), (25, 35), (35, 45)]


def test_cancelling_takes_out_the_segment_or_the_session() -> None:
    assert [s.id for s in amended(THREE, [cancelled("b")]).sessions[0].segments] == ["a", "c"]
    assert amended(THREE, [cancelled()]) == Program()
    shortened = amended(THREE, [cancelled("b"), late(10, made=-5, number=2)])
    assert minutes_of(shortened) == [(10, 40), (10, 20), (30, 40)]


def test_a_speaker_whose_only_segment_is_cancelled_is_not_in_the_session_any_more() -> None:
    people = (
        Person(id="ana", name="Ana", role="speaker"),
        Person(id="ben", name="Ben", role="speaker"),
        Person(id="mo", name="Mo", role="moderator"),
    )
    (session,) = THREE.sessions
    first, *others = session.segments
    segments = (replace(first, people=("ana",)), *others)
    program = Program(sessions=(replace(session, people=people, segments=segments),))
    left = amended(program, [cancelled("a")]).sessions[0]
    assert [person.id for person in left.people] == ["ben", "mo"]


def test_sessions_stay_in_the_order_of_their_start() -> None:
    other = replace(session_of((5, 25)), id="other")
    both = Program(sessions=(*THREE.sessions, other))
    assert [s.id for s in amended(both, [late(10, made=-5)]).sessions] == ["other", "near"]


def test_an_amendment_lapses_with_what_it_was_made_for() -> None:
    moved = Program(sessions=(session_of((60, 90)),))
    standing = [late(10, made=-5), cancelled("c", number=2), cancelled("b", number=3)]
    assert lapses(moved, standing) == {
        1: "by the files near begins at another time: 19:00 on 8 October (Seoul time)",
        2: "the files have no segment near/c",
        3: "the files have no segment near/b",
    }
    assert amended(moved, standing) == moved
    assert lapses(Program(), standing[:1]) == {1: "the files have no session near"}
    assert lapses(THREE, standing) == {}


@pytest.mark.parametrize(
    ("amendment", "sentence"),
    [
        (replace(late(10, 0), session="neer"), "there is no session 'neer' - write one like near"),
        (late(10, 0, segment="z"), "there is no segment of near 'z' - write one like a, b, c"),
        (late(10, 30), "near is over since 18:30 on 8 October (Seoul time) - name what has not finished"),
        (late(10, 12, segment="a"), "near/a is over since 18:10 on 8 October (Seoul time) - name what has"),
        (late(0, 0), "0 minutes - write 1 to 1440, or -1 to -1440 to catch up"),
        (late(1441, 0), "1441 minutes - write 1 to 1440"),
        (late(-6, 15), "near 6 minutes earlier would begin in the past, or before what comes first is over"),
        (late(-6, 15), "at most 5 minutes can be caught up"),
        (late(-5, -5, segment="b"), "nothing can be caught up now"),
        (replace(cancelled(), made_at=at(31)), "near is over since"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(amendment: Amendment, sentence: str) -> None:
    with pytest.raises(AmendmentRefused) as refused:
        check(THREE, amendment)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("amendment", "words"),
    [
        (late(10, 0), "near is 10 minutes later"),
        (late(-5, 0, segment="b"), "near from b on is 5 minutes earlier"),
        (cancelled("b"), "near/b is cancelled"),
    ],
)
def test_an_amendment_is_a_sentence(amendment: Amendment, words: str) -> None:
    assert str(amendment) == words


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Segments one after the other or at the same time, with and without gaps."""
    spans, here = [], 0
    for _ in range(draw(st.integers(1, 6))):
        here += draw(st.integers(0, 5))
        spans.append((here, here + draw(st.integers(1, 15))))
        here += draw(st.integers(0, 15))
    latest = max(last for _, last in spans)
    session = session_of(*sorted(spans), end=latest + draw(st.integers(0, 5)))
    return replace(session, start=START)


INSTANTS = st.integers(-1200, 5400).map(lambda second: second / 60)
AMENDMENTS = st.builds(late, st.integers(-30, 60), INSTANTS, st.sampled_from([None, "a", "b", "c"]))


@given(sessions(), AMENDMENTS)
def test_the_order_and_the_lengths_stay_and_nothing_begins_in_the_past(
    session: Session, amendment: Amendment
) -> None:
    try:
        check(Program(sessions=(session,)), amendment)
    except AmendmentRefused:
        assume(False)
    (after,) = amended(Program(sessions=(session,)), [amendment]).sessions
    starts = [segment.start for segment in after.segments]
    assert starts == sorted(starts)
    for old, new in zip(session.segments, after.segments, strict=True):
        _check_moved_rightly(old, new, amendment.made_at)
    assert after.start <= starts[0]
    assert after.end >= max(segment.end for segment in after.segments)
    assert _overlaps(after) <= _overlaps(session)


def _check_moved_rightly(old: Segment, new: Segment, made_at: datetime) -> None:
    if old.end <= made_at:
        assert new == old
    elif old.start > made_at:
        assert new.end - new.start == old.end - old.start
        assert new.start >= made_at
    else:
        assert new.start == old.start
        assert new.end >= made_at


@given(sessions(), st.integers(1, 60), st.integers(1, 60), INSTANTS)
def test_late_twice_at_once_is_late_by_the_sum(session: Session, one: int, two: int, made: float) -> None:
    program = Program(sessions=(session,))
    assume(session.end > at(made))
    twice = amended(program, [late(one, made), late(two, made, number=2)])
    assert twice == amended(program, [late(one + two, made)])


def _overlaps(session: Session) -> set[tuple[str, str]]:
    return {
        (first.id, second.id)
        for first in session.segments
        for second in session.segments
        if first.id < second.id and second.start < first.end
    }
