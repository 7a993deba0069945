"""A calendar that only says something to its reader. Pure."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import bare_calendar
from gsef_notify.feeds.words import Words


def revoked_calendar(site: Site, words: Words, key: str, revoked_at: datetime) -> bytes:
    """What a calendar program gets for a link that is void: one event, on the day when it became so, instead
    of what was there, so that nobody goes by an old program."""
    event = Event()
    event.add("uid", f"revoked.{key}@{site.uid_domain}")
    event.add("dtstamp", revoked_at)
    event.add("last-modified", revoked_at)
    event.add("summary", words.revoked, parameters={"LANGUAGE": words.tag})
    event.add("dtstart", revoked_at.date())
    event.add("dtend", revoked_at.date() + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("description", words.revoked_hint.format(site.public_url), parameters={"LANGUAGE": words.tag})
    event.add("url", site.public_url)
    calendar: Calendar = bare_calendar()
    calendar.add("name", site.name)
    calendar.add("x-wr-calname", site.name)
    calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))
