"""The table of real programs in the documentation is what the readers really say."""

from tests.conftest import ROOT, shared
from tests.readers.survey import table


def test_the_table_in_the_documentation_is_true() -> None:
    shared("data")
    assert "\n".join(table()) in (ROOT / "docs" / "formats.md").read_text()
