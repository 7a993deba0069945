"""Commands that go out in one piece: each answer belongs to one of them, whatever the mix (RFC 2920)."""

from dataclasses import replace
from typing import Any

import pytest

from gsef_notify.mail.smtp import Limits, Server, SmtpTransport
from gsef_notify.mail.transport import DeliveryError
from tests.mail.scripted import DROP, PIPELINING, SILENCE, ScriptedServer, scripted
from tests.mail.test_smtp import ENVELOPE, OTHER

TAKEN = OTHER.content + b".\r\n"
NOTHING = b".\r\n"


async def outcome(script: ScriptedServer, limits: Limits | None = None) -> DeliveryError:
    """How the first of two messages fared, the second of which has to arrive."""
    transport = SmtpTransport(Server("127.0.0.1", script.port, "none", local_hostname="here"), limits)
    with pytest.raises(DeliveryError) as caught:
        await transport.send(ENVELOPE)
    assert await transport.send(OTHER) == "250 second"
    await transport.close()
    return caught.value


def answers(**first: str) -> dict[str, Any]:
    """What is answered to the first message; to the second only good."""
    good = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "DOT": "250 second"}
    given = {verb: [first[verb], answer] if verb in first else answer for verb, answer in good.items()}
    return {"EHLO": PIPELINING, **given}


@pytest.mark.parametrize(
    ("first", "reply", "permanent"),
    [
        ({"MAIL": "550 no", "RCPT": "503 first MAIL", "DATA": "503 first RCPT"}, "550 no", True),
        ({"MAIL": "451 later", "RCPT": "503 first MAIL", "DATA": "554 nobody"}, "451 later", False),
        ({"RCPT": "550 unknown", "DATA": "503 first RCPT"}, "550 unknown", True),
        ({"RCPT": "450 greylisted", "DATA": "554 nobody"}, "450 greylisted", False),
        ({"RCPT": "452 full", "DATA": "451 later"}, "452 full", False),
        ({"DATA": "554 no"}, "554 no", True),
        ({"DATA": "451 later"}, "451 later", False),
    ],
)
async def test_the_first_refusal_counts_and_the_connection_stays(
    first: dict[str, str], reply: str, permanent: bool
) -> None:
    async with scripted(**answers(**first)) as script:
        error = await outcome(script)
    assert (error.reply, error.permanent, error.of_server) == (reply, permanent, False)
    assert (script.messages, script.connections) == ([TAKEN], 1)


@pytest.mark.parametrize("end", ["554 nobody", "250 taken", "451 later"])
@pytest.mark.parametrize("refused", [{"RCPT": "550 no"}, {"MAIL": "550 no", "RCPT": "503 first MAIL"}])
async def test_a_message_that_is_awaited_for_nobody_is_ended_empty(refused: dict[str, str], end: str) -> None:
    async with scripted(**answers(**refused, DATA="354 go on", DOT=end)) as script:
        error = await outcome(script)
    assert (error.reply, error.permanent, error.unknown) == ("550 no", True, False)
    assert (script.messages, script.connections) == ([NOTHING, TAKEN], 1)


async def test_nothing_empty_is_sent_where_somebody_would_get_it() -> None:
    async with scripted(**answers(MAIL="550 no", RCPT="250 ok", DATA="354 go on")) as script:
        error = await outcome(script)
    assert (error.reply, error.permanent) == ("550 no", True)
    assert (script.messages, script.connections) == ([TAKEN], 2)


@pytest.mark.parametrize("then", ["421 closing down", DROP, SILENCE, "what?", "250 what?"])
async def test_what_was_refused_stays_refused_though_the_connection_fails_after_it(then: str) -> None:
    limits = Limits(command=0.3 if then == SILENCE else 300)
    async with scripted(**answers(RCPT="550 unknown", DATA=then)) as script:
        error = await outcome(script, limits)
    assert (error.reply, error.permanent, error.unknown) == ("550 unknown", True, False)
    assert (script.messages, script.connections) == ([TAKEN], 2)


@pytest.mark.parametrize("then", ["421 closing down", DROP, SILENCE, "what?"])
async def test_a_connection_that_fails_at_an_empty_message_is_left(then: str) -> None:
    limits = Limits(data=0.3 if then == SILENCE else 600, connect=5)
    async with scripted(**answers(RCPT="550 unknown", DATA="354 go on", DOT=then)) as script:
        error = await outcome(script, limits)
    assert (error.reply, error.unknown) == ("550 unknown", False)
    assert (script.messages[-1], script.connections) == (TAKEN, 2)


@pytest.mark.parametrize("offer", [PIPELINING, "250 scripted"])
async def test_the_envelope_goes_out_in_one_piece_only_where_that_is_offered(offer: str) -> None:
    async with scripted(EHLO=offer, MAIL="550 no") as script:
        transport = SmtpTransport(Server("127.0.0.1", script.port, "none", local_hostname="here"))
        with pytest.raises(DeliveryError):
            await transport.send(ENVELOPE)
        await transport.close()
    ahead = ["RCPT", "DATA"] if offer == PIPELINING else []
    assert script.verbs == ["EHLO", "MAIL", *ahead, "RSET", "QUIT"]


async def test_a_hundred_messages_of_which_every_third_is_refused_are_not_mixed_up() -> None:
    rcpt = ["250 ok" if n % 3 else f"550 no {n}" for n in range(100)]
    dots = [f"250 taken {n}" if n % 3 else "554 nobody" for n in range(100)]
    async with scripted(EHLO=PIPELINING, RCPT=list(rcpt), DATA="354 go on", DOT=list(dots)) as script:
        transport = SmtpTransport(Server("127.0.0.1", script.port, "none", local_hostname="here"))
        for n in range(100):
            try:
                said = await transport.send(replace(ENVELOPE, content=b"%d\r\n" % n))
            except DeliveryError as error:
                said = error.reply
            assert said == (dots[n] if n % 3 else rcpt[n])
        await transport.close()
    assert script.messages == [(b"%d\r\n" % n if n % 3 else b"") + NOTHING for n in range(100)]
