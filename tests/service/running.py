"""The service as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

PATIENCE_SECONDS = 60.0


def free_port() -> int:
    """A port on which nobody listens at present."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def program_that_begins(start: datetime, title: str = "A session that is near") -> str:
    """A YAML program of one session of an hour that begins at the instant ``start``, which has no seconds."""
    end = start + timedelta(hours=1)
    return f"""
sessions:
  - id: near
    title: {title}
    date: "{start:%Y-%m-%d}"
    time: "{start:%H:%M}-{end:%H:%M}"
    timezone: UTC
    join: https://meet.example.org/near
    segments:
      - {{time: "{start:%H:%M}-{end:%H:%M}", title: Everything}}
"""


class Service:
    """A running ``gsef-notify serve``."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8")

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", headers=asked), timeout=10) as answer:
            return answer.status, answer.read()

    def wait_for_log(self, text: str) -> None:
        """Return once it has said that. Raises AssertionError if it does not for long."""
        wait_until(lambda: text in self.log, f"{text!r} in the log:\n{self.log}")

    def wait_until_healthy(self) -> None:
        """Return once it answers."""
        wait_until(self._is_healthy, f"health:\n{self.log}")

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def _is_healthy(self) -> bool:
        assert self.process.poll() is None, self.log
        try:
            return self.get("/healthz")[0] == 200
        except (URLError, OSError):
            return False


@contextmanager
def service(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """The service with its state in ``folder``; it is ended in any case."""
    port = free_port()
    environment = {f"GSEF_NOTIFY_{name.upper()}": value for name, value in settings.items()}
    defaults = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        "GSEF_NOTIFY_DATABASE": f"sqlite:///{folder}/state.db",
        "GSEF_NOTIFY_MAIL": f"maildir:{folder}/mail",
    }
    log = folder / f"service.{port}.log"
    command = [sys.executable, "-m", "gsef_notify", "serve", "--port", str(port), *arguments]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, env=defaults | environment, cwd=folder, stdout=output, stderr=output, text=True
        )
    running = Service(process, port, log)
    try:
        yield running
    finally:
        if process.poll() is None:
            running.kill()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return once ``condition()`` holds. Raises AssertionError, naming ``what``, after a long time."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)
