"""What the process that reads a PDF hands over."""

import msgspec

LIMIT_SECONDS = 30


class PdfCell(msgspec.Struct, frozen=True):
    """A field of a row; ``is_repeated``: it is merged with the one above, whose text it has."""

    source: str
    is_repeated: bool = False


class PdfPart(msgspec.Struct, frozen=True):
    """A line of text, or the fields of a row; ``number`` counts them on their page. Bold is marked as in
    Markdown, the rest is safe as HTML."""

    page: int
    number: int
    line: str | None
    cells: tuple[PdfCell, ...] = ()
