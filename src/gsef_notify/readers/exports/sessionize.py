"""Sessionize's "All" view: sessions, speakers, rooms and categories apart. Its times name no zone."""

import re
from collections.abc import Iterator

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Problems
from gsef_notify.readers.exports import frab
from gsef_notify.readers.exports.events import Event
from gsef_notify.readers.exports.frab import Conference, Entry
from gsef_notify.readers.exports.json_nodes import Node, Places
from gsef_notify.readers.source import Source

_JOINING = re.compile(r"stream|live|join|zoom|meeting", re.IGNORECASE)


def fits(root: Node) -> bool:
    """Whether a file has the view's shape."""
    return root["sessions"].is_list and root["speakers"].is_list and "rooms" in root


def events(source: Source, root: Node, problems: Problems) -> Iterator[Event]:
    """The sessions, each an event."""
    entries = [_entry(session, root, Places(source)) for session in root["sessions"]]
    return frab.events(source, Conference("", "", ""), entries, problems)


def _entry(session: Node, root: Node, places: Places) -> Entry:
    wanted = {each.line for each in session["speakers"]}
    people = [each for each in root["speakers"] if each["id"].line in wanted]
    return Entry(
        place=places.of(session["id"].line),
        title=session["title"].line or "Untitled",
        id=session["id"].line,
        guid=session["id"].line,
        date=session["startsAt"].line,
        end=session["endsAt"].line,
        room=_name(root["rooms"], session["roomId"]),
        track=_track(root, session),
        description=session["description"].prose,
        people=tuple(_speaker(each, places) for each in people),
        links=_links(root, session),
    )


def _speaker(speaker: Node, places: Places) -> DraftPerson:
    full = f"{speaker['firstName'].line} {speaker['lastName'].line}"
    name = bare_name(speaker["fullName"].line or full)
    position = speaker["tagLine"].line
    return DraftPerson(name=name, role="speaker", place=places.of(speaker["id"].line), position=position)


def _name(nodes: Node, wanted: Node) -> str:
    found = (node["name"].line for node in nodes if node["id"].line == wanted.line)
    return next(found, "") if wanted.line else ""


def _track(root: Node, session: Node) -> str:
    chosen = {each.line for each in session["categoryItems"]}
    tracks = (each for each in root["categories"] if each["title"].line.casefold() == "track")
    items = (item for track in tracks for item in track["items"])
    return next((item["name"].line for item in items if item["id"].line in chosen), "")


def _links(root: Node, session: Node) -> tuple[tuple[str, str], ...]:
    joining = {each["id"].line for each in root["questions"] if _JOINING.search(each["question"].line)}
    answers = (
        each["answerValue"].line for each in session["questionAnswers"] if each["questionId"].line in joining
    )
    return tuple(("join", url) for url in (session["liveUrl"].line, *answers) if url)
