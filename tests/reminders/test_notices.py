"""Who must be told that a time has changed."""

from datetime import timedelta

from gsef_notify.program.model import Program
from gsef_notify.reminders.notices import outdated
from gsef_notify.reminders.plan import plan
from gsef_notify.reminders.rules import DEFAULT_RULES


def test_only_who_was_told_another_time_is_told_of_the_change(program: Program) -> None:
    reminder = plan(program, DEFAULT_RULES)[0]
    earlier = reminder.start - timedelta(minutes=10)
    assert outdated(None, reminder) is None
    assert outdated(reminder.start, reminder) is None
    assert outdated(earlier, reminder) == earlier
