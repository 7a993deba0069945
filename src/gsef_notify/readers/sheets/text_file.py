"""Session sheets as text or Markdown (.txt, .md)."""

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Problems
from gsef_notify.readers.sheets.markdown_blocks import blocks
from gsef_notify.readers.sheets.sheet import understand
from gsef_notify.readers.source import Source


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The one session of a sheet; none where nothing can be made of it. Raises Unreadable."""
    return understand(source.path, blocks(source.path, source.text), problems)
