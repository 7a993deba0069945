"""A mail as it was stored, read back by the standard parser to be shown. Pure."""

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Literal


def parsed(content: bytes) -> EmailMessage:
    """The message in the bytes of a mail (RFC 5322)."""
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)


def body(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    """The text that a mail has of a kind, "" where it has none."""
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
