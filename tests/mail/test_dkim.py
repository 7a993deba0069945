"""Signatures that dkimpy, which shares no code with ours, finds good, and bad after a change that matters."""

import email
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from dkim.canonicalization import Relaxed
from hypothesis import given, settings
from hypothesis import strategies as st

from gsef_notify.mail.dkim import SIGNED_HEADERS, SigningKey, relaxed_body, relaxed_header, signed
from gsef_notify.mail.dkim_keys import load_signing_key
from gsef_notify.mail.list_headers import feedback_id, unsubscribe_headers
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.mime import Attachment, Invitation, Mailbox, to_bytes
from gsef_notify.mail.transport import Envelope
from gsef_notify.mail.transports import open_transport
from tests.mail.inbox import serving
from tests.mail.signing import Zone, save
from tests.mail.test_invitation import REQUEST
from tests.mail.test_mime import MESSAGE, TEXTS

REMINDER = replace(
    MESSAGE,
    recipient=Mailbox("ana@münchen.example", "Ana Müller, 한국"),
    subject="10분 뒤: 발표",
    text="Dear Ana,\n\n.\nyou   speak\tat 06:21.  \n\n\n",
    attachments=(Attachment("a.ics", "text/calendar", REQUEST),),
    invitation=Invitation("REQUEST", REQUEST),
    headers=(
        *unsubscribe_headers(f"https://gsef.example.org/unsubscribe/{'t' * 300}"),
        feedback_id("speaker-segment", "GSEF", "reminders@example.org"),
        ("In-Reply-To", "<0@example.org>"),
    ),
)
CONTENT = to_bytes(REMINDER)
thoroughly = settings(deadline=None)


class Signing:
    """Two keys of one domain, and the DNS in which they are published."""

    def __init__(self, folder: Path) -> None:
        self.zone = Zone()
        self.by_rsa = self._key("rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048), folder)
        self.by_ed25519 = self._key("ed", ed25519.Ed25519PrivateKey.generate(), folder)
        self.both = (self.by_rsa, self.by_ed25519)

    def _key(
        self, selector: str, key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, folder: Path
    ) -> SigningKey:
        self.zone.publish("xn--gsef-3ra.example", selector, key)
        return load_signing_key("gsefü.example", selector, save(key, folder / selector))


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return Signing(tmp_path_factory.mktemp("keys"))


def envelope(content: bytes) -> Envelope:
    return Envelope("r@example.org", "ana@example.org", content, MESSAGE.message_id, MESSAGE.date)


def test_without_keys_the_bytes_stay_as_they_are() -> None:
    assert signed(CONTENT, ()) == CONTENT


def test_both_kinds_of_signature_are_good_alone_and_together(signing: Signing) -> None:
    assert signing.zone.verdicts(signed(CONTENT, [signing.by_rsa])) == [True]
    assert signing.zone.verdicts(signed(CONTENT, [signing.by_ed25519])) == [True]
    assert signing.zone.verdicts(signed(CONTENT, signing.both)) == [True, True]


def test_a_signature_stands_above_the_message_and_changes_nothing_else(signing: Signing) -> None:
    content = signed(CONTENT, signing.both)
    assert content.endswith(CONTENT)
    above = content.removesuffix(CONTENT)
    assert [line.split(b":")[0] for line in above.split(b"\r\n") if line[:1].strip()] == [
        b"DKIM-Signature"
    ] * 2
    assert max(map(len, above.split(b"\r\n"))) <= 76
    assert signed(CONTENT, signing.both) == content


def test_another_key_in_the_dns_finds_it_bad(signing: Signing) -> None:
    other = Zone()
    other.publish("xn--gsef-3ra.example", "ed", ed25519.Ed25519PrivateKey.generate())
    assert other.verdicts(signed(CONTENT, [signing.by_ed25519])) == [False]


@pytest.mark.parametrize("name", SIGNED_HEADERS)
def test_a_header_that_is_added_is_noticed(signing: Signing, name: str) -> None:
    content = signed(CONTENT, signing.both)
    assert signing.zone.verdicts(name.encode() + b": evil@example.org\r\n" + content) == [False, False]
    head, _, body = content.partition(b"\r\n\r\n")
    added = b"\r\n%b: evil@example.org\r\n\r\n" % name.encode()
    assert signing.zone.verdicts(head + added + body) == [False, False]


@pytest.mark.parametrize(
    "name", [name for name in SIGNED_HEADERS if f"\r\n{name}: ".encode() in b"\r\n" + CONTENT]
)
def test_a_header_that_is_taken_away_is_noticed(signing: Signing, name: str) -> None:
    content = signed(CONTENT, signing.both)
    without = content.replace(f"\r\n{name}: ".encode(), b"\r\nX-Was: ")
    assert without != content
    assert signing.zone.verdicts(without) == [False, False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"06:21", b"07:21"),
        (b"method=REQUEST", b"method=CANCEL"),
        (b"unsubscribe/ttt", b"unsubscribe/xtt"),
        (b"One-Click", b"One-Clack"),
        (b"ana@xn--", b"eve@xn--"),
        (b"d=xn--", b"d=yn--"),
    ],
)
def test_a_change_of_what_people_read_is_noticed(signing: Signing, old: bytes, new: bytes) -> None:
    content = signed(CONTENT, signing.both)
    assert old in content
    assert signing.zone.verdicts(content.replace(old, new)) == [False, False]


async def test_a_signed_mail_arrives_byte_for_byte_and_is_good(signing: Signing) -> None:
    content = signed(CONTENT, signing.both)
    async with serving() as inbox:
        transport = open_transport(f"smtp://127.0.0.1:{inbox.port}", local_hostname="client.example.org")
        await transport.send(envelope(content))
        await transport.close()
    assert [received for _, _, received in inbox.received] == [content]
    assert signing.zone.verdicts(inbox.received[0][2]) == [True, True]


async def test_a_signed_mail_in_a_folder_is_good_with_the_line_ends_of_mail(
    signing: Signing, tmp_path: Path
) -> None:
    content = signed(CONTENT, signing.both)
    proof = await MaildirTransport(tmp_path).send(envelope(content))
    stored = (tmp_path / proof).read_bytes().replace(b"\n", b"\r\n")
    assert stored == content
    assert signing.zone.verdicts(stored) == [True, True]


def test_a_message_to_an_address_beyond_ascii_is_signed_too(signing: Signing) -> None:
    content = to_bytes(replace(REMINDER, recipient=Mailbox("josé@example.org")))
    assert signing.zone.verdicts(signed(content, signing.both)) == [True, True]


@settings(deadline=None, max_examples=50)
@given(subject=TEXTS, name=TEXTS, text=TEXTS, html=TEXTS)
def test_whatever_a_message_says_its_signatures_are_good(
    signing: Signing, subject: str, name: str, text: str, html: str
) -> None:
    recipient = Mailbox("eric@example.org", name)
    message = replace(REMINDER, subject=subject, recipient=recipient, text=text, html=html)
    content = signed(to_bytes(message), signing.both)
    assert signing.zone.verdicts(content) == [True, True]
    assert email.message_from_bytes(content).defects == []


LINES = st.lists(st.sampled_from([b"", b" ", b"\t", b"a", b" a  b\t c ", b"\xc3\xbc", b"-- "]), max_size=9)


@thoroughly
@given(lines=LINES)
def test_bodies_have_the_form_that_dkimpy_gives_them(lines: list[bytes]) -> None:
    body = b"".join(line + b"\r\n" for line in lines)
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


@thoroughly
@given(words=st.lists(st.sampled_from([b"a", b"\xc3\xbc", b" ", b"\t", b"\r\n ", b":", b"B"]), max_size=9))
def test_headers_have_the_form_that_dkimpy_gives_them(words: list[bytes]) -> None:
    value = b"".join(words)
    [(name, expected)] = Relaxed.canonicalize_headers([(b"X-Topic", value + b"\r\n")])
    assert relaxed_header(b"X-Topic", value) + b"\r\n" == name + b":" + expected


def test_a_body_of_a_million_blanks_takes_no_longer_than_others() -> None:
    assert relaxed_body(b" " * 1_000_000) == b""
    assert relaxed_body(b" " * 1_000_000 + b"x\r\n" * 100_000) == b" " + b"x\r\n" * 100_000


def test_the_lower_of_two_fields_is_signed_first(signing: Signing) -> None:
    content = signed(b"From: a@example.org\r\nFrom: b@example.org\r\n\r\nhello\r\n", [signing.by_ed25519])
    assert signing.zone.verdicts(content) == [True]
    assert b"h=From: From: From: To: " in content.replace(b"\r\n", b"")
