"""Who is reminded of what, and when."""

from datetime import timedelta

import msgspec

from gsef_notify.program.model import Program
from gsef_notify.reminders.moments import moment
from gsef_notify.reminders.plan import Reminder, plan
from gsef_notify.reminders.rules import Rule
from tests.conftest import ERIC, RESTLESS, utc


def of_eric(program: Program) -> list[Reminder]:
    return [reminder for reminder in plan(program, RESTLESS) if reminder.person == ERIC]


def test_a_speaker_is_told_a_week_a_day_an_hour_and_ten_minutes_before(program: Program) -> None:
    assert [(r.rule, r.due, r.useless_from) for r in of_eric(program)] == [
        ("speaker-7-days", utc("2021-10-01 09:00"), utc("2021-10-07 09:00")),
        ("speaker-1-day", utc("2021-10-07 09:00"), utc("2021-10-08 08:00")),
        ("speaker-1-hour", utc("2021-10-08 08:00"), utc("2021-10-08 09:11")),
        ("speaker-10-minutes", utc("2021-10-08 09:11"), utc("2021-10-08 09:21")),
    ]


def test_all_of_the_sample_is_planned(program: Program) -> None:
    counts: dict[str, int] = {}
    for reminder in plan(program, RESTLESS):
        counts[reminder.rule] = counts.get(reminder.rule, 0) + 1
    assert counts == {
        "speaker-7-days": 4,
        "speaker-1-day": 4,
        "speaker-1-hour": 4,
        "speaker-10-minutes": 4,
        "moderator-1-day": 1,
        "moderator-1-hour": 1,
        "participant-1-day": 1,
        "participant-1-hour": 1,
        "participant-10-minutes": 10,
        "unconfirmed-1-day": 1,
    }


def test_keys_are_distinct_and_outlast_a_new_title_but_no_new_time(program: Program) -> None:
    (session,) = program.sessions
    (eric,) = [segment for segment in session.segments if ERIC in segment.people]

    def planned(**changes: object) -> set[str]:
        segments = tuple(
            msgspec.structs.replace(s, **changes) if s.id == eric.id else s for s in session.segments
        )
        return {
            r.key for r in of_eric(Program(sessions=(msgspec.structs.replace(session, segments=segments),)))
        }

    before = {reminder.key for reminder in of_eric(program)}
    assert len(before) == 4
    assert planned(title="Another title") == before
    assert planned(start=eric.start + timedelta(minutes=5)) & before == set()


def test_a_rule_for_participants_before_segments_is_one_reminder_a_segment(program: Program) -> None:
    when = moment("0 minutes before my segment")
    rule = Rule(name="p", role="participant", when=when, template="participant-session", quiet=None)
    assert [(r.person, r.due == r.start) for r in plan(program, [rule])] == [(None, True)] * 10
