"""Calendars as other people's programs read them: (UID, start, end) of each event, in UTC."""

import json
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

Events = list[tuple[str, datetime, datetime]]
LIBICAL = Path(__file__).parent / "libical"
NODE = Path(__file__).parent / "node"


def by_icalendar(feed: bytes) -> Events:
    calendar = icalendar.Calendar.from_ical(feed)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    events = calendar.walk("VEVENT")
    return sorted((str(e["UID"]), _utc(e.decoded("DTSTART")), _utc(e.decoded("DTEND"))) for e in events)


def by_ical(feed: bytes) -> Events:
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    return sorted((str(event.uid), _utc(event.dtstart), _utc(event.dtend)) for event in calendar.events)


def by_ical_js(feed: bytes) -> Events:
    return _by_node("ical_js.mjs", feed)


def by_node_ical(feed: bytes) -> Events:
    """By Node's own rules for the zones of these names, which may be of another year than ours."""
    return _by_node("node_ical.mjs", feed)


def _by_node(script: str, feed: bytes) -> Events:
    command = node_command(script)
    read = subprocess.run(command, input=feed, capture_output=True, check=True, timeout=60)
    return sorted((uid, _parsed(start), _parsed(end)) for uid, start, end in json.loads(read.stdout))


def node_command(script: str) -> list[str]:
    """What runs a script of the folder; the test is skipped where that can not be done."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules").is_dir():
        pytest.skip("ical.js is not here: install node and npm, then run npm ci --prefix tests/feeds/node")
    return [node, str(NODE / script)]


def by_libical(feed: bytes) -> Events:
    """By the rules in the calendar itself; fails where libical finds fault with it."""
    read = subprocess.run([libical_program("read")], input=feed, capture_output=True, timeout=60)
    assert read.returncode == 0, read.stderr.decode()
    lines = (line.rsplit(" ", 2) for line in read.stdout.decode().splitlines())
    return sorted((uid, _instant(start), _instant(end)) for uid, start, end in lines)


@cache
def libical_program(name: str) -> Path:
    """A program of the folder, compiled; the test is skipped where that can not be done."""
    compiler = shutil.which("cc") or ""
    program = Path(tempfile.mkdtemp(prefix=f"libical-{name}-")) / name
    source = LIBICAL / f"{name}.c"
    command = [compiler, "-O1", "-o", str(program), str(source), "-lical", "-licalss"]
    if not compiler or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("libical is not here: install a C compiler and libical-dev")
    return program


READERS = (by_icalendar, by_ical, by_ical_js, by_libical)


def _utc(moment: object) -> datetime:
    assert isinstance(moment, datetime)
    assert moment.tzinfo is not None, "a floating time"
    return moment.astimezone(UTC)


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)
