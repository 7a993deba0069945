"""Indico's export of an event with its contributions; each time comes with its zone."""

from collections.abc import Iterator

from gsef_notify.program.problems import Problems
from gsef_notify.readers.exports import frab
from gsef_notify.readers.exports.events import Event, person
from gsef_notify.readers.exports.frab import Conference, Entry
from gsef_notify.readers.exports.json_nodes import Node, Places
from gsef_notify.readers.notation import parse_moment
from gsef_notify.readers.source import Source
from gsef_notify.zones import DoubtfulTime, UnknownZone, instant, named


def fits(root: Node) -> bool:
    """Whether a file has the export's shape."""
    return any(each["contributions"].is_list for each in root["results"])


def events(source: Source, root: Node, problems: Problems) -> Iterator[Event]:
    """The contributions, each an event."""
    places = Places(source)
    for event in root["results"]:
        conference = Conference(event["title"].line, event["id"].line, event["timezone"].line)
        entries = [_entry(each, places) for each in event["contributions"]]
        yield from frab.events(source, conference, entries, problems)


def _entry(contribution: Node, places: Places) -> Entry:
    place = places.of(contribution["id"].line)
    names = (f"{each['first_name'].line} {each['last_name'].line}" for each in contribution["speakers"])
    return Entry(
        place=place,
        title=contribution["title"].line or "Untitled",
        id=contribution["id"].line,
        date=_moment(contribution["startDate"]),
        end=_moment(contribution["endDate"]),
        duration=contribution["duration"].line,
        room=contribution["room"].line,
        track=contribution["track"].line,
        description=contribution["description"].prose,
        people=tuple(person(name.strip(), place) for name in names if name.strip()),
    )


def _moment(node: Node) -> str:
    """``{"date", "time", "tz"}`` as an instant, "" where it is none."""
    wall = parse_moment(f"{node['date'].line}T{node['time'].line}")
    try:
        return instant(wall, named(node["tz"].line)).isoformat() if wall and not wall.tzinfo else ""
    except (UnknownZone, DoubtfulTime):
        return ""
