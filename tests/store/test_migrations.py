"""The tables are made, and brought up to date with all that is in them, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, String, insert, inspect, select
from sqlalchemy.engine import make_url

from gsef_notify.store import migrations, postgresql, sqlite
from gsef_notify.store.tables import Instant, Words, metadata
from tests.conftest import POSTGRESQL, SQLITE, utc
from tests.postgresql import Server

VERSIONS = sorted(
    script.revision for script in ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
)
NOW = utc("2021-10-01 09:00")
INVENTED = {"str": "x", "int": 1, "datetime": NOW, "bytes": b"{}", "bool": False}


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def untouched(request: pytest.FixtureRequest, tmp_path: Path, postgresql_server: Server) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == SQLITE:
        engine = sqlite.create(make_url(f"sqlite:///{tmp_path}/old.db"))
        yield engine
        engine.dispose()
        return
    with postgresql_server.database() as url:
        engine = postgresql.create(make_url(url))
        yield engine
        engine.dispose()


def fill(engine: Engine) -> dict[str, int]:
    """A row in every table that there is; their numbers by table."""
    found = MetaData()
    found.reflect(engine)
    tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as connection:
        for table in tables:
            row = {column.name: INVENTED[column.type.python_type.__name__] for column in table.columns}
            for column in table.columns:
                for key in column.foreign_keys:
                    row[column.name] = INVENTED[key.column.type.python_type.__name__]
            connection.execute(insert(table).values(row))
    return {table.name: 1 for table in tables}


def numbers(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {t.name: len(connection.execute(select(t)).all()) for t in metadata.sorted_tables}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_newest_version_is_the_last_step() -> None:
    assert VERSIONS[-1] == migrations.NEWEST


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_older_version_wrote_is_kept(untouched: Engine, version: str) -> None:
    migrations.upgrade(untouched, version)
    filled = fill(untouched)
    migrations.upgrade(untouched)
    assert {name: number for name, number in numbers(untouched).items() if number} == filled
    assert differences(untouched) == []


def test_upgrading_again_changes_nothing(untouched: Engine) -> None:
    migrations.upgrade(untouched)
    tables = set(inspect(untouched).get_table_names())
    migrations.upgrade(untouched)
    assert set(inspect(untouched).get_table_names()) == tables == {*metadata.tables, "alembic_version"}


def test_texts_have_no_longest_length_because_only_one_of_the_databases_would_hold_them_to_it() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    texts = [column.type for column in columns if isinstance(column.type, String | Words)]
    assert {type(each) for each in texts} == {Words}
    assert {getattr(each, "length", None) for each in texts} == {None}


def test_instants_are_kept_with_their_zone(untouched: Engine) -> None:
    migrations.upgrade(untouched)
    kinds = {type(c.type) for t in metadata.sorted_tables for c in t.columns if c.name in ("due", "since")}
    assert kinds == {Instant}
