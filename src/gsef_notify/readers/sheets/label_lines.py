"""Lines that begin a section of a sheet: ``Session title: ...``, ``**Background**``, ``3. Speakers``."""

import re

from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.vocabulary import section
from gsef_notify.readers.text import rich

BULLET = re.compile(r"^\s*(?:[○•●◦▪■□·‣*+\-–#]+\s*|o\s+(?=\*|\w))+")
# Behind a label stand a colon, a line break or, where it is bold, a dash or full stop.
_LABEL_ENDS = re.compile(r"\s*:|<br\s*/?>|(?:</\w+>|\*\*|\s)*\s[-–—]\s|[.?](?=\s*(?:\*\*|</))", re.IGNORECASE)
LONGEST_LABEL = 100
MARKED_HEADING = re.compile(r"\s*#{1,6}\s")
_LIST_SIGN = re.compile(r"^\s*(?:[○•●◦▪■□·‣+\-–]\s*|\*\s+|#+\s+)+")
_BOLD_LEAD = re.compile(
    r"(?:\*\*|<(?:b|strong)>)[^*<:]{2,60}(:?)(?:\*\*|</(?:b|strong)>)\s*(:?)(.*)", re.IGNORECASE | re.DOTALL
)
_NUMBERED_CAPITALS = re.compile(r"\d{1,2}[.)]\s+[A-ZÀ-Þ][A-ZÀ-Þ\s'’/&()-]{3,60}")
_WORDS_AND_COLON = re.compile(r"(?:\d{1,2}[.)]\s+)?[^\W\d_]+(?: [^\W\d_]+){0,3}\s*:\s")
_LABEL_ONLY_INSIDE = {"description", "people"}


def label_of(paragraph: Paragraph) -> tuple[str, str, Paragraph | None] | None:
    """The section that a line begins, its label, and what follows the label on the line."""
    text = BULLET.sub("", paragraph.source)
    plain_signs = narrow(text)
    for end in _LABEL_ENDS.finditer(plain_signs[:LONGEST_LABEL]):
        head = rich(text[: end.start()]).text.strip(" .")
        if head.count("(") != head.count(")"):
            continue
        is_marked = any(sign in end[0] for sign in ":.?") or not end[0] or _is_bold(text[: end.end()])
        if is_marked and (name := section(head)):
            return name, head, _rest(paragraph, text[end.end() :], name)
    head = rich(text).text
    name = section(head.rstrip(" :：")) if len(head) < LONGEST_LABEL else None
    return (name, head, None) if name else None


def is_like_a_label(paragraph: Paragraph) -> bool:
    """Whether a line begins with bold words and a colon, whatever they mean, or is a heading."""
    source = narrow(_LIST_SIGN.sub("", paragraph.source).strip())
    lead = _BOLD_LEAD.match(source)
    is_label = lead and (lead[1] or lead[2] or not lead[3])
    return bool(is_label or _NUMBERED_CAPITALS.fullmatch(source) or MARKED_HEADING.match(paragraph.source))


def is_plain_label(paragraph: Paragraph) -> bool:
    """Whether a line begins with one to four words and a colon."""
    return bool(_WORDS_AND_COLON.match(narrow(rich(BULLET.sub("", paragraph.source)).text)))


def _rest(paragraph: Paragraph, tail: str, name: str) -> Paragraph | None:
    source = re.sub(r"^(?:\*\*|</\w+>|\s)+", "", tail).rstrip()
    if not rich(source).text or name in _LABEL_ONLY_INSIDE:
        return None
    column = len(paragraph.source.rstrip()) - len(source) + 1
    return Paragraph(source, Place(paragraph.place.path, paragraph.place.line, column))


def _is_bold(head: str) -> bool:
    return bool(re.search(r"\*\*|<(?:b|strong)\b", head, re.IGNORECASE))
