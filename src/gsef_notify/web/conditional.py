"""Conditional requests and content coding (RFC 9110 sections 8.8, 12.5.3 and 13). Pure."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", re.IGNORECASE)
_BLANKS = " \t"
_MICROSOFT = re.compile(r"outlook|microsoft|ms-office|exchange", re.IGNORECASE)


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it."""
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)


def is_fresh(headers: Headers, entity_tags: tuple[str, ...], modified: datetime) -> bool:
    """Whether the client has this representation already, so that 304 is the answer.

    ``entity_tags`` are the strong tags, in quotes, of all codings of the representation; If-None-Match is
    compared weakly (section 13.1.2), and If-Modified-Since counts only without it.
    """
    if "if-none-match" in headers:
        wanted = _joined(headers, "if-none-match").strip(_BLANKS)
        return wanted == "*" or any(tag in entity_tags for tag in _listed_tags(wanted))
    since = _parsed_date(headers.get("if-modified-since"))
    return since is not None and modified.replace(microsecond=0) <= since


def wants_gzip(headers: Headers) -> bool:
    """Whether to answer in gzip: only where it is asked for, not less than the plain bytes, and never to
    Outlook and its kin, which have been seen to fail on it (section 12.5.3)."""
    if _MICROSOFT.search(headers.get("user-agent", "")):
        return False
    asked = _joined(headers, "accept-encoding").split(",")
    weights = dict(_weighted(part) for part in asked if part.strip())
    weight = weights.get("gzip", weights.get("*", 0.0))
    return weight > 0 and weight >= weights.get("identity", 0.0)


def _joined(headers: Headers, name: str) -> str:
    """A field that may come in several lines, which mean one list (section 5.3)."""
    return ",".join(headers.getlist(name))


def _listed_tags(field: str) -> list[str]:
    """The opaque tags of a list; none where it is malformed, as a full answer is never wrong."""
    between = _ENTITY_TAG.sub("", field)
    return _ENTITY_TAG.findall(field) if not between.strip(f"{_BLANKS},") else []


def _weighted(part: str) -> tuple[str, float]:
    coding, _, parameters = part.partition(";")
    found = _WEIGHT.fullmatch(parameters)
    weight = float(found[1]) if found else 0.0
    return coding.strip().lower(), weight if parameters else 1.0


def _parsed_date(text: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
