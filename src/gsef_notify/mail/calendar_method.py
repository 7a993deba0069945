"""What a calendar in a mail asks of its reader: its METHOD (RFC 5546). Pure."""

import re

_FOLD = re.compile(rb"\r\n[ \t]")
_METHOD = re.compile(rb"METHOD(;[^:\r\n]*)?:(?P<method>[^\r\n]*)", re.IGNORECASE)


def methods_of(calendar: bytes) -> list[str]:
    """The METHODs of a calendar, as they are written, out of its unfolded lines (RFC 5545 section 3.1).

    Only what stands before the first component counts: a description may speak of methods too. No calendar
    gives none. Raises ValueError for what is not UTF-8 or has other line ends than CRLF.
    """
    if re.search(rb"(?<!\r)\n|\r(?!\n)|\0", calendar) or not calendar.endswith(b"\r\n"):
        raise ValueError("lines that do not end with CRLF")
    calendar.decode()
    first, *lines = _FOLD.sub(b"", calendar).split(b"\r\n")
    if first.upper() != b"BEGIN:VCALENDAR":
        return []
    end = next((n for n, line in enumerate(lines) if line[:6].upper() in (b"BEGIN:", b"END:VC")), len(lines))
    return [found["method"].decode() for line in lines[:end] if (found := _METHOD.fullmatch(line))]
