"""Bytes that are ready to be sent: as they are and in gzip, each with its fields (RFC 9110)."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from gsef_notify.kept_bytes import kept
from gsef_notify.web.conditional import Asked, http_date, is_fresh, wants_gzip

Fields = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """What is sent: names of fields are in small letters, as ASGI has them."""

    status: int
    fields: Fields
    body: bytes


@dataclass(frozen=True)
class Kind:
    """What somebody downloads: its media type, a file name in ASCII, and the fields that all answers have."""

    media_type: str
    file_name: str
    fields: tuple[tuple[str, str], ...]


class Representation:
    """The bytes of a resource, last ``modified`` at that instant; each answer is made once."""

    def __init__(self, body: bytes, modified: datetime, kind: Kind) -> None:
        self._body, self._modified = body, modified
        self._digest = hashlib.sha256(body).hexdigest()
        self._tags = (f'"{self._digest}"'.encode(), f'"{self._digest}-gzip"'.encode())
        self._common = _fields(
            *kind.fields, ("Last-Modified", http_date(modified)), ("Vary", "Accept-Encoding, User-Agent")
        )
        self._content = _fields(
            ("Content-Type", kind.media_type),
            ("Content-Disposition", f'inline; filename="{kind.file_name}"'),
        )
        self._unchanged = Answer(304, [*self._common, (b"etag", self._tags[0])], b"")
        self._unchanged_packed = Answer(304, [*self._common, (b"etag", self._tags[1])], b"")
        self._whole = self._full(kept(body), self._tags[0])

    @property
    def size(self) -> int:
        """How many bytes it keeps at the most, about: as they are, in a file, and in gzip."""
        return len(self._body) * 9 // 4

    def answer(self, asked: Asked) -> Answer:
        """What a request for it gets."""
        is_packed = wants_gzip(asked)
        if is_fresh(asked, self._tags, self._modified):
            return self._unchanged_packed if is_packed else self._unchanged
        return self._packed if is_packed else self._whole

    @cached_property
    def _packed(self) -> Answer:
        packed = gzip.compress(self._body, mtime=0)
        return self._full(packed, self._tags[1], (b"content-encoding", b"gzip"))

    def _full(self, body: bytes, tag: bytes, *more: tuple[bytes, bytes]) -> Answer:
        length = (b"content-length", str(len(body)).encode())
        return Answer(200, [*self._common, *self._content, (b"etag", tag), length, *more], body)


def sentence(status: int, text: str, fields: Sequence[tuple[str, str]]) -> Answer:
    """An answer in plain words."""
    body = f"{text}\n".encode()
    content = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))))
    return Answer(status, _fields(*fields, *content), body)


def _fields(*fields: tuple[str, str]) -> Fields:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in fields]
