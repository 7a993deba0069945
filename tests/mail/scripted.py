"""An SMTP server that answers what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

DROP = "<drop the connection>"
SILENCE = "<never answer>"

POLITE = {
    "GREETING": "220 scripted",
    "EHLO": "250-scripted\r\n250 SIZE 1000000",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 go on",
    "DOT": "250 taken",
    "RSET": "250 reset",
    "AUTH": "235 welcome",
    "QUIT": "221 bye",
}
PIPELINING = "250-scripted\r\n250-PIPELINING\r\n250 SIZE 1000000"
_NEEDS = {"RCPT": "MAIL", "DATA": "RCPT"}


@dataclass
class ScriptedServer:
    """``answers`` are by verb; of several answers each is given once, the last one again and again.

    An answer goes out when ``may_answer`` is set for its verb, or ``may_answer_first`` for the first of them,
    at once where there is none. A command whose
    answer was not told is refused when the one before it was.
    """

    answers: dict[str, str | list[str]] = field(default_factory=dict)
    may_answer: dict[str, asyncio.Event] = field(default_factory=dict)
    may_answer_first: dict[str, asyncio.Event] = field(default_factory=dict)
    port: int = 0
    connections: int = 0
    heard: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    was_heard: dict[str, asyncio.Event] = field(default_factory=dict)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def verbs(self) -> list[str]:
        """What was said to the server, without the arguments."""
        return [line.split(" ")[0].upper() for line in self.heard]

    async def hearing(self, verb: str) -> None:
        """Wait until the verb was said."""
        await self.was_heard.setdefault(verb, asyncio.Event()).wait()

    async def hearing_often(self, verb: str, number: int) -> None:
        """Wait until the verb was said so many times."""
        while self.verbs.count(verb) < number:
            self.was_heard[verb] = asyncio.Event()
            await self.was_heard[verb].wait()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from greeting to end."""
        self.connections += 1
        self.writers.append(writer)
        said: dict[str, str] = {}
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(writer, "GREETING", said)
            while line := await reader.readline():
                await self._react(line.decode().rstrip("\r\n"), reader, writer, said)
        writer.close()

    async def _react(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: dict[str, str]
    ) -> None:
        self.heard.append(line)
        verb = line.split(" ")[0].upper()
        if (await self._answer(writer, verb, said)).startswith("354"):
            message = b""
            while (line_of_it := await reader.readuntil(b"\n")) != b".\r\n":
                message += line_of_it
            self.messages.append(message + b".\r\n")
            await self._answer(writer, "DOT", said)

    async def _answer(self, writer: asyncio.StreamWriter, verb: str, said: dict[str, str]) -> str:
        self.was_heard.setdefault(verb, asyncio.Event()).set()
        is_refused = verb not in self.answers and said.get(_NEEDS.get(verb, ""), "2")[0] != "2"
        answer = said[verb] = "503 out of order" if is_refused else self._next_answer(verb)
        if event := self.may_answer_first.pop(verb, self.may_answer.get(verb)):
            await event.wait()
        if answer == SILENCE:
            await asyncio.Event().wait()
        if answer == DROP:
            writer.transport.abort()
            raise ConnectionAbortedError
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return answer

    def _next_answer(self, verb: str) -> str:
        planned = self.answers.get(verb, POLITE.get(verb, "502 unknown"))
        if isinstance(planned, str):
            return planned
        return planned.pop(0) if len(planned) > 1 else planned[0]


@asynccontextmanager
async def scripted(**answers: str | list[str]) -> AsyncIterator[ScriptedServer]:
    """A server at a free port of this machine that gives these answers instead of the polite ones."""
    script = ScriptedServer(answers=answers)
    talks: set[asyncio.Task[None]] = set()

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(script.converse(reader, writer))
        talks.add(task)

    server = await asyncio.start_server(welcome, "127.0.0.1", 0, limit=1_000_000)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        for writer in script.writers:
            writer.transport.abort()
        await server.wait_closed()
