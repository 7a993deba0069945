"""A full disk makes nobody get a mail twice, and nothing is sent until there is room again."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gsef_notify.store import ballast
from tests.conftest import ROOT

SMALL_DISK = 'mount -t tmpfs -o size=6m none "$1" && exec "$0" -m tests.store.full_disk "$1" "$2"'


def test_on_a_full_disk_what_was_sent_is_marked_and_nothing_more_is_sent_until_there_is_room(
    tmp_path: Path,
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    line = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK]
    may = [*line[:4], "mount", "-t", "tmpfs", "none", str(disk)]
    if not shutil.which("unshare") or subprocess.run(may, capture_output=True).returncode:
        pytest.skip("a small disk can not be mounted here - let users have namespaces of their own")
    told = subprocess.run(
        [*line, sys.executable, str(disk), str(tmp_path / "mail")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "{'ready': 3, 'sending': 1, 'sent': 0}",
        "{'ready': 3, 'sending': 0, 'sent': 1}",
        "{'ready': 0, 'sending': 0, 'sent': 4}",
    ]


def test_without_a_full_disk_the_ballast_stays_as_it_is(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "test.db.ballast"
    ballast.check(engine)
    assert not file.exists()
    ballast.load(engine)
    before = file.read_bytes()
    assert len(before) == ballast.WEIGHT
    ballast.drop(engine, OSError("database is locked"))
    ballast.load(engine)
    assert file.read_bytes() == before
    ballast.drop(engine, OSError("database or disk is full"))
    assert file.stat().st_size == 0
    ballast.check(engine)
    assert file.stat().st_size == ballast.WEIGHT
