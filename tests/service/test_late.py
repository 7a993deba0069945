"""The commands, beside a service that runs: feeds change within seconds, and go back."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.conftest import SAMPLE
from tests.service.running import Service, service, wait_until

SEQUENCES = re.compile(rb"SEQUENCE:(\d+)")


def command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What a command says that is called beside the service."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        "GSEF_NOTIFY_DATABASE": f"sqlite:///{folder}/state.db",
    }
    words = [sys.executable, "-m", "gsef_notify", *arguments]
    return subprocess.run(
        words, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def start(tmp_path: Path) -> datetime:
    """When the session began of a program whose second segment is on; the third follows in a while."""
    start = (datetime.now(UTC) - timedelta(minutes=30)).replace(second=0, microsecond=0)
    marks = [start + timedelta(minutes=m) for m in (0, 10, 80, 120)]
    lines = [
        f'      - {{time: "{first:%H:%M}-{last:%H:%M}", title: Part {number}, id: part-{number}}}'
        for number, (first, last) in enumerate(pairwise(marks), 1)
    ]
    head = f"""
sessions:
  - id: near
    title: A session that is on
    date: "{start:%Y-%m-%d}"
    time: "{start:%H:%M}-{marks[-1]:%H:%M}"
    timezone: UTC
    segments:
"""
    (tmp_path / "near.yaml").write_text(head + "\n".join(lines) + "\n")
    return start


def feed(running: Service) -> bytes:
    return running.get("/sessions/near.ics?timezone=utc")[1]


def stamp(name: str, instant: datetime) -> bytes:
    return f"{name}:{instant:%Y%m%dT%H%M%SZ}\r\n".encode()


def test_late_reaches_the_feeds_of_a_running_service_and_can_be_undone(
    tmp_path: Path, start: datetime
) -> None:
    third, later = start + timedelta(minutes=80), start + timedelta(minutes=90)
    with service(tmp_path, str(tmp_path / "near.yaml")) as running:
        running.wait_until_healthy()
        assert stamp("DTSTART", third) in feed(running)

        preview = command(tmp_path, "late", "near", "10", "--preview")
        assert preview.returncode == 0, preview.stderr
        assert "nothing has been changed: this is a preview" in preview.stdout
        done = command(tmp_path, "late", "near", "10")
        assert done.returncode == 0, done.stderr
        assert preview.stdout.splitlines()[:-1] == done.stdout.splitlines()[:-1]
        assert f"{third:%H:%M}-" in done.stdout
        assert f"{later:%H:%M}-" in done.stdout
        assert done.stdout.endswith("published as revision 2; undo with: gsef-notify late near --undo\n")

        wait_until(lambda: stamp("DTSTART", later) in feed(running), "the later time")
        changed = feed(running)
        assert stamp("DTSTART", third) not in changed
        assert stamp("DTEND", later) in changed
        assert SEQUENCES.findall(changed) == [b"0", b"1", b"1"]
        assert json.loads(running.get("/healthz")[1])["revision"] == 2
        status = command(tmp_path, "status").stdout
        assert "amendment  near is 10 minutes later" in status

        undone = command(tmp_path, "late", "near", "--undo")
        assert undone.returncode == 0, undone.stderr
        wait_until(lambda: stamp("DTSTART", third) in feed(running), "the first time")
        assert SEQUENCES.findall(feed(running)) == [b"0", b"2", b"2"]
        assert running.terminate() == 0
        assert "Traceback" not in running.log


def test_cancelled_and_back_again_beside_a_running_service(tmp_path: Path, start: datetime) -> None:
    with service(tmp_path, str(tmp_path / "near.yaml")) as running:
        running.wait_until_healthy()
        done = command(tmp_path, "cancel", "near", "--segment", "part-3")
        assert "undo with: gsef-notify reinstate near --segment part-3" in done.stdout
        wait_until(lambda: b"STATUS:CANCELLED" in feed(running), "that it is cancelled")
        (tmp_path / "near.yaml").write_text((tmp_path / "near.yaml").read_text().replace("Part 1", "First"))
        running.wait_for_log("published revision 3")
        assert b"STATUS:CANCELLED" in feed(running)
        assert command(tmp_path, "reinstate", "near", "--segment", "part-3").returncode == 0
        wait_until(lambda: b"STATUS:CANCELLED" not in feed(running), "that it takes place")
        assert command(tmp_path, "cancel", "near").returncode == 0
        wait_until(lambda: b"Nothing is scheduled yet" in running.get("/")[1], "an empty program")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["late", "near"], 2, "write either MINUTES, like: late SESSION 10, or: late SESSION --undo"),
        (["late", "near", "10", "--undo"], 2, "write either MINUTES"),
        (["late", "near", "10"], 1, "nothing is published in this database - start gsef-notify serve first"),
        (["late", "near", "-5"], 1, "nothing is published"),
        (["cancel", "near"], 1, "nothing is published"),
        (["reinstate", "near"], 1, "near has not been cancelled - cancelled at present: nothing"),
    ],
)
def test_what_can_not_be_is_one_sentence(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    refused = command(tmp_path, *arguments)
    assert refused.returncode == code
    assert refused.stderr.startswith(f"gsef-notify: {sentence}")
    assert refused.stderr.count("\n") == 1


def test_a_rehearsal_is_made_late_on_its_page(tmp_path: Path) -> None:
    arguments = ["--rehearse", str(SAMPLE), "--speed", "1", "--from", "2021-10-08T09:25:00Z"]
    with service(tmp_path, *arguments) as running:
        running.wait_until_healthy()
        path = "/calendar.ics?timezone=utc"
        assert b"DTEND:20211008T103000Z" in running.get(path)[1]
        (session,) = re.findall(r'<option value="([^"]+)">Init', running.get("/")[1].decode())
        form = urlencode({"session": session, "minutes": "10"}).encode()
        with urlopen(Request(f"http://127.0.0.1:{running.port}/rehearsal/late", data=form)) as answer:
            assert answer.status == 200
        assert b"DTEND:20211008T104000Z" in running.get(path)[1]
        assert b"DTEND:20211008T103000Z" not in running.get(path)[1]
        running.wait_for_log("found revision 2")
