"""The database is opened, brought up to date, and kept from a second service."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import OperationalError

from gsef_notify.errors import SettingsError
from gsef_notify.store import database, sqlite
from gsef_notify.store.instance import workplace
from gsef_notify.store.migrations import NEWEST
from gsef_notify.store.tables import contacts


def test_opening_again_changes_nothing(engine: Engine) -> None:
    database.open_database(str(engine.url)).dispose()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "'nonsense' is no database URL"),
        ("mysql://localhost/x", "mysql is not supported, sqlite and postgresql are"),
        ("sqlite:////proc/none/x.db", "No such file or directory"),
    ],
)
def test_a_database_that_can_not_be_is_one_sentence(url: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        database.open_database(url)
    assert reason in str(refused.value)
    assert "name a file in a folder that this user may write" in str(refused.value)


def test_a_server_that_is_not_there_is_one_sentence_without_the_password() -> None:
    with pytest.raises(SettingsError) as refused:
        database.open_database("postgresql://me:hush@127.0.0.1:1/gsef")
    assert str(refused.value).startswith("database postgresql://me:***@127.0.0.1:1/gsef: connection failed")
    assert "start the server, or write the right one" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.both_databases
def test_a_database_that_a_later_version_has_written_is_refused(engine: Engine, database_url: str) -> None:
    with database.transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SettingsError, match="a later version of gsef-notify has written it"):
            database.open_database(database_url)
    finally:
        with database.transaction(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": NEWEST})


@pytest.mark.both_databases
def test_text_that_no_database_can_keep_is_kept_as_far_as_can_be(engine: Engine) -> None:
    long = "é" * 5000
    hostile = {"email": "a\x00@example.org", "name": f"N\x00\ud800{long}", "origin": "list"}
    with database.transaction(engine) as connection:
        connection.execute(insert(contacts).values(hostile))
    with database.reading(engine) as connection:
        row = connection.execute(select(contacts).where(contacts.c.email == "a\x00@example.org")).one()
    assert (row.email, row.name) == ("a\ufffd@example.org", f"N\ufffd\ufffd{long}")


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
    assert sqlite.journal_mode(version) == mode


def test_a_second_service_is_refused_and_told_who_is_first(engine: Engine) -> None:
    with (
        workplace(engine),
        pytest.raises(SettingsError, match=f"process {os.getpid()} serves it already"),
        workplace(engine),
    ):
        pass
    with workplace(engine):
        pass


def test_a_transaction_has_the_right_to_write_from_its_beginning(engine: Engine) -> None:
    impatient = database.open_database(f"{engine.url}?timeout=0")
    with database.transaction(engine), impatient.connect() as intruder:
        intruder.connection.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(OperationalError, match="locked"):
            intruder.begin()
    impatient.dispose()
