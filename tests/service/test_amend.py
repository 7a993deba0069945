"""Of a session that runs late, the program, the reminders and those who were told follow, and go back."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from gsef_notify.clock import SteppedClock
from gsef_notify.program.amendments import AmendmentRefused
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Program, Segment
from gsef_notify.service.amend import Amendments, lapsed
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.publish import Newest, catch_up, publish
from gsef_notify.store import audiences, outbox, revisions
from gsef_notify.store.database import transaction
from tests.conftest import ERIC, POLICY, utc

ON = utc("2021-10-08 09:25")  # Eric's segment, 09:21 to 09:31, is on
TEN = timedelta(minutes=10)


@pytest.fixture
def amendments(engine: Engine, newest: Newest, clock: SteppedClock) -> Amendments:
    """The published sample, of which nobody has been told anything."""
    return Amendments(engine, POLICY, clock)


@pytest.fixture
def near(program: Program) -> str:
    return program.sessions[0].id


def latest(engine: Engine) -> Publication:
    with transaction(engine) as connection:
        publication = revisions.latest(connection)
    assert publication is not None
    return publication


def segment_of(program: Program, person: str) -> Segment:
    return next(s for s in program.sessions[0].segments if person in s.people)


async def sent_until(office: Office, clock: SteppedClock, moment: datetime) -> int:
    clock.set(moment)
    count = len(_sent(office.engine))
    while await send_next(office):
        pass
    return len(_sent(office.engine)) - count


def _sent(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return [row.name for row in outbox.history(connection) if row.state == "sent"]


def test_late_moves_what_has_not_finished_and_raises_its_sequence_alone(
    engine: Engine, amendments: Amendments, clock: SteppedClock, program: Program, near: str
) -> None:
    clock.set(ON)
    effect = amendments.late(near, 10)
    publication = latest(engine)
    (before,), (after,) = program.sessions, publication.program.sessions
    assert (after.start, after.end) == (before.start, before.end + TEN)
    finished = [s.id for s in before.segments if s.end <= ON]
    sequences = {s.id: publication.lineage(after, s).sequence for s in after.segments}
    assert {key for key, sequence in sequences.items() if sequence == 0} == set(finished)
    assert effect.revision == publication.revision == 2
    assert [shift.segment for shift in effect.shifts] == [
        "",
        *(s.id for s in before.segments if s.end > ON),
    ]
    eric = segment_of(program, ERIC)
    assert effect.shifts[1].before == (eric.start, eric.end)
    assert effect.shifts[1].after == (eric.start, eric.end + TEN)


def test_undone_it_is_the_program_of_the_files_with_a_higher_sequence(
    engine: Engine, amendments: Amendments, clock: SteppedClock, program: Program, near: str
) -> None:
    clock.set(ON)
    amendments.late(near, 10)
    amendments.late(near, 5)
    assert latest(engine).program.sessions[0].end == program.sessions[0].end + timedelta(minutes=15)
    amendments.undo(near)
    assert latest(engine).program.sessions[0].end == program.sessions[0].end + TEN
    amendments.undo(near)
    publication = latest(engine)
    assert publication.program == program
    assert publication.lineage(program.sessions[0]).sequence == 4
    with pytest.raises(AmendmentRefused, match="there is nothing to undo"):
        amendments.undo(near)


def test_a_preview_says_the_same_and_changes_nothing(
    engine: Engine, amendments: Amendments, clock: SteppedClock, near: str
) -> None:
    clock.set(ON)
    before = latest(engine)
    shown = amendments.late(near, 10, preview=True)
    assert latest(engine) == before
    assert amendments.late(near, 10) == shown
    assert amendments.undo(near, preview=True).revision == 3
    assert latest(engine).revision == 2


async def test_those_whose_slot_moves_are_told_and_nobody_else(
    office: Office, clock: SteppedClock, amendments: Amendments, program: Program, near: str
) -> None:
    assert await sent_until(office, clock, ON) > 0
    told = set(_sent(office.engine))
    effect = amendments.late(near, 10)
    assert {notice.name for notice in effect.told} <= told
    assert "Martin Van Den Borre" in {notice.name for notice in effect.told}
    assert "Young Kim" not in {notice.name for notice in effect.told}
    assert amendments.undo(near, preview=True).told == ()
    await sent_until(office, clock, ON + timedelta(minutes=3))
    assert "Martin Van Den Borre" in {notice.name for notice in amendments.undo(near).told}


async def test_reminders_that_were_not_sent_are_due_later(
    office: Office, engine: Engine, clock: SteppedClock, amendments: Amendments, near: str
) -> None:
    await sent_until(office, clock, ON)
    amendments.late(near, 10)
    with transaction(engine) as connection:
        rows = audiences.preview(connection)
    bernard = [row for row in rows if row.name == "Bernard Luyiga" and row.rule == "speaker-10-minutes"]
    assert utc("2021-10-08 09:31") in {row.due for row in bernard if row.state == "planned"}


def test_files_that_are_read_again_keep_the_amendment(
    engine: Engine, amendments: Amendments, clock: SteppedClock, program: Program, near: str
) -> None:
    clock.set(ON)
    amendments.late(near, 10)
    assert not publish(engine, program, POLICY, ON)[1]
    retitled = Program(sessions=(replace(program.sessions[0], title="Another title"),))
    publication, is_new = publish(engine, retitled, POLICY, ON)
    (session,) = publication.program.sessions
    assert is_new
    assert (session.title, session.end) == ("Another title", program.sessions[0].end + TEN)
    assert [s.id for s in session.segments] == [s.id for s in program.sessions[0].segments]


def test_a_cancelled_segment_keeps_its_identity_while_its_file_is_edited(
    engine: Engine, amendments: Amendments, program: Program, near: str, clock: SteppedClock
) -> None:
    (session,), eric = program.sessions, segment_of(program, ERIC)
    amendments.cancel(near, eric.id)
    retitled = tuple(
        replace(s, id="fresh", title="Quite another name") if s == eric else s for s in session.segments
    )
    edited = Program(sessions=(replace(session, segments=retitled),))
    publication, is_new = publish(engine, edited, POLICY, clock.now())
    assert not is_new
    assert eric.id not in {s.id for s in publication.program.sessions[0].segments}
    amendments.reinstate(near, eric.id)
    assert latest(engine).program.sessions[0].segment(eric.id).title == "Quite another name"


def test_when_the_files_give_another_time_they_are_right(
    engine: Engine, amendments: Amendments, clock: SteppedClock, program: Program, near: str
) -> None:
    clock.set(ON)
    amendments.late(near, 10)
    (session,) = program.sessions
    tomorrow = timedelta(days=1)
    segments = tuple(replace(s, start=s.start + tomorrow, end=s.end + tomorrow) for s in session.segments)
    moved = replace(session, start=session.start + tomorrow, end=session.end + tomorrow, segments=segments)
    publication, _ = publish(engine, Program(sessions=(moved,)), POLICY, ON)
    assert publication.program.sessions == (moved,)
    assert lapsed(engine, ON) == [
        f"no longer in force: {near} is 10 minutes later "
        f"(by the files {near} begins at another time: 18:00 on 9 October (Seoul time))"
    ]
    assert lapsed(engine, ON + timedelta(days=3)) == []
    publish(engine, Program(), POLICY, ON)
    assert "the files have no session" in lapsed(engine, ON)[0]


async def test_a_cancelled_segment_is_told_to_those_who_knew_it_and_comes_back(
    office: Office, engine: Engine, clock: SteppedClock, amendments: Amendments, program: Program, near: str
) -> None:
    await sent_until(office, clock, utc("2021-10-08 08:30"))
    eric = segment_of(program, ERIC)
    effect = amendments.cancel(near, eric.id)
    publication = latest(engine)
    assert f"{near}/{eric.id}" in publication.removed
    kinds = {notice.name: notice.kind for notice in effect.told}
    assert kinds.pop("Eric Leyton Inostroza") == "cancelled"
    assert set(kinds.values()) == {"changed"}
    with pytest.raises(AmendmentRefused, match=f"write: gsef-notify reinstate {near} --segment {eric.id}"):
        amendments.cancel(near, eric.id)
    amendments.reinstate(near, eric.id)
    assert latest(engine).program == program
    with pytest.raises(AmendmentRefused, match="has not been cancelled - cancelled at present: nothing"):
        amendments.reinstate(near, eric.id)


def test_a_cancelled_session_is_out_of_the_program_whatever_the_files_say_again(
    engine: Engine, amendments: Amendments, program: Program, near: str, clock: SteppedClock
) -> None:
    effect = amendments.cancel(near)
    assert {shift.after for shift in effect.shifts} == {None}
    assert latest(engine).program == Program()
    publish(engine, program, POLICY, clock.now())
    assert latest(engine).program == Program()
    with pytest.raises(AmendmentRefused, match=f"write: gsef-notify reinstate {near}"):
        amendments.late(near, 10)
    with pytest.raises(AmendmentRefused, match=f"write: gsef-notify reinstate {near}"):
        amendments.reinstate(near, "closing-remarks")
    with pytest.raises(AmendmentRefused, match=f"cancelled at present: {near}"):
        amendments.reinstate("another")
    amendments.reinstate(near)
    assert latest(engine).program == program


def test_what_was_late_is_undone_when_it_takes_place_again(
    engine: Engine, amendments: Amendments, program: Program, near: str
) -> None:
    amendments.late(near, 10)
    amendments.cancel(near)
    with pytest.raises(AmendmentRefused, match=f"write: gsef-notify reinstate {near}"):
        amendments.undo(near)
    amendments.reinstate(near)
    amendments.undo(near)
    assert latest(engine).program == program


def test_names_that_do_not_exist_are_answered_with_the_nearest(
    amendments: Amendments, clock: SteppedClock, near: str
) -> None:
    for attempt in (amendments.cancel, amendments.undo):
        with pytest.raises(AmendmentRefused, match=f"write one like {near}"):
            attempt(near[:-1])
    with pytest.raises(AmendmentRefused, match="1000000 minutes"):
        amendments.late(near, 10**30)


def test_in_an_empty_database_there_is_nothing_to_amend(engine: Engine, clock: SteppedClock) -> None:
    amendments = Amendments(engine, POLICY, clock)
    with pytest.raises(AmendmentRefused, match="start gsef-notify serve first"):
        amendments.late("near", 10)


async def test_a_reminder_that_another_process_planned_is_sent_as_its_revision_says(
    office: Office, clock: SteppedClock, amendments: Amendments, near: str
) -> None:
    await sent_until(office, clock, utc("2021-10-07 12:00"))
    amendments.late(near, 10)
    assert office.newest.latest() != latest(office.engine)
    assert await sent_until(office, clock, utc("2021-10-08 09:35")) > 0
    assert office.newest.latest() == latest(office.engine)
    with transaction(office.engine) as connection:
        states = {row.state for row in outbox.history(connection) if row.start > utc("2021-10-08 09:10")}
    assert "sent" in states


def test_an_older_revision_never_takes_the_place_of_a_newer(
    engine: Engine, newest: Newest, amendments: Amendments, program: Program, near: str, clock: SteppedClock
) -> None:
    older, _ = publish(engine, program, POLICY, clock.now())
    amendments.late(near, 10)
    with transaction(engine) as connection:
        catch_up(connection, newest)
    newest.replace(older)
    assert newest.latest() == latest(engine)
