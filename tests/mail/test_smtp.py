"""Every way in which a conversation with an SMTP server may end, and what becomes of the message."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gsef_notify.mail.smtp import Limits, Server, SmtpTransport
from gsef_notify.mail.transport import DeliveryError, Envelope
from tests.mail import scripted as scripts
from tests.mail.scripted import DROP, PIPELINING, SILENCE, ScriptedServer, scripted

ENVELOPE = Envelope(
    sender="reminders@example.org",
    recipient="eric@example.org",
    content=b"Subject: one\r\n\r\nhello\r\n",
    message_id="<1@example.org>",
    date=datetime(2021, 10, 8, 9, 11, tzinfo=UTC),
)
OTHER = replace(ENVELOPE, content=b"Subject: two\r\n\r\nhello\r\n", message_id="<2@example.org>")

# Impatience with the one answer that never comes, so that a busy machine is not taken for a silent server.
IMPATIENT = {
    "GREETING": Limits(connect=0.05),
    "EHLO": Limits(connect=0.5),
    "MAIL": Limits(command=0.5),
    "RCPT": Limits(command=0.5),
    "DATA": Limits(command=0.5),
    "DOT": Limits(data=0.05),
    "QUIT": Limits(quit=0.05),
}


@pytest.fixture(params=["step by step", "in one piece"], autouse=True)
def in_one_piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the server reads commands ahead."""
    if request.param == "in one piece":
        monkeypatch.setitem(scripts.POLITE, "EHLO", PIPELINING)
    return bool(request.param == "in one piece")


@asynccontextmanager
async def sending(
    script: ScriptedServer, limits: Limits | None = None, **details: Any
) -> AsyncIterator[SmtpTransport]:
    server = Server("127.0.0.1", script.port, "none", local_hostname="client.example.org", **details)
    transport = SmtpTransport(server, limits)
    try:
        yield transport
    finally:
        await transport.close()


async def failure(transport: SmtpTransport, envelope: Envelope = ENVELOPE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await transport.send(envelope)
    return caught.value


async def test_a_message_is_handed_over_step_by_step() -> None:
    async with scripted() as script, sending(script) as transport:
        assert await transport.send(ENVELOPE) == "250 taken"
    assert script.heard == [
        "EHLO client.example.org",
        "MAIL FROM:<reminders@example.org> SIZE=23",
        "RCPT TO:<eric@example.org>",
        "DATA",
        "QUIT",
    ]
    assert script.messages == [b"Subject: one\r\n\r\nhello\r\n.\r\n"]


async def test_the_connection_is_kept_between_messages() -> None:
    async with scripted() as script, sending(script) as transport:
        await transport.send(ENVELOPE)
        await transport.send(OTHER)
    assert script.connections == 1
    assert script.verbs == ["EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "QUIT"]


async def test_messages_that_are_sent_at_once_go_one_after_another() -> None:
    answers = [f"250 number {n}" for n in range(5)]
    async with scripted(DOT=list(answers)) as script, sending(script) as transport:
        contents = [f"Subject: {n}\r\n\r\n".encode() for n in range(5)]
        proofs = await asyncio.gather(*(transport.send(replace(ENVELOPE, content=c)) for c in contents))
    assert script.connections == 1
    assert proofs == answers
    assert script.messages == [content + b".\r\n" for content in contents]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("450 try later", False),
        ("451 4.7.1 greylisted", False),
        ("452 too many", False),
        ("550 5.1.1 no such user", True),
        ("552 mailbox full", False),
        ("554 no", True),
        ("530 5.7.0 authentication required", False),
    ],
)
async def test_a_refusal_says_whether_to_try_again(verb: str, answer: str, permanent: bool) -> None:
    async with scripted(**{verb: answer}) as script, sending(script) as transport:
        error = await failure(transport)
    assert (error.permanent, error.unknown, error.reply) == (permanent, False, answer)
    assert answer in str(error)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
async def test_after_a_refusal_the_next_message_goes_out_on_the_same_connection(verb: str) -> None:
    polite = "354 go on" if verb == "DATA" else "250 ok"
    async with scripted(**{verb: ["550 no", polite]}) as script, sending(script) as transport:
        await failure(transport)
        await transport.send(OTHER)
    assert script.connections == 1
    assert script.messages[-1] == OTHER.content + b".\r\n"
    assert script.verbs[script.verbs.index("RSET") :] == ["RSET", "MAIL", "RCPT", "DATA", "QUIT"]


async def test_a_server_that_does_not_reset_is_left() -> None:
    async with scripted(RCPT=["550 no", "250 ok"], RSET=DROP) as script, sending(script) as transport:
        error = await failure(transport)
        assert await transport.send(OTHER) == "250 taken"
    assert error.reply == "550 no"
    assert script.connections == 2


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_a_server_that_closes_down_gets_the_message_again_on_another_connection(verb: str) -> None:
    polite = {"GREETING": "220 hi", "DATA": "354 go on"}.get(verb, "250 ok")
    async with scripted(**{verb: ["421 closing down", polite]}) as script, sending(script) as transport:
        error = await failure(transport)
        await transport.send(OTHER)
    assert (error.permanent, error.unknown, error.reply) == (False, False, "421 closing down")
    assert script.connections == 2
    assert script.messages[-1] == OTHER.content + b".\r\n"


@pytest.mark.parametrize(
    "answer", [DROP, SILENCE, "what?", "999 what?", "123 what?", "334 what?", "\x00\xff"]
)
@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_whatever_else_goes_wrong_the_message_is_kept_and_the_connection_is_not(
    verb: str, answer: str
) -> None:
    polite = {"GREETING": "220 hi", "DATA": "354 go on"}.get(verb, "250 ok")
    async with scripted(**{verb: [answer, polite]}) as script:
        limits = IMPATIENT[verb] if answer == SILENCE else None
        async with sending(script, limits) as transport:
            error = await failure(transport)
        async with sending(script) as transport:
            await transport.send(OTHER)
    assert (error.permanent, error.unknown) == (False, verb == "DOT")
    assert "RSET" not in script.verbs
    assert script.messages[-1] == OTHER.content + b".\r\n"


async def test_a_connection_in_doubt_is_not_used_again() -> None:
    async with scripted(RCPT=["what?", "250 ok"]) as script, sending(script) as transport:
        await failure(transport)
        await transport.send(OTHER)
    assert script.connections == 2


async def test_the_answer_to_a_cancelled_message_is_not_taken_for_the_next_ones() -> None:
    async with scripted(DOT=["550 late answer", "250 second"]) as script, sending(script) as transport:
        script.may_answer["DOT"] = asyncio.Event()
        first = asyncio.create_task(transport.send(ENVELOPE))
        await script.hearing("DOT")
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        script.may_answer["DOT"].set()
        assert await transport.send(OTHER) == "250 second"
    assert script.connections == 2


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA", "RSET"])
async def test_a_cancelled_conversation_leaves_no_connection_behind(verb: str) -> None:
    refused = {"RCPT": ["550 no", "250 ok"]} if verb == "RSET" else {}
    async with scripted(**refused) as script, sending(script) as transport:
        script.may_answer[verb] = asyncio.Event()
        first = asyncio.create_task(transport.send(ENVELOPE))
        await script.hearing(verb)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        script.may_answer[verb].set()
        assert await transport.send(OTHER) == "250 taken"
    assert script.connections == 2
    assert script.messages[-1] == OTHER.content + b".\r\n"


async def test_a_connection_that_the_server_closed_while_idle_is_replaced_without_a_word() -> None:
    async with scripted() as script, sending(script) as transport:
        await transport.send(ENVELOPE)
        script.writers[0].write(b"421 idle too long\r\n")
        script.writers[0].close()
        await script.writers[0].wait_closed()
        assert await transport.send(OTHER) == "250 taken"
    assert script.connections == 2


@pytest.mark.parametrize("farewell", [DROP, "421 idle too long"])
async def test_a_connection_that_dies_at_the_next_message_is_replaced_without_a_word(farewell: str) -> None:
    async with scripted(MAIL=["250 ok", farewell, "250 ok"]) as script, sending(script) as transport:
        await transport.send(ENVELOPE)
        assert await transport.send(OTHER) == "250 taken"
    assert script.connections == 2
    assert script.messages == [ENVELOPE.content + b".\r\n", OTHER.content + b".\r\n"]


async def test_a_server_that_always_drops_is_tried_once_more_and_no_more() -> None:
    async with scripted(MAIL=["250 ok", DROP]) as script, sending(script) as transport:
        await transport.send(ENVELOPE)
        error = await failure(transport)
    assert (error.permanent, error.unknown) == (False, False)
    assert script.connections == 2


async def test_a_server_that_can_not_be_reached_is_tried_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        error = await failure(SmtpTransport(Server("127.0.0.1", port, "none")))
    assert (error.permanent, error.unknown) == (False, False)
    assert str(error).startswith(f"can not reach 127.0.0.1:{port}: ")


async def test_a_transport_can_be_used_again_after_it_was_closed() -> None:
    async with scripted() as script, sending(script) as transport:
        await transport.send(ENVELOPE)
        await transport.close()
        await transport.close()
        await transport.send(OTHER)
    assert script.connections == 2


@pytest.mark.parametrize("answer", [DROP, SILENCE, "500 no"])
async def test_a_server_that_does_not_say_goodbye_holds_nobody_up(answer: str) -> None:
    async with scripted(QUIT=answer) as script, sending(script, IMPATIENT["QUIT"]) as transport:
        await transport.send(ENVELOPE)
        await transport.close()
    assert script.verbs[-1] == "QUIT"


@pytest.mark.parametrize(
    "content",
    [
        b".\r\n..\r\n...\r\n.leading\r\n",
        b"a\r\n.\r\nMAIL FROM:<evil@x.y>\r\n",
        b"a\n.\nMAIL FROM:<evil@x.y>\r\n",
        b"\r\n",
        b"x" * 200_000 + b"\r\n",
    ],
)
async def test_a_message_goes_out_with_its_dots_doubled_and_no_other_change(content: bytes) -> None:
    async with scripted() as script, sending(script) as transport:
        await transport.send(replace(ENVELOPE, content=content))
    [received] = script.messages
    lines = received.removesuffix(b".\r\n").split(b"\n")
    assert b"\n".join(line[1:] if line.startswith(b".") else line for line in lines) == content


async def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it() -> None:
    offer = "250-scripted\r\n250-8BITMIME\r\n250 SMTPUTF8"
    async with scripted(EHLO=offer) as script, sending(script) as transport:
        await transport.send(replace(ENVELOPE, recipient="josé@example.org"))
    assert "MAIL FROM:<reminders@example.org> BODY=8BITMIME SMTPUTF8" in script.heard
    assert "RCPT TO:<josé@example.org>" in script.heard


async def test_an_address_beyond_ascii_fails_for_good_where_the_server_does_not_take_it() -> None:
    async with scripted() as script, sending(script) as transport:
        error = await failure(transport, replace(ENVELOPE, recipient="josé@example.org"))
        await transport.send(OTHER)
    assert (error.permanent, error.unknown) == (True, False)
    assert "SMTPUTF8" in str(error)
    assert script.messages == [OTHER.content + b".\r\n"]


@pytest.mark.parametrize(
    "address", ["", "eric", "a@b.org> SIZE=1", "a@b.org\r\nRCPT TO:<evil@x.y", "a b@c.org", "<a@b.org>"]
)
async def test_what_is_no_address_is_not_even_tried(address: str) -> None:
    async with scripted() as script, sending(script) as transport:
        for envelope in (replace(ENVELOPE, recipient=address), replace(ENVELOPE, sender=address)):
            assert (await failure(transport, envelope)).permanent
    assert script.connections == 0


async def test_a_login_on_this_machine_needs_no_encryption() -> None:
    async with (
        scripted(EHLO="250-scripted\r\n250 AUTH PLAIN") as script,
        sending(script, username="ana", password="s3cret") as transport,
    ):
        await transport.send(ENVELOPE)
    assert script.verbs[:3] == ["EHLO", "AUTH", "MAIL"]


async def test_a_server_without_login_is_told_nothing() -> None:
    async with scripted() as script, sending(script, username="ana", password="s3cret") as transport:
        error = await failure(transport)
    assert (error.permanent, script.verbs) == (False, ["EHLO"])
    assert "correct the mail setting" in str(error)
    assert "s3cret" not in str(error)
