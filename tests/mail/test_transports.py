"""A wrong mail setting is answered with what to write, and never with the password."""

import traceback
from pathlib import Path
from typing import Any

import pytest

from gsef_notify.errors import SettingsError
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.relay import Relay
from gsef_notify.mail.smtp import Server
from gsef_notify.mail.transports import open_transport, without_password

SECRET = "s3cret"


def servers_of(setting: str, **options: Any) -> list[Server]:
    transport = open_transport(setting, **options)
    assert isinstance(transport, Relay)
    return [pool.server for pool in transport.pools]


def server_of(url: str) -> Server:
    (server,) = servers_of(url)
    return server


def test_a_maildir_url_makes_the_folders(tmp_path: Path) -> None:
    transport = open_transport(f"maildir:{tmp_path}/var/mail")
    assert isinstance(transport, MaildirTransport)
    assert sorted(path.name for path in (tmp_path / "var/mail").iterdir()) == ["cur", "new", "tmp"]


def test_a_maildir_that_can_not_be_made_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="file/mail: Not a directory - name a folder"):
        open_transport(f"maildir:{tmp_path}/file/mail")


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://localhost:2525", "localhost", 2525, "none"),
        ("smtp://127.0.0.1", "127.0.0.1", 25, "none"),
        ("smtp://[::1]:26", "::1", 26, "none"),
        ("smtp+starttls://mail.example.org", "mail.example.org", 587, "starttls"),
        ("smtps://mail.example.org", "mail.example.org", 465, "tls"),
        ("smtps://mail.example.org:4650/", "mail.example.org", 4650, "tls"),
    ],
)
def test_the_scheme_says_how_the_connection_is_protected(
    url: str, host: str, port: int, security: str
) -> None:
    server = server_of(url)
    assert (server.host, server.port, server.security) == (host, port, security)
    assert (server.tls is not None) == (security != "none")


def test_user_and_password_may_have_any_character_as_percent_xx() -> None:
    server = server_of("smtps://ana%40example.org:p%40ss%2F%3A%C3%BC@mail.example.org")
    assert (server.username, server.password) == ("ana@example.org", "p@ss/:ü")


def test_the_name_of_this_machine_is_passed_on() -> None:
    (server,) = servers_of("smtps://mail.example.org", local_hostname="gsef.example.org")
    assert server.local_hostname == "gsef.example.org"


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n  "])
def test_a_second_server_stands_behind_the_first(between: str) -> None:
    setting = f"smtps://ana:{SECRET}@a.example.org{between}smtp+starttls://ana:p,{SECRET}@b.example.org"
    assert [str(server) for server in servers_of(setting)] == ["a.example.org:465", "b.example.org:587"]
    assert servers_of(setting)[1].password == f"p,{SECRET}"
    assert without_password(setting) == "smtps://a.example.org, smtp+starttls://b.example.org"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "it names no way to send mail"),
        ("smtps://a.example.org maildir:var/mail", "the host"),
        ("maildir:", "it names no way to send mail"),
        ("mail.example.org:25", "it names no way to send mail"),
        (f"imap://ana:{SECRET}@mail.example.org", "it names no way to send mail"),
        (f"smtp://ana:{SECRET}@mail.example.org:25", "would send everything in clear to mail.example.org"),
        ("smtp://127.0.0.1.example.org", "would send everything in clear to 127.0.0.1.example.org"),
        (f"smtps://ana:{SECRET}/x@mail.example.org", "the host and port can not be read"),
        (f"smtps://ana:{SECRET}@mail.example.org:99999", "the host and port can not be read"),
        (f"smtps://ana:{SECRET}@[mail", "the host and port can not be read"),
        (f"smtps://ana:{SECRET}@", "it names no host"),
        ("smtp+starttls://mail example org", "the host has signs in it that no host name has"),
        (f"smtps://ana:{SECRET}@mail.example.org/inbox", "something follows the host and port"),
        (f"smtps://ana:{SECRET}@mail.example.org#x", "something follows the host and port"),
        (f"smtps://ana:{SECRET}@mail.example.org?tls=no", "after ? only ca=FILE can stand"),
        ("smtps://ana@mail.example.org", "a user and a password belong together"),
        (f"smtps://:{SECRET}@mail.example.org", "a user and a password belong together"),
        (
            f"smtps://ana:{SECRET}@mail.example.org?ca=/nowhere.pem",
            "can not read '/nowhere.pem': No such file",
        ),
        (f"smtps://ana:{SECRET}@mail.example.org?ca={__file__}", "no PEM certificate in it"),
    ],
)
def test_a_wrong_url_is_refused_with_the_reason_and_the_remedy(url: str, reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_transport(url)
    assert reason in str(caught.value)
    assert " - write " in str(caught.value) or " - name a PEM file" in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_no_password_is_shown_with_a_server() -> None:
    assert SECRET not in repr(server_of(f"smtps://ana:{SECRET}@mail.example.org"))
    assert str(server_of(f"smtps://ana:{SECRET}@mail.example.org")) == "mail.example.org:465"
