"""Answers are told apart however they come, and what is no answer ends the conversation."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from gsef_notify.mail.smtp_line import LONGEST_REPLY, Line, NoReply, Reply

Talk = tuple[Line, socket.socket]


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """A line and the server's end of it."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
    yield Line(transport, pipelines=True, offers=frozenset()), theirs
    transport.abort()
    theirs.close()


async def sent(server: socket.socket, *pieces: bytes) -> None:
    for piece in pieces:
        await asyncio.get_running_loop().sock_sendall(server, piece)
        await asyncio.sleep(0)


async def test_an_answer_may_have_several_lines(talk: Talk) -> None:
    line, server = talk
    line.say(b"NOOP")
    await sent(server, b"250-one\r\n250-\r\n250 three \r\n")
    assert await line.reply(5) == Reply(250, "one\n\nthree")
    assert line.is_open


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_answers_to_several_commands_come_in_pieces_or_at_once(talk: Talk, size: int) -> None:
    line, server = talk
    line.say(b"MAIL", b"RCPT", b"DATA")
    whole = b"250-a\r\n250 b\r\n550\r\n354 \xff\n"
    await sent(server, *(whole[at : at + size] for at in range(0, len(whole), size)))
    answers = [await line.reply(5) for _ in range(3)]
    assert answers == [Reply(250, "a\nb"), Reply(550, ""), Reply(354, "\ufffd")]
    assert line.is_open


async def test_the_commands_go_out_as_one(talk: Talk) -> None:
    line, server = talk
    line.say(b"MAIL FROM:<>", b"DATA")
    assert server.recv(100) == b"MAIL FROM:<>\r\nDATA\r\n"


@pytest.mark.parametrize("junk", [b"what?\r\n", b"25\r\n", b"2500 x\r\n", b"\r\n", b"\xff\x00\xfe x\r\n"])
async def test_what_is_no_answer_is_refused_and_closes_the_line(talk: Talk, junk: bytes) -> None:
    line, server = talk
    line.say(b"NOOP", b"NOOP")
    await sent(server, b"250 ok\r\n" + junk)
    assert await line.reply(5) == Reply(250, "ok")
    with pytest.raises(NoReply):
        await line.reply(5)
    assert not line.is_open


@pytest.mark.parametrize("flood", [b"2" * LONGEST_REPLY + b"2", b"250-x\r\n" * LONGEST_REPLY])
async def test_an_answer_without_end_is_cut_off(talk: Talk, flood: bytes) -> None:
    line, server = talk
    line.say(b"NOOP")
    sending = asyncio.create_task(sent(server, flood))
    with pytest.raises(NoReply, match="without end"):
        await line.reply(5)
    with pytest.raises(OSError):
        await sending
        await sent(server, b"x" * 10_000_000)


@pytest.mark.parametrize("before", [b"", b"25", b"250-one\r\n", b"250-one\r\n250 tw"])
async def test_half_an_answer_is_none(talk: Talk, before: bytes) -> None:
    line, server = talk
    line.say(b"NOOP")
    await sent(server, before)
    server.close()
    with pytest.raises(ConnectionError):
        await line.reply(5)


async def test_silence_ends_with_the_time(talk: Talk) -> None:
    line, server = talk
    line.say(b"NOOP")
    await sent(server, b"250-go")
    with pytest.raises(TimeoutError):
        await line.reply(0.01)
    assert not line.is_open


async def test_an_answer_that_nobody_asked_for_spoils_the_line(talk: Talk) -> None:
    line, server = talk
    assert line.is_open
    await sent(server, b"421 idle too long\r\n")
    assert await asyncio.get_running_loop().sock_recv(server, 1) == b""
    assert not line.is_open
    line.say(b"NOOP")
    with pytest.raises(NoReply):
        await line.reply(5)


async def test_a_line_that_the_other_side_closed_is_not_open(talk: Talk) -> None:
    line, server = talk
    server.close()
    with pytest.raises(ConnectionError):
        await line.reply(5)
    assert not line.is_open
