"""Schedules for the conference apps, over HTTP."""

import json
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from gsef_notify.feeds.events import Site
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program
from gsef_notify.settings import bundled
from gsef_notify.web.app import create_app
from gsef_notify.web.sources import Health, House
from tests.conftest import utc
from tests.web.gsef2021 import NOBODYS, UNASKED

SITE = Site("GSEF 2021", "https://gsef.example.org", "gsef.example.org")


class Source:
    """Always the same publication."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication

    def latest(self) -> Publication:
        return self._publication


@pytest.fixture
def client(program: Program) -> TestClient:
    source = Source(first_publication(program, utc("2021-09-01 12:00")))
    house = House(SITE, source, lambda: Health(True, 1), lambda: utc("2021-10-07 12:00"), NOBODYS, UNASKED)
    return TestClient(create_app(house, bundled("templates") / "web"))


def test_the_xml_is_served_and_answers_304(client: TestClient) -> None:
    answer = client.get("/schedule.xml")
    assert answer.headers["content-type"] == "application/xml"
    assert len(ElementTree.fromstring(answer.content).findall("day/room/event")) == 10  # noqa: S314
    again = client.get("/schedule.xml", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_json_is_served_to_other_sites_too(client: TestClient) -> None:
    answer = client.get("/schedule.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-disposition"] == 'inline; filename="schedule.json"'
    assert json.loads(answer.content)["schedule"]["conference"]["time_zone_name"] == "Asia/Seoul"
