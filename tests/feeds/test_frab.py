"""Schedules for the conference apps, valid by their schemas."""

import json
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from gsef_notify import readers
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.frab import schedule_json, schedule_xml
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program
from tests.conftest import shared, utc
from tests.feeds.truth import around_changes

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
