"""Invitations as other people's calendar programs take and answer them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.feeds.peers import libical_program, node_command


class IcalJs:
    """A calendar of somebody that is built on ical.js."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def take(
        self,
        user: str,
        message: bytes,
        answer: tuple[str, datetime] | None = None,
        *,
        forget: bool = False,
    ) -> dict[str, Any]:
        """What becomes of a message, in a calendar that is empty before where it shall forget."""
        given = [answer[0], f"{answer[1]:%Y-%m-%dT%H:%M:%SZ}"] if answer else None
        asked = {"user": user, "message": message.decode(), "answer": given, "forget": forget}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        taken: dict[str, Any] = json.loads(self._process.stdout.readline())
        return taken


@contextmanager
def ical_js() -> Iterator[IcalJs]:
    """An empty calendar on ical.js; the test is skipped where that is not here."""
    command = node_command("itip.mjs")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield IcalJs(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def libical_says(user: str, message: bytes, known: bytes | None, folder: Path) -> str:
    """What a message is to somebody who has the known one in their calendar: libical's word for it."""
    before = folder / "known.ics"
    before.write_bytes(known or b"")
    return _libical("class", user, *([str(before)] if known else []), message=message).decode().strip()


def libical_answers(request: bytes, partstat: str, moment: datetime) -> bytes:
    """The answer that libical writes."""
    return _libical("reply", partstat, f"{moment:%Y%m%dT%H%M%SZ}", message=request)


def _libical(*arguments: str, message: bytes) -> bytes:
    """Fails where libical finds fault with the message, by the tables of RFC 5546, or with its own answer."""
    command = [str(libical_program("itip")), *arguments]
    done = subprocess.run(command, input=message, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
