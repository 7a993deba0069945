"""Encryption and login against a real server: no secret goes out in clear, no mistake loses a message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gsef_notify.mail.mime import Attachment, Mailbox, Message, to_bytes
from gsef_notify.mail.transport import DeliveryError, Envelope
from gsef_notify.mail.transports import open_transport
from tests.mail.conftest import Authority
from tests.mail.inbox import PASSWORD, serving
from tests.mail.scripted import scripted

# aiosmtpd does not count a connection that speaks TLS from its first byte as encrypted.
over_implicit_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")

LOGIN = "ana:p%40ss%2Fword"
CONTENT = to_bytes(
    Message(
        sender=Mailbox("reminders@example.org", "GSEF"),
        recipient=Mailbox("eric@example.org", "Éric"),
        reply_to=None,
        subject="In 10 minutes: you speak at 06:21",
        date=datetime(2021, 10, 8, 9, 11, tzinfo=UTC),
        message_id="<1@example.org>",
        text="\n.\n.leading dot\nÉric\n",
        html="<p>.</p>\n",
        language="en",
        attachments=(Attachment("a.ics", "text/calendar", b".\r\n" * 100),),
    )
)
ENVELOPE = Envelope(
    sender="reminders@example.org",
    recipient="eric@example.org",
    content=CONTENT,
    message_id="<1@example.org>",
    date=datetime(2021, 10, 8, 9, 11, tzinfo=UTC),
)


async def deliver(url: str, envelope: Envelope = ENVELOPE) -> str:
    transport = open_transport(url, local_hostname="client.example.org")
    try:
        return await transport.send(envelope)
    finally:
        await transport.close()


async def failure(url: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await deliver(url)
    assert PASSWORD not in str(caught.value)
    return caught.value


async def test_a_message_arrives_byte_for_byte() -> None:
    async with serving() as inbox:
        assert await deliver(f"smtp://127.0.0.1:{inbox.port}") == "250 taken as 1"
    assert inbox.received == [("reminders@example.org", ["eric@example.org"], CONTENT)]


async def test_an_address_beyond_ascii_arrives() -> None:
    envelope = replace(ENVELOPE, recipient="josé@example.org")
    async with serving(enable_SMTPUTF8=True) as inbox:
        await deliver(f"smtp://127.0.0.1:{inbox.port}", envelope)
    assert inbox.received == [("reminders@example.org", ["josé@example.org"], CONTENT)]


async def test_a_server_that_wants_starttls_and_a_login_gets_both(authority: Authority) -> None:
    tls = authority.context_for("127.0.0.1")
    async with serving(tls_context=tls, require_starttls=True, auth_required=True) as inbox:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{inbox.port}?ca={authority.certificate}"
        assert await deliver(url) == "250 taken as 1"
    assert inbox.logins == ["ana"]


@over_implicit_tls
async def test_a_server_that_speaks_tls_at_once_gets_the_login(authority: Authority) -> None:
    tls = authority.context_for("127.0.0.1")
    async with serving(tls, auth_required=True, auth_require_tls=False) as inbox:
        url = f"smtps://{LOGIN}@127.0.0.1:{inbox.port}?ca={authority.certificate}"
        assert await deliver(url) == "250 taken as 1"
    assert inbox.logins == ["ana"]


@over_implicit_tls
async def test_a_wrong_password_keeps_the_message_and_names_the_remedy(authority: Authority) -> None:
    tls = authority.context_for("127.0.0.1")
    async with serving(tls, auth_required=True, auth_require_tls=False) as inbox:
        error = await failure(f"smtps://ana:wrong@127.0.0.1:{inbox.port}?ca={authority.certificate}")
    assert (error.permanent, error.unknown, error.reply[:3]) == (False, False, "535")
    assert "correct the user and password in the mail setting" in str(error)
    assert inbox.received == []


async def test_where_starttls_is_missing_neither_login_nor_message_is_sent() -> None:
    async with scripted(EHLO="250-scripted\r\n250 AUTH PLAIN LOGIN") as script:
        error = await failure(f"smtp+starttls://{LOGIN}@127.0.0.1:{script.port}")
    assert (error.permanent, error.unknown) == (False, False)
    assert "STARTTLS" in str(error)
    assert set(script.verbs) == {"EHLO"}


async def test_where_starttls_is_refused_neither_login_nor_message_is_sent() -> None:
    offer = "250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"
    async with scripted(EHLO=offer, STARTTLS="454 not now") as script:
        error = await failure(f"smtp+starttls://{LOGIN}@127.0.0.1:{script.port}")
    assert (error.permanent, error.unknown, error.reply) == (False, False, "454 not now")
    assert script.verbs == ["EHLO", "STARTTLS"]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize(
    ("host", "is_trusted", "reason"),
    [
        ("127.0.0.1", False, "unable to get local issuer certificate"),
        ("127.0.0.2", True, "IP address mismatch"),
    ],
)
async def test_a_certificate_that_can_not_be_trusted_ends_it_before_anything_is_said(
    authority: Authority, scheme: str, host: str, is_trusted: bool, reason: str
) -> None:
    context = authority.context_for(host)
    at_once = context if scheme == "smtps" else None
    later = {} if scheme == "smtps" else {"tls_context": context}
    async with serving(at_once, **later) as inbox:
        trusted = f"?ca={authority.certificate}" if is_trusted else ""
        error = await failure(f"{scheme}://{LOGIN}@127.0.0.1:{inbox.port}{trusted}")
    assert (error.permanent, error.unknown) == (False, False)
    assert reason in str(error)
    assert "has a certificate that can not be trusted" in str(error)
    assert (inbox.received, inbox.logins) == ([], [])


async def test_tls_spoken_to_a_server_without_it_is_a_clear_error() -> None:
    async with scripted() as script:
        error = await failure(f"smtps://{LOGIN}@127.0.0.1:{script.port}")
    assert (error.permanent, error.unknown) == (False, False)
    assert str(error).startswith(f"can not reach 127.0.0.1:{script.port}: ")
