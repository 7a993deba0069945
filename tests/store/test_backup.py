"""A copy of the database is whole, although the service writes meanwhile."""

import subprocess
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from gsef_notify.errors import SettingsError
from gsef_notify.reminders.people import Contact
from gsef_notify.store import people
from gsef_notify.store.backup import backup
from gsef_notify.store.database import open_database, reading, transaction
from tests.postgresql import Server


def add(engine: Engine, number: int) -> None:
    """Two contacts, in one transaction."""
    pair = [Contact(name=n, email=f"{n}{number}@example.org", role="participant") for n in ("a", "b")]
    with transaction(engine) as connection:
        people.add(connection, pair)


def names(url: str) -> list[str]:
    engine = open_database(url)
    with reading(engine) as connection:
        found = [contact.name for contact in people.listed(connection)]
    engine.dispose()
    return found


def test_a_copy_made_while_others_write_can_be_opened_and_has_all_that_was_committed(
    engine: Engine, tmp_path: Path
) -> None:
    add(engine, 0)
    over = threading.Event()

    def work() -> None:
        number = 1
        while not over.is_set():
            add(engine, number)
            number += 1

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(5):
            backup(engine, tmp_path / f"copy{number}.db")
    finally:
        over.set()
        writer.join()
    kept = [names(f"sqlite:///{tmp_path}/copy{number}.db") for number in range(5)]
    assert all(copy.count("a") == copy.count("b") >= 1 for copy in kept)
    assert sorted(kept, key=len) == kept
    assert not list(tmp_path.glob("*.unfinished"))


def test_what_is_there_already_is_not_overwritten(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("dear")
    with pytest.raises(SettingsError, match=r"copy\.db exists already - name a new file"):
        backup(engine, target)
    assert target.read_text() == "dear"


def test_a_folder_that_can_not_be_written_is_one_sentence(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file or directory"):
        backup(engine, tmp_path / "none" / "copy.db")


def test_for_postgresql_it_says_the_command_without_the_password() -> None:
    engine = create_engine("postgresql+psycopg://me:secret@db.example.org/gsef_notify?sslmode=require")
    with pytest.raises(SettingsError) as refused:
        backup(engine, Path("my copy"))
    assert str(refused.value).endswith(
        "write: pg_dump --format=custom '--file=my copy' "
        "'--dbname=postgresql://me@db.example.org/gsef_notify?sslmode=require'"
    )


def test_a_dump_of_postgresql_can_be_restored(
    postgresql_server: Server, postgresql_url: str, tmp_path: Path
) -> None:
    engine = open_database(postgresql_url)
    add(engine, 0)
    engine.dispose()
    dump, programs = tmp_path / "dump", postgresql_server.programs
    with postgresql_server.database() as fresh:
        old, new = (url.replace("+psycopg", "") for url in (postgresql_url, fresh))
        make = [str(programs / "pg_dump"), "--format=custom", f"--file={dump}", f"--dbname={old}"]
        subprocess.run(make, check=True)
        subprocess.run([str(programs / "pg_restore"), f"--dbname={new}", str(dump)], check=True)
        assert names(fresh) == ["a", "b"]
