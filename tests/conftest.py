"""What several rooms' tests share: the sample, a database, and everything that it takes to send."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from gsef_notify import readers
from gsef_notify.program.model import Program, Session
from gsef_notify.readers import contact_list
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.rules import DEFAULT_RULES
from gsef_notify.service.publish import Policy
from gsef_notify.store.database import open_database
from tests import postgresql

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "schedules" / "gsef-2021-alliances.md"
SHARED = ROOT.parent / "shared"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ERIC = "eric-leyton-inostroza"

RESTLESS = tuple(msgspec.structs.replace(rule, quiet=None) for rule in DEFAULT_RULES)
POLICY = Policy(RESTLESS, quiet=None)
"""The default rules for people who never sleep, so that mails go out when they are due."""


def utc(text: str) -> datetime:
    """``2021-10-08 09:21`` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shared(name: str) -> Path:
    """A file of the folder with other people's material; the test is skipped where that is not there."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the folder {SHARED.name!r} with real programs is not beside this checkout")
    return path


@pytest.fixture
def program() -> Program:
    """The sample program."""
    return readers.read([SAMPLE]).accept()


@pytest.fixture
def session(program: Program) -> Session:
    """The session of the sample."""
    return program.sessions[0]


@pytest.fixture
def contacts() -> tuple[Contact, ...]:
    """The contact list of the sample."""
    return contact_list.read(SAMPLE.with_name("people.csv")).accept()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    with postgresql.server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> str:
    """A database on it, with our tables and nothing in them."""
    return postgresql_server.emptied()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: SQLite in a file; for tests that are marked so, PostgreSQL too."""
    if getattr(request, "param", SQLITE) == SQLITE:
        return f"sqlite:///{tmp_path}/test.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty database that is open."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The tests marked ``both_databases`` that use a database run on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases") and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", [SQLITE, POSTGRESQL], indirect=True)
