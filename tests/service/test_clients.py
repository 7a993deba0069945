"""Calendar programs of others subscribe to the running service and follow its changes.

vdirsyncer fetches the feed as its users do, and khal shows what it fetched; both live in an environment of
their own.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.service.running import service

PEERS = ROOT / ".venv" / "peers" / "bin"
pytestmark = pytest.mark.skipif(
    not (PEERS / "khal").exists(), reason="khal and vdirsyncer are not here: run make peers"
)

PROGRAM = """
sessions:
  - id: nets
    title: Nets
    date: "2031-10-08"
    time: "18:00-19:00"
    timezone: Asia/Seoul
    speakers:
      - {{name: Eric Leyton, timezone: America/Santiago}}
    segments:
      - {{time: "18:00-18:20", title: Welcome}}
      - {{time: "{slot}", title: "Work; integration, and so on", speakers: [Eric Leyton]}}
      - {{{last}}}
"""
BEFORE = PROGRAM.format(slot="18:20-18:30", last='time: "18:30-19:00", title: Questions')
AFTER = PROGRAM.format(slot="18:35-18:45", last='time: "18:45-19:00", title: Closing remarks')
SYNC = """
[general]
status_path = "{folder}/status"
[pair forum]
a = "calendar"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage calendar]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
"""
SHOW = """
[calendars]
[[forum]]
path = {folder}/calendar
readonly = True
[locale]
local_timezone = {timezone}
default_timezone = {timezone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Subscriber:
    """Somebody who has subscribed to a feed with vdirsyncer and looks at it with khal."""

    def __init__(self, folder: Path, url: str, timezone: str) -> None:
        self._folder = folder
        (folder / "calendar").mkdir()
        (folder / "sync").write_text(SYNC.format(folder=folder, url=url), encoding="utf-8")
        (folder / "show").write_text(SHOW.format(folder=folder, timezone=timezone), encoding="utf-8")
        self._run("vdirsyncer", "-c", "sync", "discover", answer="y\n" * 5)

    def sees(self, day: str) -> list[str]:
        """What stands on a day, after fetching anew."""
        self._run("vdirsyncer", "-c", "sync", "sync")
        form = "{start-end-time-style} {title} [{status}]"
        shown = self._run("khal", "-c", "show", "list", "--day-format", "", "--format", form, day, "1d")
        return [line.replace(" ]", "]") for line in shown.splitlines() if line.strip()]

    def _run(self, program: str, *arguments: str, answer: str = "") -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [PEERS / program, *arguments], cwd=self._folder, env=environment, input=answer,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_a_subscriber_sees_what_is_moved_cancelled_and_added(tmp_path: Path) -> None:
    schedules, own = tmp_path / "schedules", tmp_path / "subscriber"
    schedules.mkdir()
    own.mkdir()
    (schedules / "program.yaml").write_text(BEFORE, encoding="utf-8")
    with service(tmp_path, str(schedules)) as running:
        running.wait_until_healthy()
        url = f"http://127.0.0.1:{running.port}/calendar.ics?timezone=America/Santiago"
        subscriber = Subscriber(own, url, "America/Santiago")
        assert subscriber.sees("2031-10-08") == [
            "06:00-06:20 Welcome [CONFIRMED]",
            "06:20-06:30 Work; integration, and so on - Eric Leyton [CONFIRMED]",
            "06:30-07:00 Questions [CONFIRMED]",
        ]
        (schedules / "program.yaml").write_text(AFTER, encoding="utf-8")
        running.wait_for_log("published revision 2")
        assert subscriber.sees("2031-10-08") == [
            "06:00-06:20 Welcome [CONFIRMED]",
            "06:30-07:00 Questions [CANCELLED]",
            "06:35-06:45 Work; integration, and so on - Eric Leyton [CONFIRMED]",
            "06:45-07:00 Closing remarks [CONFIRMED]",
        ]
