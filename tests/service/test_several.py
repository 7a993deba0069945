"""Several services on one PostgreSQL database: they share nothing else, and nobody is the leader."""

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.publish import publish, take_contacts
from gsef_notify.store import revisions
from gsef_notify.store.database import open_database, reading
from tests.conftest import POLICY, utc
from tests.postgresql import Server
from tests.service.kills import play_with_several, play_without_database
from tests.service.running import program_that_begins, service, wait_until

NOW = utc("2021-10-01 08:59")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_what_a_killed_worker_was_sending_is_taken_over_and_nothing_is_lost(
    tmp_path: Path, postgresql_url: str
) -> None:
    count = play_with_several(tmp_path, postgresql_url, mails=200, kill=60)
    assert (count.lost, count.states["sent"]) == (0, 200)
    assert count.duplicates <= 1
    assert count.most_copies <= 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_a_database_that_is_started_anew_loses_no_mail_and_repeats_none(
    tmp_path: Path, postgresql_server: Server, postgresql_url: str
) -> None:
    def outage() -> None:
        postgresql_server.stop()
        postgresql_server.start()

    count = play_without_database(tmp_path, postgresql_url, 40, [10, 30], outage)
    assert (count.lost, count.duplicates, count.states["sent"]) == (0, 0, 40)


def test_a_change_is_published_once_and_reaches_the_pages_of_other_machines(
    tmp_path: Path, postgresql_url: str
) -> None:
    file = tmp_path / "near.yaml"
    file.write_text(program_that_begins(utc("2031-05-01 09:00")))
    with (
        service(tmp_path, str(file), "--role", "web", database=postgresql_url) as web,
        service(tmp_path, str(file), "--role", "worker", database=postgresql_url) as one,
        service(tmp_path, str(file), "--role", "worker", database=postgresql_url) as other,
    ):
        for each in (web, one, other):
            each.wait_until_healthy()
        said = [json.loads(each.get("/healthz")[1]) for each in (web, one)]
        assert [(each["role"], each["revision"]) for each in said] == [("web", 1), ("worker", 1)]
        file.write_text(program_that_begins(utc("2031-05-01 09:00"), "Another title"))
        wait_until(lambda: b"Another title" in web.get("/")[1], "the new title")
        assert (one.log + other.log).count("published revision 2") == 1
        assert [each.terminate() for each in (web, one, other)] == [0, 0, 0]
        assert "Traceback" not in web.log + one.log + other.log


@pytest.mark.parametrize("role", ["web", "worker"])
def test_on_sqlite_one_service_does_everything(tmp_path: Path, role: str) -> None:
    with service(tmp_path, str(tmp_path), "--role", role) as refused:
        assert refused.process.wait(timeout=60) == 2
        assert f"--role {role}: one service does everything on SQLite - leave --role out" in refused.log


@pytest.mark.both_databases
def test_those_who_publish_the_same_at_once_make_one_revision(
    database_url: str, engine: Engine, program: Program, contacts: tuple[Contact, ...]
) -> None:
    take_contacts(engine, contacts, POLICY, NOW)
    together = threading.Barrier(4)
    news: list[bool] = []

    def work() -> None:
        own = open_database(database_url)
        together.wait()
        news.append(publish(own, program, POLICY, NOW)[1])
        own.dispose()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False, False, False, True]
    with reading(engine) as connection:
        assert revisions.newest_number(connection) == 1
