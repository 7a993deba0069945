"""The database is opened, brought up to date, and kept from a second service."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, insert, select

from gsef_notify.errors import SettingsError
from gsef_notify.store import database
from gsef_notify.store.instance import only_instance
from gsef_notify.store.migrations import upgrade
from gsef_notify.store.tables import contacts, metadata


def test_the_migrations_make_the_tables_that_the_program_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_an_older_version_wrote_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    old = create_engine(url)
    upgrade(old, "0001")
    with old.begin() as connection:
        row = {"email": "eric@example.org", "name": "Eric", "origin": "list"}
        connection.execute(insert(contacts).values(row))
    old.dispose()
    engine = database.open_database(url)
    with database.reading(engine) as connection:
        assert connection.scalars(select(contacts.c.email)).all() == ["eric@example.org"]
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_opening_again_changes_nothing(engine: Engine) -> None:
    database.open_database(str(engine.url)).dispose()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "'nonsense' is no database URL"),
        ("mysql://localhost/x", "mysql is not supported yet"),
        ("sqlite:////proc/none/x.db", "No such file or directory"),
    ],
)
def test_a_database_that_can_not_be_is_one_sentence(url: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        database.open_database(url)
    assert reason in str(refused.value)
    assert "name a file in a folder that this user may write" in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is a shopping list and surely no database of any kind" * 50)
    with pytest.raises(SettingsError, match="file is not a database"):
        database.open_database(f"sqlite:///{tmp_path}/x.db")


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 50, 7), "WAL"),
        ((3, 44, 5), "DELETE"),
    ],
)
def test_the_journal_is_chosen_by_the_version_of_the_library(version: tuple[int, ...], mode: str) -> None:
    assert database._journal_mode(version) == mode


def test_a_second_service_is_refused_and_told_who_is_first(engine: Engine) -> None:
    with (
        only_instance(engine),
        pytest.raises(SettingsError, match=f"process {os.getpid()} serves it already"),
        only_instance(engine),
    ):
        pass
    with only_instance(engine):
        pass
