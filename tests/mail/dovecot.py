"""Dovecot on two ports of this machine, for one mailbox."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.service.running import free_port, wait_until

DOVECOT = Path("/usr/sbin/dovecot")
MISSING = f"{DOVECOT} is missing: apt-get install dovecot-imapd"
USER, PASSWORD = "inbound", "s3cret é"
_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = {ssl}
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = {folder}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = {ssl}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server, in clear or STARTTLS on ``port`` and in TLS on ``tls_port``."""

    port: int
    tls_port: int

    def put(self, content: bytes, folder: str = "INBOX") -> None:
        """Leave a mail in a folder."""
        with self.client() as client:
            assert client.append(folder, "", "", content)[0] == "OK"

    def folders(self) -> dict[str, list[bool]]:
        """Of each mail of each folder that there is, whether it was seen."""
        return {folder: seen for folder in ("INBOX", "Handled") if (seen := self._seen(folder)) is not None}

    def empty(self) -> None:
        """Take all mails away."""
        with self.client() as client:
            client.delete("Handled")
            client.select("INBOX")
            client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """A program of somebody who reads the mailbox too."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=30) as client:
            client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield client

    def _seen(self, folder: str) -> list[bool] | None:
        with self.client() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return None
            found = client.uid("FETCH", "1:*", "(FLAGS)")[1]
            return [b"\\Seen" in each for each in found if isinstance(each, bytes)]


@contextmanager
def dovecot(pem: Path | None = None) -> Iterator[Dovecot]:
    """A server whose certificate and key are in ``pem``; without TLS where there is none. As root it runs as
    nobody, because it refuses to read root's mail."""
    is_root = os.geteuid() == 0
    account = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="dovecot."))
    server = Dovecot(free_port(), free_port() if pem else 0)
    _furnish(folder, server, account, pem)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", folder / "dovecot.conf"],
        user=account.pw_uid if is_root else None,
        group=account.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
    try:
        wait_until(lambda: process.poll() is None and _listens(server.port), f"Dovecot in {folder}")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(folder)


def _furnish(folder: Path, server: Dovecot, account: pwd.struct_passwd, pem: Path | None) -> None:
    names = {"user": account.pw_name, "uid": account.pw_uid, "gid": account.pw_gid}
    group = grp.getgrgid(account.pw_gid).gr_name
    ports = {"port": server.port, "tls_port": server.tls_port, "ssl": "yes" if pem else "no"}
    text = _CONFIGURATION.format(folder=folder, group=group, **names, **ports)
    if pem is None:
        text = "\n".join(line for line in text.splitlines() if "server.pem" not in line)
    else:
        shutil.copy(pem, folder / "server.pem")
    (folder / "dovecot.conf").write_text(text)
    (folder / "passwd").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False
