"""Answers arrive whole and in order, whatever the reader's pace and however they are sent."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
import uvloop

from gsef_notify.kept_bytes import WORTH_KEEPING, KeptBytes, kept
from gsef_notify.service.transport import AnswerTransport

SMALL, LARGE = b"small" * 10, os.urandom(3 * WORTH_KEEPING)
ANSWERS = (LARGE, SMALL, LARGE, b"", SMALL, LARGE)
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


class Answering(asyncio.Protocol):
    """Answers each byte that it gets with a head and the next body."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = iter(bodies)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        loop = asyncio.get_running_loop()
        connection = transport.get_extra_info("socket")
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 65536
        )  # which takes a part of a large answer
        self._transport = AnswerTransport(transport, loop)  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        for _ in data:
            body = next(self._bodies)
            self._transport.write(b"head %d " % len(body))
            self._transport.write(body)

    def eof_received(self) -> None:
        self._transport.close()


def answered(loop: Callable[[], asyncio.AbstractEventLoop], requests: Sequence[bytes], size: int) -> bytes:
    """All that a reader gets that sends these requests and then reads a little at a time."""

    async def ask() -> bytes:
        bodies = [kept(body) for body in ANSWERS]
        server = await asyncio.get_running_loop().create_server(lambda: Answering(bodies), "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        reading = asyncio.to_thread(read, address, requests, size)
        try:
            return await reading
        finally:
            server.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(ask())


def read(address: tuple[str, int], requests: Sequence[bytes], size: int) -> bytes:
    found = b""
    with socket.socket() as connection:
        connection.settimeout(60)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        connection.connect(address)
        for request in requests:
            connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(size):
            found += part
    return found


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("size", [1000, 2**20])
@pytest.mark.parametrize("requests", [[b"x"] * len(ANSWERS), [b"x" * len(ANSWERS)]])
def test_every_answer_is_whole_and_in_its_place(
    loop: Callable[[], asyncio.AbstractEventLoop], size: int, requests: Sequence[bytes]
) -> None:
    expected = b"".join(b"head %d %b" % (len(body), body) for body in ANSWERS)
    assert sha256(answered(loop, requests, size)).digest() == sha256(expected).digest()


def test_only_what_is_large_has_a_file_and_gives_it_back() -> None:
    assert type(kept(SMALL)) is bytes
    large = kept(LARGE)
    assert isinstance(large, KeptBytes)
    assert large == LARGE
    file = large.file
    assert os.pread(file, 10, 0) == LARGE[:10]
    del large
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)
