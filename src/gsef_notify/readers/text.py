"""Untrusted bytes and strings -> clean text."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

_OTHER_FORMATS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a Word, Excel or other zipped file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
# The parser takes quadratic time over tags that never end, so that only whole ones may reach it.
_NO_TAG = re.compile(r"<(?!/?[a-z][a-z0-9]*(?:[\s/][^<>]*)?>)", re.IGNORECASE)
_HTML = re.compile(r"</?(?:p|br|div|ul|ol|li|a|b|i|em|strong|span|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"\n\n|<br\s*/?>|</(?:p|li|div|ul|ol|h[1-6])\s*>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\n|<br\s*/?>|</p\s*>|</li\s*>|</div\s*>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]\[]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")


class Unreadable(Exception):
    """Why bytes are no text that a reader could understand; its two arguments are message and remedy."""


@dataclass(frozen=True)
class Rich:
    """A text of one line, and the part of it that stands in bold at its beginning."""

    text: str
    lead: str = ""

    @property
    def rest(self) -> str:
        """The text after the bold beginning."""
        return self.text[len(self.lead) :].strip()


def content_of(file: Path, largest: int) -> bytes:
    """The bytes of a file. Raises OSError, and Unreadable for one that is empty or larger than ``largest``
    bytes, of which no more than that is read."""
    with file.open("rb") as opened:
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise Unreadable(f"larger than {largest // 1024} KiB", "split it, or take out its pictures")
    if not content.strip():
        raise Unreadable("the file is empty", "put a session sheet or another program in it")
    return content


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unreadable for what is no UTF-8 text, or holds nothing."""
    for magic, name in _OTHER_FORMATS.items():
        if content.startswith(magic):
            raise Unreadable(f"this is {name} under another name", "give it the ending that it should have")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"byte {error.start} (line {line}) is not UTF-8", "save the file as UTF-8") from None
    if "\x00" in text:
        raise Unreadable("this is a binary file", "save it as text in UTF-8")
    if not text.strip():
        raise Unreadable("the file is empty", "put a session sheet or another program in it")
    return text


def plain(text: str) -> str:
    """One line without controls, its white space collapsed."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def paragraphs(text: str) -> str:
    """Text of several paragraphs without controls; each on one line, a blank line between."""
    return "\n\n".join(filter(None, (plain(part) for part in re.split(r"\n\s*\n", text))))


def without_html(text: str) -> str:
    """Paragraphs without the HTML that exports leave in them; what has no tags stays as it is."""
    if not _HTML.search(text):
        return text
    parts = (rich(part).text for part in _PARAGRAPH_END.split(text))
    return "\n\n".join(filter(None, parts))


def rich(source: str) -> Rich:
    """Inline HTML and Markdown -> the text that a reader sees."""
    parser = _Inline()
    parser.feed(whole_tags(_LINK.sub(r"\1", source)))
    parser.close()
    return parser.result()


def rich_lines(source: str) -> tuple[Rich, ...]:
    """The same, for each line of a field."""
    return tuple(line for part in _LINE_BREAK.split(source) if (line := rich(part)).text)


def whole_tags(source: str) -> str:
    """HTML without comments, in which every ``<`` begins a whole tag."""
    return _NO_TAG.sub("&lt;", _COMMENT.sub("", source))


class _Inline(HTMLParser):
    """Collects text; bold runs, of HTML or Markdown, are told apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._runs: list[tuple[str, bool]] = []
        self._bold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("b", "strong"):
            self._bold += 1
        elif tag in ("p", "br", "div", "li"):
            self._runs.append((" ", False))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("b", "strong"):
            self._bold = max(0, self._bold - 1)
        elif tag in ("p", "div", "li"):
            self._runs.append((" ", False))

    def handle_data(self, data: str) -> None:
        for number, part in enumerate(data.split("**")):
            self._runs.append((part.replace("*", ""), self._bold > 0 or number % 2 == 1))

    def result(self) -> Rich:
        """What has been collected."""
        visible = [(text, bold) for text, bold in self._runs if text.strip()]
        lead = []
        for text, bold in visible:
            if not bold:
                break
            lead.append(text)
        return Rich(plain("".join(text for text, _ in self._runs)), plain(" ".join(lead)))
