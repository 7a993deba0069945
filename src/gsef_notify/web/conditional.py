"""Conditional requests and content coding (RFC 9110 sections 8.8, 12.5.3 and 13). Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_MICROSOFT = re.compile(r"outlook|microsoft|ms-office|exchange", re.IGNORECASE)


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it."""
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)


def is_fresh(headers: Mapping[str, str], entity_tags: tuple[str, ...], modified: datetime) -> bool:
    """Whether the client has this representation already, so that 304 is the answer.

    ``entity_tags`` are the strong tags, in quotes, of all codings of the representation; If-None-Match is
    compared weakly (section 13.1.2), and If-Modified-Since counts only without it.
    """
    wanted = headers.get("if-none-match")
    if wanted is not None:
        return wanted.strip() == "*" or any(tag in entity_tags for tag in _ENTITY_TAG.findall(wanted))
    since = _parsed_date(headers.get("if-modified-since"))
    return since is not None and modified.replace(microsecond=0) <= since


def wants_gzip(headers: Mapping[str, str]) -> bool:
    """Whether to answer in gzip: only where it is asked for, and never to Outlook and its kin, which have
    been seen to fail on it."""
    if _MICROSOFT.search(headers.get("user-agent", "")):
        return False
    weights = dict(_weighted(part) for part in headers.get("accept-encoding", "").split(",") if part.strip())
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(part: str) -> tuple[str, float]:
    coding, _, parameters = part.partition(";")
    found = re.search(r"q\s*=\s*([0-9.]+)", parameters)
    try:
        weight = float(found[1]) if found else 1.0
    except ValueError:
        weight = 0.0
    return coding.strip().lower(), weight


def _parsed_date(text: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
