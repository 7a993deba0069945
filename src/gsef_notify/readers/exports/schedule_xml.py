"""frab, c3voc, pretalx and pentabarf ``schedule.xml`` (https://c3voc.de/schedule/schema.xsd)."""

from collections.abc import Iterator

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Problems
from gsef_notify.readers.exports import frab
from gsef_notify.readers.exports.events import drafts, person
from gsef_notify.readers.exports.frab import Conference, Entry
from gsef_notify.readers.exports.xml_nodes import Element, parse
from gsef_notify.readers.source import Source

_EXPORT = "export the schedule as frab schedule.xml, schedule.json or iCalendar"


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a schedule, one an event."""
    root = parse(source, problems)
    if root is None:
        return ()
    if trouble := _trouble(root):
        problems.error(root.place, "FORMAT_UNKNOWN", trouble, _EXPORT)
        return ()
    return drafts(frab.events(source, _conference(root), _entries(root), problems))


def _trouble(root: Element) -> str:
    if root.tag.lower() == "icalendar":
        return "this is xCal, calendar data in XML, which is not read"
    if root.tag != "schedule":
        return f"the file is XML of another kind: it begins with <{root.tag}>"
    days = list(root.all("day"))
    inside = next((child.tag for day in days for child in day.children), "")
    if inside and not any(day.find("room") for day in days):
        return f"its days hold <{inside}>, not <room> with <event>: it is no frab schedule"
    return ""


def _conference(root: Element) -> Conference:
    head = root.find("conference") or root
    return Conference(
        head.line_of("title"),
        head.line_of("acronym"),
        head.line_of("time_zone_name"),
        head.line_of("day_change"),
    )


def _entries(root: Element) -> Iterator[Entry]:
    for day in root.all("day"):
        for room in day.all("room"):
            for event in room.all("event"):
                yield _entry(event, day.attributes.get("date", ""), room.attributes.get("name", ""))


def _entry(event: Element, day: str, room: str) -> Entry:
    persons, links = event.find("persons") or event, event.find("links")
    named = persons.all("person")
    return Entry(
        place=event.place,
        title=event.line_of("title") or "Untitled",
        id=event.attributes.get("id", ""),
        code=event.attributes.get("code", ""),
        guid=event.attributes.get("guid", ""),
        date=event.line_of("date"),
        day=day,
        start=event.line_of("start"),
        duration=event.line_of("duration"),
        room=event.line_of("room") or room,
        track=event.line_of("track"),
        language=event.line_of("language"),
        subtitle=event.line_of("subtitle"),
        abstract=event.prose_of("abstract"),
        description=event.prose_of("description"),
        url=event.line_of("url"),
        people=tuple(person(each.line, each.place) for each in named if each.line),
        links=tuple((each.line, each.attributes.get("href", "")) for each in links.all("link"))
        if links
        else (),
    )
