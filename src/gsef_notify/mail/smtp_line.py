"""A connection to an SMTP server that is set up: commands go out, answers come in, in order.

Several commands may be under way (RFC 2920): an answer is kept until it is asked for. An answer that nobody
waits for spoils the connection, because the next one could be taken for it.
"""

import asyncio
import re
from collections import deque
from typing import NamedTuple

LONGEST_REPLY = 32_768
_AROUND_TEXT = len("250-\r\n")
_REPLY_LINE = re.compile(rb"([0-9]{3})(?:([ -])(.*))?", re.DOTALL)


class Reply(NamedTuple):
    """What a server answers: three digits and a text, whose lines stand below each other."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class NoReply(Exception):
    """Something came that is no answer of an SMTP server."""


class Line(asyncio.Protocol):
    """One connection, taken over from whoever has set it up; ``pipelines`` says whether the server reads
    commands ahead, ``offers`` what else it can do."""

    def __init__(self, transport: asyncio.Transport, *, pipelines: bool, offers: frozenset[str]) -> None:
        self.pipelines = pipelines
        self.offers = offers
        self._transport = transport
        self._received = bytearray()
        self._lines: list[bytes] = []
        self._expected = 0
        self._replies: deque[Reply] = deque()
        self._end: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether the next command can be said, and its answer be told from others."""
        is_quiet = not (self._expected or self._received or self._lines or self._replies)
        return is_quiet and self._end is None and not self._transport.is_closing()

    def say(self, *commands: bytes) -> None:
        """Send commands in one piece, each of which will be answered."""
        self.pour(b"".join(command + b"\r\n" for command in commands), answers=len(commands))

    def pour(self, content: bytes, *, answers: int = 1) -> None:
        """Send bytes as they are, which will be answered so many times."""
        self._expected += answers
        if self._end is None:
            self._transport.write(content)

    async def reply(self, timeout: float) -> Reply:  # noqa: ASYNC109
        """The next answer. Raises TimeoutError after so many seconds, NoReply, ConnectionError."""
        if not self._replies and self._end is None:
            await self._arrival(timeout)
        if self._replies:
            return self._replies.popleft()
        raise self._end or ConnectionResetError("the connection is closed")

    def abort(self) -> None:
        """Close at once. A polite close would still send what is left of an abandoned message."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what the server sends."""
        self._received += data
        *lines, rest = bytes(self._received).split(b"\n")
        self._received = bytearray(rest)
        for line in lines:
            if self._end is None:
                self._take(line.rstrip(b"\r"))
        if len(rest) + sum(len(line) + _AROUND_TEXT for line in self._lines) > LONGEST_REPLY:
            self._spoil(NoReply("an answer without end"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, with whatever was under way."""
        self._finish(exc if isinstance(exc, ConnectionError) else ConnectionResetError("closed"))

    async def _arrival(self, timeout: float) -> None:  # noqa: ASYNC109
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await self._waiter
        finally:
            self._waiter = None

    def _take(self, line: bytes) -> None:
        found = _REPLY_LINE.fullmatch(line)
        if found is None or not self._expected:
            self._spoil(NoReply(line[:200].decode("utf-8", "replace")))
            return
        self._lines.append(found[3] or b"")
        if found[2] != b"-":
            text = b"\n".join(part.strip() for part in self._lines).decode("utf-8", "replace")
            self._lines.clear()
            self._expected -= 1
            self._replies.append(Reply(int(found[1]), text))
            self._notify()

    def _spoil(self, reason: Exception) -> None:
        self._finish(reason)
        self._transport.abort()

    def _finish(self, reason: Exception) -> None:
        self._end = self._end or reason
        self._notify()

    def _notify(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
