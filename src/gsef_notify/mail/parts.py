"""The parts of a mail that somebody else has written (RFC 2045, RFC 5322). Pure.

Headers are taken as they stand, by the policy ``compat32``: the newer one reads every value by a grammar,
which takes seconds for values that are made for that, and raises errors of many kinds.
"""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

LONGEST_FIELD = 10_000


def parsed(content: bytes) -> Message:
    """The message in some bytes, whatever they are. Raises RecursionError for one in one in one..."""
    return BytesParser(policy=compat32).parsebytes(content)


def parts(message: Message) -> Iterator[Message]:
    """The parts that are its own, in order; what is in a message that it brings along is not."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from parts(part)


def field(message: Message, name: str) -> str:
    """The first field of that name on one line, as UTF-8, "" where there is none; of a long one the
    beginning."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    unfolded = " ".join(raw[:LONGEST_FIELD].split())
    return unfolded.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def content_of(part: Message) -> bytes:
    """The bytes of a part that has no parts, without their transfer encoding."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def text_of(part: Message) -> str:
    """The text of a part, line ends as LF. Signs that its charset does not have are replaced."""
    content = content_of(part)
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def returned_message(part: Message) -> Message | None:
    """The message that a part brings along, whole or its headers, None for a part of another kind."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global", "message/global-headers") and part.is_multipart():
        inner = part.get_payload(0)
        return inner if isinstance(inner, Message) else None
    return parsed(content_of(part)) if kind == "text/rfc822-headers" else None
