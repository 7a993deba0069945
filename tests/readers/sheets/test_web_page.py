"""Session sheets as web pages, as word processors export them."""

from html import escape
from pathlib import Path

import pytest

from gsef_notify import readers
from tests.conftest import SAMPLE
from tests.readers.sheets.test_sheet import expected_facts, facts

NAME = "gsef-2021-alliances.html"


def page() -> str:
    """The sample as a page: paragraphs, and tables whose continued rows are row spans."""
    out, table = ["<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body>"], False
    for line in SAMPLE.read_text().splitlines():
        if ("\t" in line) != table and line.strip():
            out.append("</table></div>" if table else "<div class='t'><table>")
            table = not table
        if table and line.strip():
            fields = line.split("\t")
            out.append("<tr>" + "".join(f"<td>{_cell(field)}</td>" for field in fields) + "</tr>")
        elif line.strip():
            bold = "".join(f"<b>{p}</b>" if n % 2 else p for n, p in enumerate(escape(line).split("**")))
            out.append(f"<p class=MsoNormal>{bold.replace('*', '').strip('# ')}</p>")
    return "\n".join([*out, "</table></body></html>"])


def _cell(field: str) -> str:
    return field if "<" in field else escape(field)


def reading(tmp_path: Path, content: bytes) -> readers.Reading:
    file = tmp_path / NAME
    file.write_bytes(content)
    return readers.read([file])


def test_a_page_gives_the_same_facts(tmp_path: Path) -> None:
    found = reading(tmp_path, page().encode())
    assert found.errors == ()
    assert facts(found.program) == expected_facts()


def test_a_page_in_another_encoding_says_so_itself_and_is_understood(tmp_path: Path) -> None:
    declared = page().replace("<head>", '<head><meta charset="iso-8859-1">')
    found = reading(tmp_path, declared.encode("iso-8859-1", "xmlcharrefreplace"))
    assert facts(found.program) == expected_facts()


def test_a_field_over_several_rows_is_empty_after_its_first(tmp_path: Path) -> None:
    table = """<p>Session title: T</p><p>Date: 8 October 2021 (18:00-19:00 KST)</p><p>Speakers:</p><table>
    <tr><th></th><th>Organization</th><th>Name (Country)</th><th>Presentation</th></tr>
    <tr><td rowspan=2>Speaker 1</td><td rowspan=2>Org</td><td rowspan=2>Ana (Chile)</td>
    <td><b>Talk</b> begins</td></tr>
    <tr><td>and goes on.</td></tr></table>"""
    (person,) = reading(tmp_path, table.encode()).accept().sessions[0].people
    assert person.presentation is not None
    assert (person.presentation.title, person.presentation.description) == ("Talk", "begins and goes on.")


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"<", b"\x00\x01", b"<table rowspan=99999999>", b"<p>" * 100_000]
)
def test_what_is_no_sheet_ends_in_errors(tmp_path: Path, content: bytes) -> None:
    assert reading(tmp_path, content).errors


def test_a_script_is_no_text(tmp_path: Path) -> None:
    text = "<script>Session title: evil</script><p>Session title: good<script>x</script></p>"
    text += "<p>Date: 8 October 2021 (18:00-19:00 KST)</p>"
    assert reading(tmp_path, text.encode()).accept().sessions[0].title == "good"


def test_a_row_without_fields_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<h2>Program</h2><table><tr></tr></table><p>Something</p>")
    assert {problem.code for problem in readers.read([tmp_path / "x.html"]).errors} == {"NO_TITLE", "NO_DATE"}
