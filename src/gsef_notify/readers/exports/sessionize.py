"""Sessionize's views: "All" with sessions, speakers, rooms and categories apart, "Sessions" in groups,
"GridSmart" by days and rooms. None of them names a time zone."""

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

_LEFT_OUT = {"Declined", "Rejected", "Withdrawn"}
_JOINING = re.compile(r"stream|live|join|zoom|meeting", re.IGNORECASE)


def fits(root: Node) -> bool:
    """Whether a file has the shape of one of the views."""
    is_all = root["sessions"].is_list and root["rooms"].is_list
    return is_all or any(True for _ in _grouped(root))


def events(source: Source, root: Node, problems: Problems) -> Iterator[Event]:
    """The sessions, each an event. A plenum stands in every room of the grid, but is one; what was
    declined is left out."""
    places = Places(source)
    sessions = [*root["sessions"], *_grouped(root)]
    once = {(each["id"].line, each["startsAt"].line): each for each in reversed(sessions)}
    kept = [each for each in reversed(once.values()) if each["status"].line not in _LEFT_OUT]
    entries = [_entry(session, root, places) for session in kept]
    return frab.events(source, Conference("", "", ""), entries, problems)


def _grouped(root: Node) -> Iterator[Node]:
    for group in root:
        yield from (each for each in group["sessions"] if "startsAt" in each)
        for room in group["rooms"]:
            yield from (each for each in room["sessions"] if "startsAt" in each)


def _entry(session: Node, root: Node, places: Places) -> Entry:
    wanted = {each.line for each in session["speakers"]}
    people = [each for each in root["speakers"] if each["id"].line in wanted]
    people += [each for each in session["speakers"] if "name" in each]
    return Entry(
        place=places.of(session["id"].line),
        title=session["title"].line or "Untitled",
        id=session["id"].line,
        guid=session["id"].line,
        date=session["startsAt"].line,
        end=session["endsAt"].line,
        room=_name(root["rooms"], session["roomId"]) or session["room"].line,
        track=_track(root, session),
        description=session["description"].prose,
        people=tuple(_speaker(each, places) for each in people),
        links=_links(root, session),
    )


def _speaker(speaker: Node, places: Places) -> DraftPerson:
    full = f"{speaker['firstName'].line} {speaker['lastName'].line}"
    name = bare_name(speaker["fullName"].line or speaker["name"].line or full)
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
