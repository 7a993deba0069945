"""Addresses in every script: the domain is put into ASCII, and only a local part beyond it asks for more."""

from dataclasses import replace

import pytest

from gsef_notify.mail.mime import Mailbox, Message, to_bytes
from gsef_notify.mail.transport import DeliveryError, Envelope
from gsef_notify.mail.transports import open_transport
from tests.mail.inbox import Inbox, serving
from tests.mail.test_mime import MESSAGE


async def send(inbox: Inbox, message: Message) -> None:
    transport = open_transport(f"smtp://127.0.0.1:{inbox.port}", local_hostname="client.example.org")
    sender, recipient = message.sender.address, message.recipient.address
    try:
        await transport.send(Envelope(sender, recipient, to_bytes(message), message.message_id, message.date))
    finally:
        await transport.close()


def to(address: str) -> Message:
    return replace(MESSAGE, recipient=Mailbox(address, "Ana Müller"))


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@한국.대한민국", "ana@xn--3e0b707e.xn--3e0bs9hfvinn1a"),
    ],
)
@pytest.mark.parametrize("offers", [True, False])
async def test_a_domain_beyond_ascii_goes_to_any_server(written: str, address: str, offers: bool) -> None:
    message = replace(to(written), sender=Mailbox("gsef@한국.대한민국"))
    async with serving(enable_SMTPUTF8=offers) as inbox:
        await send(inbox, message)
    [(sender, recipients, content)] = inbox.received
    assert (sender, recipients) == ("gsef@xn--3e0b707e.xn--3e0bs9hfvinn1a", [address])
    assert f"\r\nTo: =?utf-8?b?QW5hIE3DvGxsZXI=?= <{address}>\r\n" in content.decode("ascii")


@pytest.mark.parametrize("local", ["josé", "김영", "дмитрий", "एना", "名前"])
async def test_a_local_part_beyond_ascii_goes_to_a_server_with_smtputf8(local: str) -> None:
    async with serving(enable_SMTPUTF8=True) as inbox:
        await send(inbox, to(f"{local}@münchen.example"))
    [(_, recipients, content)] = inbox.received
    assert recipients == [f"{local}@xn--mnchen-3ya.example"]
    beyond = [line for line in content.split(b"\r\n") if not line.isascii()]
    assert beyond == [f"To: =?utf-8?b?QW5hIE3DvGxsZXI=?= <{local}@xn--mnchen-3ya.example>".encode()]


JOSE = Mailbox("josé@example.org")


@pytest.mark.parametrize(
    "message",
    [replace(MESSAGE, recipient=JOSE), replace(MESSAGE, sender=JOSE), replace(MESSAGE, reply_to=JOSE)],
)
async def test_a_server_without_smtputf8_is_not_even_asked(message: Message) -> None:
    async with serving(enable_SMTPUTF8=False) as inbox:
        with pytest.raises(DeliveryError) as caught:
            await send(inbox, message)
        await send(inbox, MESSAGE)
    assert len(inbox.received) == 1
    assert (caught.value.permanent, caught.value.unknown) == (True, False)
    assert str(caught.value) == (
        f"127.0.0.1:{inbox.port} takes no address with letters beyond ASCII before the @ (it offers no "
        "SMTPUTF8) - ask for an address in plain letters, or send through a server with SMTPUTF8"
    )
