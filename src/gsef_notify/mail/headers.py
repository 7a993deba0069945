"""The lines of a message's header: what is written raw, quoted or as encoded words, and where it folds. Pure.

Nothing that comes in can begin a line of its own: controls become spaces, and whatever a reader could take
for an encoded word is written as one.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import quote

LINE_LENGTH = 76
"""The longest line with an encoded word in it (RFC 2047 section 2); others keep to it too where they can."""

LONGEST_LINE = 998
"""The longest line that any mail may have, in bytes (RFC 5322 section 2.1.1)."""

_ENCODED_WORD_FRAME = len("=?utf-8?b??=")
_LONGEST_WORD = 60
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029 ]+")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_NOT_IN_FILENAMES = re.compile(r'[/\\:*?"<>|]')
_URL_CHARACTERS = "".join(map(chr, range(0x21, 0x7F)))


def one_line(text: str) -> str:
    """The text with each run of controls, line ends (U+2028 too) and spaces as one space."""
    return _CONTROLS.sub(" ", text.encode("utf-8", "replace").decode()).strip()


def text_header(name: str, text: str) -> str:
    """A header of free text, such as Subject (RFC 5322 section 3.6.5)."""
    return folded(name, _text_words(one_line(text), len(name) + 2))


def mailbox_header(name: str, display_name: str, address: str) -> str:
    """A header with one mailbox, such as To (RFC 5322 section 3.4). The address is written as it is."""
    return folded(name, chain(_phrase_words(one_line(display_name), len(name) + 2), [f"<{address}>"]))


def url_header(name: str, value: str) -> str:
    """A header whose words are URLs, such as List-Unsubscribe (RFC 2369): never encoded, never broken."""
    ascii_value = quote(one_line(value), safe=_URL_CHARACTERS + " ")
    return folded(name, ascii_value.replace("=?", "=%3F").split(" "))


def folded(name: str, words: Iterable[str]) -> str:
    """``name: words`` on as many lines as it takes; no word is broken and no line is empty."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE_LENGTH and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def filename_parameters(filename: str) -> list[str]:
    """The words that name a file in a Content-Disposition (RFC 2183; RFC 2231 beyond plain ASCII)."""
    safe = _NOT_IN_FILENAMES.sub("_", one_line(filename)) or "attachment"
    if safe.isascii() and len(safe) <= _LONGEST_WORD:
        return [f'filename="{safe}"']
    pieces = list(_pieces((quote(character, safe="") for character in safe), 42, 54))
    if len(pieces) == 1:
        return [f"filename*=utf-8''{pieces[0]}"]
    first, *others = pieces
    words = [f"filename*0*=utf-8''{first}", *(f"filename*{n}*={piece}" for n, piece in enumerate(others, 1))]
    return [f"{word};" for word in words[:-1]] + words[-1:]


def _text_words(text: str, indent: int) -> Iterable[str]:
    return text.split(" ") if _is_plain(text) else _encoded_words(text, indent)


def _phrase_words(name: str, indent: int) -> Iterable[str]:
    if not name or (_is_plain(name) and _PHRASE.fullmatch(name)):
        return name.split()
    if _is_plain(name) and len(quoted := _quoted(name)) <= _LONGEST_WORD:
        return [quoted]
    return _encoded_words(name, indent)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and all(len(word) <= _LONGEST_WORD for word in text.split(" "))


def _encoded_words(text: str, indent: int) -> Iterator[str]:
    line = LINE_LENGTH - _ENCODED_WORD_FRAME
    for piece in _pieces(text, _bytes_in(line - indent), _bytes_in(line - 1)):
        yield f"=?utf-8?b?{b64encode(piece.encode()).decode()}?="


def _bytes_in(base64_characters: int) -> int:
    return base64_characters // 4 * 3


def _pieces(units: Iterable[str], first_room: int, room: int) -> Iterator[str]:
    """The units joined to pieces of at most so many UTF-8 bytes, none of them cut."""
    piece, left = "", first_room
    for unit in units:
        size = len(unit.encode())
        if size > left and piece:
            yield piece
            piece, left = "", room
        piece, left = piece + unit, left - size
    yield piece
