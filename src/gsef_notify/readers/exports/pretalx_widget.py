"""pretalx' schedule for its widget: talks, rooms, tracks and speakers apart."""

from collections.abc import Iterator

from gsef_notify.program.problems import Problems
from gsef_notify.readers.exports import frab
from gsef_notify.readers.exports.events import Event, person
from gsef_notify.readers.exports.frab import Conference, Entry
from gsef_notify.readers.exports.json_nodes import Node, Places
from gsef_notify.readers.source import Source


def fits(root: Node) -> bool:
    """Whether a file has the widget's shape."""
    return root["talks"].is_list and root["rooms"].is_list


def events(source: Source, root: Node, problems: Problems) -> Iterator[Event]:
    """The talks, each an event."""
    places = Places(source)
    names = {kind: _names(root[kind]) for kind in ("rooms", "tracks", "speakers")}
    entries = [_entry(talk, names, places) for talk in root["talks"]]
    return frab.events(source, Conference("", "", root["timezone"].line), entries, problems)


def _names(nodes: Node) -> dict[str, str]:
    return {node["id"].line or node["code"].line: node["name"].line for node in nodes}


def _entry(talk: Node, names: dict[str, dict[str, str]], places: Places) -> Entry:
    place = places.of(talk["code"].line, talk["id"].line)
    speakers = (names["speakers"].get(code.line, "") for code in talk["speakers"])
    return Entry(
        place=place,
        title=talk["title"].line or "Untitled",
        id=talk["code"].line or talk["id"].line,
        date=talk["start"].line,
        end=talk["end"].line,
        duration=talk["duration"].line,
        room=names["rooms"].get(talk["room"].line, ""),
        track=names["tracks"].get(talk["track"].line, ""),
        abstract=talk["abstract"].prose,
        people=tuple(person(name, place) for name in speakers if name),
    )
