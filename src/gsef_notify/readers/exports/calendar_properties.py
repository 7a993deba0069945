"""The properties of a calendar's event, in whatever state they are."""

from datetime import date, datetime
from typing import Any

from icalendar import Event as CalendarEvent
from icalendar.error import InvalidCalendar

from gsef_notify.readers.text import plain


def date_or_time(component: CalendarEvent, name: str) -> date | datetime | None:
    """A property that is a date or a time, None where it is missing or broken."""
    found = value_of(component, name)
    return found if isinstance(found, date) else None


def value_of(component: CalendarEvent, name: str) -> Any:
    """What a property means, None where it is missing or broken."""
    found = component.get(name)
    try:
        return getattr(found[0] if isinstance(found, list) and found else found, "dt", None)
    except InvalidCalendar:
        return None


def raw(component: CalendarEvent, name: str) -> str:
    """A property as text; the first, where there are several."""
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def text_of(component: CalendarEvent, name: str) -> str:
    """The same on one line."""
    return plain(raw(component, name))


def parameter(value: Any, name: str) -> str:
    """A parameter of a property's value, the first one's where there are several; "" without it."""
    first = value[0] if isinstance(value, list) and value else value
    return str(getattr(first, "params", {}).get(name, ""))
