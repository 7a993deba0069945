"""Mails handed over on the command line, as a mail server, cron or a person does it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gsef_notify import cli
from gsef_notify.store import suppressions
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.suppressions import Suppression
from tests.conftest import utc

Captured = pytest.CaptureFixture[str]
MAILS = Path(__file__).parent / "mail" / "inbound"
POSTFIX, AWAY = MAILS / "postfix.eml", MAILS / "out-of-office.eml"
UNKNOWN = "a mail that came back is none of ours: nothing was sent with its Message-ID\n"
AUTOMATIC = "an automatic answer, which says nothing to a program\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder, without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GSEF_NOTIFY_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def engine() -> Engine:
    return open_database("sqlite:///var/gsef-notify.db")


def piped(content: bytes, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    """The command at the end of a pipe, as a mail server runs it."""
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    command = [sys.executable, "-m", "gsef_notify", *arguments, "inbound"]
    return subprocess.run(command, input=content, env=known | settings, capture_output=True, timeout=60)


def test_a_mail_comes_through_a_pipe() -> None:
    done = piped(POSTFIX.read_bytes())
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, UNKNOWN, b"")


def test_a_mail_of_any_length_is_read_from_the_pipe_to_its_end() -> None:
    command = [sys.executable, "-m", "gsef_notify", "inbound"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"x" * 5_000_000)
        process.stdin.close()
        said = process.stdout.read()
    assert (process.returncode, said) == (
        0,
        b"a mail that can not be read: it has more than 1000000 bytes\n",
    )


@pytest.mark.parametrize("database", ["sqlite:////proc/none/x.db", "mysql://db.example.org/x"])
def test_without_its_database_the_mail_server_is_asked_to_try_again(database: str) -> None:
    done = piped(POSTFIX.read_bytes(), GSEF_NOTIFY_DATABASE=database)
    assert (done.returncode, done.stdout) == (os.EX_TEMPFAIL, b"")
    assert done.stderr.startswith(b"gsef-notify: database")
    assert b"Traceback" not in done.stderr


def test_with_wrong_settings_too() -> None:
    Path("wrong.toml").write_text("databose = 1")
    assert piped(POSTFIX.read_bytes(), "--config", "wrong.toml").returncode == os.EX_TEMPFAIL


def test_a_database_that_fails_later_is_no_reason_to_lose_a_mail(engine: Engine, capsys: Captured) -> None:
    with transaction(engine) as connection:
        connection.exec_driver_sql("DROP TABLE deliveries")
    assert cli.main(["inbound", str(POSTFIX)]) == os.EX_TEMPFAIL
    assert "no such table: deliveries - it is tried again" in capsys.readouterr().err


def test_mails_are_taken_from_files(capsys: Captured) -> None:
    assert cli.main(["inbound", str(POSTFIX), str(AWAY)]) == 0
    assert capsys.readouterr().out == UNKNOWN + AUTOMATIC


def test_mails_are_taken_from_a_maildir(capsys: Captured) -> None:
    for name in ("new", "cur"):
        (Path("box") / name).mkdir(parents=True)
    (Path("box") / "new" / "1").write_bytes(AWAY.read_bytes())
    assert cli.main(["inbound", "--maildir", "box"]) == 0
    assert cli.main(["inbound", "--maildir", "box"]) == 0
    assert capsys.readouterr().out == AUTOMATIC


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere.eml"], 2, "nowhere.eml: No such file or directory - name a file with a mail in it"),
        (["--maildir", "nowhere"], 2, "nowhere/new: No such file or directory - name a Maildir"),
        (["--imap"], 2, "inbound: it names no mailbox - write imaps://USER:PASSWORD@HOST/INBOX"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], code: int, sentence: str, capsys: Captured) -> None:
    assert cli.main(["inbound", *arguments]) == code
    assert sentence in capsys.readouterr().err


def test_two_sources_are_one_too_many(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["inbound", "--imap", "--maildir", "x"])
    assert ended.value.code == 2


def test_an_address_that_came_back_is_listed_counted_and_released(engine: Engine, capsys: Captured) -> None:
    gone = Suppression(
        email="ana@example.org", reason="5.1.1: smtp; [x]", since=utc("2021-10-01 09:05"), status="5.1.1"
    )
    with transaction(engine) as connection:
        suppressions.suppress(connection, gone)
    cli.main(["people", "list"])
    assert "ana@example.org  2021-10-01 09:05  5.1.1: smtp; [x]" in capsys.readouterr().out
    cli.main(["status"])
    assert "suppressed 1" in capsys.readouterr().out
    assert cli.main(["people", "release", "Ana@Example.org"]) == 0
    assert cli.main(["people", "release", "ana@example.org"]) == 1
    cli.main(["people", "list"])
    shown = capsys.readouterr()
    assert "ana@example.org" not in shown.out.replace("Ana@example.org gets mail again", "")
    assert "mail goes to ana@example.org: nothing keeps it back" in shown.err
