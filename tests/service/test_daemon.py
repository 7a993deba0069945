"""The service as it really runs: watched files, signals, ports, and a rehearsal."""

import json
import mailbox
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from watchfiles import Change

from gsef_notify.reminders.people import Contact
from gsef_notify.service.daemon import _is_program
from gsef_notify.service.publish import Policy, take_contacts
from gsef_notify.store.database import open_database
from tests.conftest import SAMPLE, utc
from tests.service.running import Service, free_port, program_that_begins, service, wait_until

FAR = utc("2031-05-01 09:00")


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    folder = tmp_path / "schedules"
    folder.mkdir()
    (folder / "near.yaml").write_text(program_that_begins(FAR))
    return folder


@pytest.fixture
def running(tmp_path: Path, schedules: Path) -> Iterator[Service]:
    with service(tmp_path, str(schedules)) as running:
        running.wait_until_healthy()
        yield running


def test_it_serves_what_it_read_and_ends_when_asked(running: Service) -> None:
    assert json.loads(running.get("/healthz")[1]) == {"ok": True, "role": "all", "revision": 1}
    assert b"SUMMARY;LANGUAGE=en:Everything" in running.get("/sessions/near.ics")[1]
    assert b"A session that is near" in running.get("/")[1]
    assert running.terminate() == 0
    assert "Traceback" not in running.log


def test_a_changed_file_is_published(running: Service, schedules: Path) -> None:
    (schedules / "near.yaml").write_text(program_that_begins(FAR + timedelta(minutes=30)))
    running.wait_for_log("published revision 2")
    assert b"DTSTART:20310501T093000Z" in running.get("/calendar.ics?timezone=utc")[1]


def test_a_broken_edit_is_reported_and_the_last_good_program_stays(running: Service, schedules: Path) -> None:
    (schedules / "near.yaml").write_text(program_that_begins(FAR).replace("timezone: UTC", "timezone: Mars"))
    running.wait_for_log("the last good program stays")
    assert "near.yaml:7:15: error ZONE_UNKNOWN_NAME unknown time zone 'Mars'" in running.log
    assert b"DTSTART:20310501T090000Z" in running.get("/calendar.ics?timezone=utc")[1]
    (schedules / "near.yaml").write_text(program_that_begins(FAR, "Mended"))
    running.wait_for_log("published revision 2")


def test_only_program_files_are_watched() -> None:
    names = ["a.yaml", "a.MD", "state.db", "state.db-journal", "people.csv"]
    assert [name for name in names if _is_program(Change.added, name)] == ["a.yaml", "a.MD"]


def test_a_file_replaced_as_editors_do_is_noticed(running: Service, schedules: Path) -> None:
    draft = schedules / ".near.yaml.swp"
    draft.write_text(program_that_begins(FAR, "Replaced"))
    draft.replace(schedules / "near.yaml")
    running.wait_for_log("published revision 2")


def test_after_a_restart_with_a_broken_file_the_stored_program_is_served(
    tmp_path: Path, schedules: Path
) -> None:
    with service(tmp_path, str(schedules)) as first:
        first.wait_until_healthy()
        first.terminate()
    (schedules / "near.yaml").write_text("sessions: [")
    with service(tmp_path, str(schedules)) as second:
        second.wait_until_healthy()
        assert json.loads(second.get("/healthz")[1])["revision"] == 1
        assert "the program files have errors: revision 1 stays" in second.log


def test_with_nothing_to_serve_it_says_why_and_ends(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("sessions: [")
    with service(tmp_path, str(tmp_path / "x.yaml")) as failed:
        assert failed.process.wait(timeout=60) == 1
        assert "x.yaml:2:1: error YAML_SYNTAX" in failed.log or "x.yaml:1:12: error YAML_SYNTAX" in failed.log
        assert "Traceback" not in failed.log


def test_a_second_service_on_the_same_database_is_refused(
    running: Service, tmp_path: Path, schedules: Path
) -> None:
    with service(tmp_path, str(schedules)) as second:
        assert second.process.wait(timeout=60) == 2
        assert f"process {running.process.pid} serves it already" in second.log


def test_a_port_that_is_taken_is_one_sentence(running: Service, tmp_path: Path, schedules: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with service(other, str(schedules), "--port", str(running.port)) as second:
        assert second.process.wait(timeout=60) == 2
        assert f"can not listen on 127.0.0.1:{running.port}: Address already in use" in second.log


def test_what_is_due_goes_out_by_itself(tmp_path: Path) -> None:
    start = (datetime.now(UTC) + timedelta(minutes=40)).replace(second=0, microsecond=0)
    (tmp_path / "near.yaml").write_text(program_that_begins(start))
    (tmp_path / "people.csv").write_text("name,email,role\nAna,ana@example.org,participant\n")
    with service(tmp_path, str(tmp_path)) as running:
        running.wait_until_healthy()
        assert running.terminate() == 0
    command = [sys.executable, "-m", "gsef_notify", "people", "import", str(tmp_path / "people.csv")]
    environment = {"PATH": os.environ["PATH"], "GSEF_NOTIFY_DATABASE": f"sqlite:///{tmp_path}/state.db"}
    subprocess.run(command, env=environment, check=True, timeout=60)
    with service(tmp_path, str(tmp_path)) as running:
        wait_until(lambda: len(mailbox.Maildir(tmp_path / "mail")) == 1, f"a mail\n{running.log}")
        running.wait_for_log("(participant-1-hour) sent")
        assert running.terminate() == 0


def test_a_mail_server_that_is_down_is_told_and_the_mails_wait(tmp_path: Path) -> None:
    start = (datetime.now(UTC) + timedelta(minutes=40)).replace(second=0, microsecond=0)
    (tmp_path / "near.yaml").write_text(program_that_begins(start))
    engine = open_database(f"sqlite:///{tmp_path}/state.db")
    people = [Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(9)]
    take_contacts(engine, people, Policy(), datetime.now(UTC))
    engine.dispose()
    with service(tmp_path, str(tmp_path), mail=f"smtp://127.0.0.1:{free_port()}") as running:
        running.wait_for_log("is left alone until")
        with pytest.raises(HTTPError) as told:
            running.get("/healthz")
        assert "no mail server takes mails; the next try is at" in told.value.read().decode()
        assert running.log.count(" waits: can not reach") <= 4
        assert running.terminate() == 0
        assert "Traceback" not in running.log


def test_a_rehearsal_plays_by_itself_to_its_last_mail(tmp_path: Path) -> None:
    with service(tmp_path, "--rehearse", str(SAMPLE), "--speed", "120") as running:
        running.wait_until_healthy()
        wait_until(lambda: len(json.loads(running.get("/rehearsal.json")[1])["mails"]) == 24, "24 mails")
        progress = json.loads(running.get("/rehearsal.json")[1])
        key = progress["mails"][-1]["key"]
        assert b"you are on at 05:41 (Toronto time)" in running.get(f"/rehearsal/mails/{key}")[1]
        assert len(mailbox.Maildir(tmp_path / "var" / "rehearsal" / "mail")) == 24
        assert running.terminate() == 0
