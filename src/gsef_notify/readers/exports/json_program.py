"""JSON exports, told apart by their shape: frab/c3voc schedule.json (versions 1 and 2), pretalx, the older
shapes of frab and of FOSDEM's apps; Sessionize, pretalx' widget and Indico have modules of their own."""

from collections.abc import Callable, Iterator

from gsef_notify.program.draft import DraftPerson, DraftSession
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Problems
from gsef_notify.readers.exports import frab, indico, pretalx_widget, sessionize
from gsef_notify.readers.exports.events import drafts, person
from gsef_notify.readers.exports.frab import Conference, Entry
from gsef_notify.readers.exports.json_nodes import Node, Places, parse
from gsef_notify.readers.source import Source

_EXPORT = "export the program as frab schedule.json, Sessionize All, iCalendar or CSV"
Entries = Callable[[Node, Places], Iterator[Entry]]


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of an export, one an event. Raises Unreadable."""
    root = parse(source, problems)
    if root is None:
        return ()
    for export in (sessionize, pretalx_widget, indico):
        if export.fits(root):
            return drafts(export.events(source, root, problems))
    entries = _shape(root)
    if entries is None:
        message = "the file is JSON of a kind that is not known"
        problems.error(source.top, "FORMAT_UNKNOWN", message, _EXPORT)
        return ()
    return drafts(frab.events(source, _conference(root), entries(root, Places(source)), problems))


def _shape(root: Node) -> Entries | None:
    schedule = root["schedule"]
    if schedule["events"].is_list:
        return _version_2
    if schedule["conference"]["days"].is_list or schedule["days"].is_list:
        return _version_1
    if root["conference_events"]["events"].is_list:
        return _conference_events
    if any(each["rooms"].is_list for each in root):
        return _days_and_rooms
    return None


def _conference(root: Node) -> Conference:
    head = root["schedule"]["conference"]
    return Conference(
        head["title"].line, head["acronym"].line, head["time_zone_name"].line, head["day_change"].line
    )


def _version_1(root: Node, places: Places) -> Iterator[Entry]:
    schedule = root["schedule"]
    days = schedule["conference"]["days"] if "days" in schedule["conference"] else schedule["days"]
    for day in days:
        for room, events in day["rooms"].items():
            for event in events:
                yield _entry(event, day["date"].line, room, places)


def _version_2(root: Node, places: Places) -> Iterator[Entry]:
    """Events in one list, rooms and tracks by reference; a person has a role."""
    schedule = root["schedule"]
    tracks = {track["slug"].line: track["name"].line for track in schedule["conference"]["tracks"]}
    for event in schedule["events"]:
        place = places.of(event["guid"].line, event["code"].line)
        participants = (_participant(each, places) for each in event["participants"])
        yield Entry(
            place=place,
            title=event["title"].line or "Untitled",
            id=event["code"].line,
            guid=event["guid"].line,
            date=event["start"].line,
            end=event["end"].line,
            duration=event["duration"].line,
            room=event["room"]["name"].line,
            track=event["track"]["name"].line or tracks.get(event["track"]["slug"].line, ""),
            language=event["language"].line,
            subtitle=event["subtitle"].line,
            abstract=event["abstract"].prose,
            description=event["description"].prose,
            url=event["url"].line,
            people=tuple(each for each in participants if each.name),
            links=_links(event),
        )


def _conference_events(root: Node, places: Places) -> Iterator[Entry]:
    """The events of old frab instances."""
    for event in root["conference_events"]["events"]:
        speakers = (each["full_public_name"].line or _name(each) for each in event["speakers"])
        place = places.of(event["guid"].line, event["id"].line)
        yield Entry(
            place=place,
            title=event["title"].line or "Untitled",
            id=event["id"].line,
            guid=event["guid"].line,
            date=event["start_time"].line,
            end=event["end_time"].line,
            room=event["room"]["name"].line,
            track=event["track"]["name"].line,
            language=event["language"].line,
            subtitle=event["subtitle"].line,
            abstract=event["abstract"].prose,
            description=event["description"].prose,
            people=tuple(person(name, place) for name in speakers if name),
        )


def _days_and_rooms(root: Node, places: Places) -> Iterator[Entry]:
    """A list of days with lists of rooms."""
    for day in root:
        for room in day["rooms"]:
            for event in room["events"]:
                yield _entry(event, day["date"].line, room["name"].line, places)


def _entry(event: Node, day: str, room: str, places: Places) -> Entry:
    place = places.of(event["guid"].line, event["id"].line)
    names = (_name(each) for each in event["persons"])
    return Entry(
        place=place,
        title=event["title"].line or "Untitled",
        id=event["id"].line,
        code=event["code"].line,
        guid=event["guid"].line,
        date=event["date"].line,
        day=day,
        start=event["start"].line,
        duration=event["duration"].line,
        room=event["room"].line or room,
        track=event["track"].line,
        language=event["language"].line,
        subtitle=event["subtitle"].line,
        abstract=event["abstract"].prose,
        description=event["description"].prose,
        url=event["url"].line,
        people=tuple(person(name, place) for name in names if name),
        links=_links(event),
    )


def _name(node: Node) -> str:
    return (
        node.line
        if "name" not in node and "public_name" not in node
        else (node["public_name"].line or node["name"].line)
    )


def _participant(node: Node, places: Places) -> DraftPerson:
    role: Role = "moderator" if node["role"].line in ("MODERATOR", "HOST") else "speaker"
    return DraftPerson(name=bare_name(node["name"].line), role=role, place=places.of(node["guid"].line))


def _links(event: Node) -> tuple[tuple[str, str], ...]:
    return tuple((link["title"].line, link["url"].line) for link in event["links"])
