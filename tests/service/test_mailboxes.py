"""Mailboxes are emptied of what the program understands, and of nothing else."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from gsef_notify import wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.errors import SettingsError
from gsef_notify.mail.imap import MailboxError, account
from gsef_notify.service.calendar_replies import Inbox, Reply
from gsef_notify.service.errands import Errand
from gsef_notify.service.mailboxes import ImapRounds, take_maildir
from gsef_notify.settings import Settings
from tests.conftest import SAMPLE, utc
from tests.mail.conftest import Authority, authority
from tests.mail.dovecot import DOVECOT, MISSING, PASSWORD, USER, Dovecot, dovecot
from tests.service.running import service, wait_until

__all__ = ["authority"]
MAILS = Path(__file__).parents[1] / "mail" / "inbound"
NOW = utc("2021-10-01 09:05")
AWAY, FOR_PEOPLE = (MAILS / "out-of-office.eml").read_bytes(), (MAILS / "ordinary.eml").read_bytes()
needs_dovecot = pytest.mark.skipif(not DOVECOT.exists(), reason=MISSING)
Rounds = Callable[[str], ImapRounds]


@pytest.fixture(scope="module")
def running(authority: Authority) -> Iterator[Dovecot]:
    authority.context_for("127.0.0.1")
    with dovecot(authority.certificate.with_name("127.0.0.1.pem")) as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    running.empty()
    return running


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return wiring.inbox(Settings(), engine)


@pytest.fixture
def rounds(inbox: Inbox) -> Rounds:
    return lambda url: ImapRounds(account(url), inbox, SteppedClock(NOW))


def url(port: int, scheme: str = "imap", password: str = PASSWORD, rest: str = "") -> str:
    return f"{scheme}://{USER}:{quote(password)}@127.0.0.1:{port}/INBOX{rest}"


def maildir(folder: Path, *contents: bytes) -> Path:
    """A Maildir with new mails."""
    for name in ("new", "cur", "tmp"):
        (folder / "mails" / name).mkdir(parents=True)
    for number, content in enumerate(contents, 1):
        (folder / "mails" / "new" / str(number)).write_bytes(content)
    return folder / "mails"


def sentences(rounds: ImapRounds) -> list[str]:
    return [outcome.sentence for outcome in rounds.go()]


@needs_dovecot
def test_what_is_understood_is_seen_afterwards_and_the_rest_stays(server: Dovecot, rounds: Rounds) -> None:
    server.put(AWAY)
    server.put(FOR_PEOPLE)
    going = rounds(url(server.port))
    said = ["an automatic answer, which says nothing to a program", "a mail for people"]
    assert sentences(going) == said
    assert server.folders() == {"INBOX": [True, False]}
    assert sentences(going) == []
    server.put(AWAY)
    assert sentences(going) == said[:1]
    assert server.folders() == {"INBOX": [True, False, True]}


@needs_dovecot
def test_what_was_handled_is_moved_where_one_wants_it(server: Dovecot, rounds: Rounds) -> None:
    for content in (AWAY, FOR_PEOPLE, AWAY):
        server.put(content)
    assert len(sentences(rounds(url(server.port, rest="?handled=Handled")))) == 3
    assert server.folders() == {"INBOX": [False], "Handled": [True, True]}


@needs_dovecot
def test_a_very_long_mail_is_left_to_people(server: Dovecot, rounds: Rounds) -> None:
    server.put(b"Subject: long\r\n\r\n" + b"x" * 1_500_000)
    said = sentences(rounds(url(server.port)))
    assert said == ["a mail that can not be read: it has more than 1000000 bytes"]
    assert server.folders() == {"INBOX": [False]}


@needs_dovecot
@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_a_server_is_believed_by_its_certificate(
    server: Dovecot, rounds: Rounds, authority: Authority, scheme: str
) -> None:
    server.put(AWAY)
    port = server.tls_port if scheme == "imaps" else server.port
    with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
        sentences(rounds(url(port, scheme)))
    assert len(sentences(rounds(url(port, scheme, rest=f"?ca={authority.certificate}")))) == 1


@needs_dovecot
def test_a_wrong_password_and_folder_are_one_sentence_without_it(server: Dovecot, rounds: Rounds) -> None:
    with pytest.raises(MailboxError, match="Authentication failed") as refused:
        sentences(rounds(url(server.port, password="0ther")))
    assert "see whether host, user, password and folder are right" in str(refused.value)
    assert "0ther" not in str(refused.value) + repr(account(url(server.port, password="0ther")))
    with pytest.raises(MailboxError, match="Mailbox doesn't exist"):
        sentences(rounds(url(server.port).replace("INBOX", "No%20such")))


def test_a_server_that_is_not_there_is_one_sentence(rounds: Rounds) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailboxError, match=f"inbound: 127.0.0.1:{port}: .*Connection refused"):
        sentences(rounds(url(port)))


@pytest.mark.parametrize(
    "greeting", [b"", b"* BYE no\r\n", b"220 mail ESMTP\r\n", b"\xff" * 2_000_000, b"* OK\r\n"]
)
def test_a_server_of_another_kind_is_one_sentence(rounds: Rounds, greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection = listener.accept()[0]
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(MailboxError):
            sentences(rounds(url(listener.getsockname()[1], "imap+starttls")))
        thread.join()


def test_a_server_without_starttls_never_gets_the_password(rounds: Rounds) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection = listener.accept()[0]
            with connection, connection.makefile("rwb") as stream:
                stream.write(b"* OK ready\r\n")
                stream.flush()
                for line in stream:
                    heard.append(line)
                    stream.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + line.split()[0] + b" OK done\r\n")
                    stream.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(MailboxError, match="TLS not supported"):
            sentences(rounds(url(listener.getsockname()[1], "imap+starttls")))
        thread.join()
    assert [line.split()[1] for line in heard] == [b"CAPABILITY"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("pop3://ana:s3cret@h", "it names no mailbox"),
        ("imaps://h", "it names no user"),
        ("imaps://ana@h", "a user and a password belong together"),
        ("imap://ana:s3cret@mail.example.org", "would send the password in clear to mail.example.org"),
        ("imaps://ana:s3cret@h/R%C3%BCck", "other signs in it than those of ASCII"),
        ("imaps://ana:s3cret@h/a%0d%0ab", "other signs in it than those of ASCII"),
        ("imaps://ana:s3cret%0d%0a@h", "signs in it that can not be typed"),
        ("imaps://ana:s3cret@h?folder=x", "after ? only ca=FILE and handled=FOLDER can stand"),
        ("imaps://ana:s3cret@h?ca=/nowhere.pem", "inbound: can not read '/nowhere.pem'"),
    ],
)
def test_a_wrong_setting_is_one_sentence_without_the_password(wrong: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        account(wrong)
    assert reason in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_mailbox_is_named_in_full_or_by_half() -> None:
    given = account("imaps://ana%40example.org:p%2Fw@mail.example.org")
    assert (given.port, given.username, given.password) == (993, "ana@example.org", "p/w")
    assert (given.folder, given.handled) == ("INBOX", "")
    named = account("imap+starttls://a:b@h/Mail%20in/Answers?handled=Done")
    assert (named.port, named.folder, named.handled) == (143, "Mail in/Answers", "Done")


def test_the_new_mails_of_a_maildir_are_taken(tmp_path: Path, inbox: Inbox) -> None:
    folder = maildir(tmp_path, AWAY, FOR_PEOPLE)
    assert [each.handled for each in take_maildir(folder, inbox, SteppedClock(NOW))] == [True, False]
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert left == ["cur/1:2,S", "new/2"]


def test_a_folder_that_is_no_maildir_is_one_sentence(tmp_path: Path, inbox: Inbox) -> None:
    with pytest.raises(SettingsError, match="No such file or directory - name a Maildir"):
        list(take_maildir(tmp_path, inbox, SteppedClock(NOW)))


def test_a_mail_on_which_the_program_stumbles_keeps_no_other_back(tmp_path: Path, inbox: Inbox) -> None:
    def stumble(_: bytes) -> Reply:
        raise ZeroDivisionError

    inbox = replace(inbox, read_reply=stumble)
    folder = maildir(tmp_path, (MAILS / "reply-google.eml").read_bytes(), AWAY)
    assert [each.handled for each in take_maildir(folder, inbox, SteppedClock(NOW))] == [False, True]


async def test_an_errand_that_fails_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    failing = [MailboxError(account("imaps://a:b@h"), "x"), MailboxError(account("imaps://a:b@h"), "x"), None]

    def work() -> None:
        if error := failing.pop(0):
            raise error

    errand = Errand("inbound", 60, work)
    for _ in range(2):
        await errand.run()
        assert errand.trouble == "it fails at present; the log says more"
    await errand.run()
    assert errand.trouble is None
    assert [record.getMessage() for record in caplog.records] == [
        "inbound: h:993: x - see whether host, user, password and folder are right"
        " - it is tried again every 60 s"
    ]


@needs_dovecot
def test_the_service_looks_for_mail(server: Dovecot, tmp_path: Path) -> None:
    server.put(AWAY)
    with service(tmp_path, str(SAMPLE), inbound=url(server.port)) as running:
        running.wait_until_healthy()
        wait_until(lambda: server.folders() == {"INBOX": [True]}, f"a mail that was seen\n{running.log}")
        running.wait_for_log("inbound: an automatic answer, which says nothing to a program")
        assert PASSWORD not in running.log
        assert running.terminate() == 0


def test_the_service_goes_on_without_its_mailbox(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with service(tmp_path, str(SAMPLE), inbound=url(port)) as running:
        running.wait_until_healthy()
        running.wait_for_log(f"inbound: 127.0.0.1:{port}")
        wait_until(lambda: "inbound" in json.loads(running.get("/healthz")[1]), "a remark")
        status, body = running.get("/healthz")
        assert (status, json.loads(body)["inbound"]) == (200, "it fails at present; the log says more")
        assert running.terminate() == 0
