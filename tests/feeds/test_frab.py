"""Schedules for the conference apps, valid by their schemas."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from gsef_notify import readers, zones
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.frab import schedule_json, schedule_xml
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program, Segment, Session
from tests.conftest import shared, utc
from tests.feeds.truth import around_changes

MINUTE = timedelta(minutes=1)
SITE = Site("GSEF 2021", "https://gsef.example.org", "gsef.example.org")


@pytest.fixture
def publication(program: Program) -> Publication:
    return first_publication(program, utc("2021-09-01 12:00"))


@pytest.fixture(params=["sample", "many days", "39c3-himmel", "jev22-everything", "debconf.pentabarf"])
def any_publication(request: pytest.FixtureRequest, publication: Publication) -> Publication:
    if request.param == "sample":
        return publication
    if request.param == "many days":
        return around_changes("Europe/Paris")
    (file,) = shared("data/schedule-xml").glob(f"{request.param}*")
    return first_publication(readers.read([file]).accept(), utc("2026-01-01 12:00"))


def test_the_xml_is_valid_by_the_schema_of_the_apps(any_publication: Publication) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared("data/schemas/voc.schedule.xml.xsd"))))
    schema.assertValid(etree.fromstring(schedule_xml(SITE, any_publication)))


def test_the_json_is_valid_by_the_schema_of_the_apps(any_publication: Publication) -> None:
    schema = json.loads(shared("data/schemas/voc.schedule.schema.json").read_text())
    assert list(Draft7Validator(schema).iter_errors(json.loads(schedule_json(SITE, any_publication)))) == []


def test_both_say_the_same_of_erics_segment(publication: Publication) -> None:
    day = json.loads(schedule_json(SITE, publication))["schedule"]["conference"]["days"][0]
    ((_, events),) = day["rooms"].items()
    event = events[4]
    assert (event["date"], event["start"], event["duration"]) == (
        "2021-10-08T18:21:00+09:00",
        "18:21",
        "00:10",
    )
    assert event["persons"] == [{"name": "Eric Leyton Inostroza"}]
    element = ElementTree.fromstring(schedule_xml(SITE, publication)).findall("day/room/event")[4]  # noqa: S314
    assert (element.get("guid"), element.get("id")) == (event["guid"], str(event["id"]))
    for name in ("date", "start", "duration", "room", "slug", "title", "language", "url"):
        assert element.findtext(name) == event[name]
    assert [person.text for person in element.findall("persons/person")] == ["Eric Leyton Inostroza"]


def test_the_zone_of_the_sessions_is_named(publication: Publication) -> None:
    root = ElementTree.fromstring(schedule_xml(SITE, publication))  # noqa: S314
    assert root.findtext("conference/time_zone_name") == "Asia/Seoul"


def test_the_bytes_are_the_same_each_time_and_without_addresses(publication: Publication) -> None:
    for render in (schedule_xml, schedule_json):
        assert render(SITE, publication) == render(SITE, publication)
        assert b"@" not in render(SITE, publication)


def test_eventfahrplan_finds_each_event_at_its_instant(any_publication: Publication) -> None:
    assert by_eventfahrplan(schedule_xml(SITE, any_publication)) == instants(any_publication)


def test_giggity_finds_each_event_at_its_instant(any_publication: Publication) -> None:
    assert by_giggity(schedule_xml(SITE, any_publication)) == instants(any_publication)


@pytest.mark.parametrize(
    ("timezone", "day", "end"),
    [("America/Santiago", "2022-09-10", "2022-09-11T00:00:00-04:00"),  # the clocks go from 00:00 to 01:00
     ("America/Santiago", "2022-04-02", "2022-04-03T00:00:00-04:00"),  # and from 24:00 back to 23:00
     ("America/Havana", "2022-11-05", "2022-11-06T00:00:00-04:00"),  # 00:00 is there twice
     ("Asia/Kolkata", "2022-11-05", "2022-11-06T00:00:00+05:30")],
)  # fmt: skip
def test_a_day_ends_at_midnight_whatever_the_clocks_do(timezone: str, day: str, end: str) -> None:
    start = zones.instant(datetime.fromisoformat(f"{day}T10:00"), timezone)
    segment = Segment(id="s", title="s", start=start, end=start + timedelta(hours=16))
    session = Session(id="s", title="s", start=start, end=segment.end, timezone=timezone, segments=(segment,))
    publication = first_publication(Program(sessions=(session,)), start)
    (written,) = ElementTree.fromstring(schedule_xml(SITE, publication)).findall("day")  # noqa: S314
    assert (written.get("date"), written.get("end")) == (day, end)


Found = list[tuple[str, datetime, datetime]]


def instants(publication: Publication) -> Found:
    """Of all segments, as both apps know them: by whole minutes."""
    segments = [s for session in publication.program.sessions for s in session.segments]
    return sorted((s.title, s.start, s.start + (s.end - s.start) // MINUTE * MINUTE) for s in segments)


def by_eventfahrplan(content: bytes) -> Found:
    """By its rules: a day has an index, a date and an end, whose time of day is when a day changes; what
    begins earlier is a part of the night after it. An event has a guid of its own and a room that has a name;
    the instant is its date, with which the day and the start agree."""
    root = ElementTree.fromstring(content)  # noqa: S314
    timezone, found = root.findtext("conference/time_zone_name") or "", []
    assert root.findtext("version")
    guids = [event.get("guid") for event in root.iter("event")]
    assert len(set(guids)) == len(guids)
    for index, day in enumerate(root.findall("day"), 1):
        assert day.get("index") == str(index)
        change = minutes((day.get("end") or "").partition("T")[2][:5])
        for room in day.findall("room"):
            assert (room.get("name") or "").strip()
            for event in room.findall("event"):
                start = minutes(event.findtext("start") or "")
                relative = start + (24 * 60 if start < change else 0)
                instant = datetime.fromisoformat(event.findtext("date") or "").astimezone(UTC)
                local = zones.local(instant, timezone)
                assert local.date().isoformat() == day.get("date")
                assert relative == local.hour * 60 + local.minute
                length = minutes(event.findtext("duration") or "") * MINUTE
                found.append((event.findtext("title") or "", instant, instant + length))
    return sorted(found)


def by_giggity(content: bytes) -> Found:
    """By its rules: an event without id, title, start or duration is left out; persons and links are read
    from their elements; the instant is its date, in the conference's zone where it had none."""
    root = ElementTree.fromstring(content)  # noqa: S314
    zones.named(root.findtext("conference/time_zone_name") or "")
    found = []
    for event in root.iterfind("day/room/event"):
        if event.get("id") and all(event.findtext(name) for name in ("title", "start", "duration")):
            instant = datetime.fromisoformat(event.findtext("date") or "").astimezone(UTC)
            length = minutes(event.findtext("duration") or "") * MINUTE
            found.append((event.findtext("title") or "", instant, instant + length))
            assert all("://" in (link.get("href") or "") for link in event.iter("link"))
    return sorted(found)


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
