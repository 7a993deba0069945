"""Conditional requests and content coding (RFC 9110 sections 8.8, 12.5.3 and 13). Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

_ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", re.IGNORECASE)
_BLANKS = b" \t"
_MICROSOFT = re.compile(r"outlook|microsoft|ms-office|exchange", re.IGNORECASE)
_FIELDS = frozenset((b"if-none-match", b"if-modified-since", b"accept-encoding", b"user-agent"))


class Asked(NamedTuple):
    """The fields of a request that decide which bytes are sent, None where there is none."""

    if_none_match: bytes | None = None
    if_modified_since: bytes | None = None
    accept_encoding: bytes | None = None
    user_agent: bytes | None = None

    @classmethod
    def by(cls, headers: Iterable[tuple[bytes, bytes]]) -> "Asked":
        """The request that has these header fields, their names in small letters. A field that comes in
        several lines means one list (section 5.3)."""
        found: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in _FIELDS:
                found[name] = b"%b,%b" % (found[name], value) if name in found else value
        return cls(
            found.get(b"if-none-match"),
            found.get(b"if-modified-since"),
            found.get(b"accept-encoding"),
            found.get(b"user-agent"),
        )


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it."""
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)


def is_fresh(asked: Asked, entity_tags: tuple[bytes, ...], modified: datetime) -> bool:
    """Whether the client has this representation already, so that 304 is the answer.

    ``entity_tags`` are the strong tags, in quotes, of all codings of the representation; If-None-Match is
    compared weakly (section 13.1.2), and If-Modified-Since counts only without it.
    """
    wanted = asked.if_none_match
    if wanted is not None:
        if wanted in entity_tags or wanted.strip(_BLANKS) == b"*":
            return True
        return any(tag in entity_tags for tag in _listed_tags(wanted))
    since = _parsed_date(asked.if_modified_since)
    return since is not None and modified.replace(microsecond=0) <= since


def wants_gzip(asked: Asked) -> bool:
    """Whether to answer in gzip: only where it is asked for, not less than the plain bytes, and never to
    Outlook and its kin, which have been seen to fail on it (section 12.5.3)."""
    return asked.accept_encoding is not None and _wants_gzip(asked.accept_encoding, asked.user_agent or b"")


@lru_cache(1024)
def _wants_gzip(accept_encoding: bytes, user_agent: bytes) -> bool:
    if _MICROSOFT.search(user_agent.decode("latin-1")):
        return False
    parts = accept_encoding.decode("latin-1").split(",")
    weights = dict(_weighted(part) for part in parts if part.strip())
    weight = weights.get("gzip", weights.get("*", 0.0))
    return weight > 0 and weight >= weights.get("identity", 0.0)


def _listed_tags(field: bytes) -> list[bytes]:
    """The opaque tags of a list; none where it is malformed, as a full answer is never wrong."""
    between = _ENTITY_TAG.sub(b"", field)
    return _ENTITY_TAG.findall(field) if not between.strip(_BLANKS + b",") else []


def _weighted(part: str) -> tuple[str, float]:
    coding, _, parameters = part.partition(";")
    found = _WEIGHT.fullmatch(parameters)
    weight = float(found[1]) if found else 0.0
    return coding.strip().lower(), weight if parameters else 1.0


def _parsed_date(field: bytes | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(field.decode("latin-1")) if field else None
    except (ValueError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
