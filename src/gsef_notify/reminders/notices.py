"""What people were told and is no longer true. Pure."""

from datetime import datetime

from gsef_notify.reminders.plan import Reminder


def outdated(told_start: datetime | None, reminder: Reminder) -> datetime | None:
    """The beginning that somebody was last told for the subject of ``reminder``, if it has changed since.

    None for who was told nothing yet, or nothing else: they need no word about a change.
    """
    return told_start if told_start != reminder.start else None
