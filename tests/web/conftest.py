"""The application that shows the workshop, asked without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gsef_notify.web.app import create_app
from tests.web.gsef2021 import Played, Shown, house

TEMPLATES = Path(__file__).parents[2] / "templates" / "web"


@pytest.fixture
def source() -> Shown:
    return Shown()


@pytest.fixture
def client(source: Shown) -> Iterator[TestClient]:
    with TestClient(create_app(house(source), TEMPLATES)) as client:
        yield client


@pytest.fixture
def stage() -> Played:
    return Played()


@pytest.fixture
def staged(stage: Played) -> Iterator[TestClient]:
    with TestClient(create_app(house(stage=stage), TEMPLATES)) as client:
        yield client
