"""Session sheets as Word files."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.text.paragraph import Paragraph

from gsef_notify import readers
from tests.conftest import SAMPLE
from tests.readers.sheets.test_sheet import expected_facts, facts

SESSION = "gsef-2021-alliances.docx"


def add_rich(paragraph: Paragraph, text: str) -> None:
    """Text in which ``**`` begins and ends bold."""
    for number, part in enumerate(text.split("**")):
        if part:
            paragraph.add_run(part).bold = number % 2 == 1


def word_sheet() -> Document:
    """The sample as somebody would write it in Word: real tables, bold, merged fields, a link."""
    document = docx.Document()
    paragraphs = [
        "WORKSHOP SESSION INFO",
        "**Session title:** Initiatives and alliances between local governments and SSE actors "
        "to build a new economy",
        "**Date / Duration:** October 8th, 2021 (18:00-19:30 KST / 9:00-10:30 UTC)",
        "**Language:** English",
        "**Target audience:** everyone",
        "**Background**",
        "One paragraph & another <thing>.",
        "**Objectives**",
        "To learn.",
        "**Moderator:** Dara Huot, Chief Executive / Phare Performing Social Enterprise Co., Ltd "
        "(Phare Circus & Phare Creative Studio) (dara.huot@example.org)",
        "**Speakers:**",
    ]
    for text in paragraphs:
        add_rich(document.add_paragraph(), text)
    _speakers(document)
    add_rich(document.add_paragraph(), "**Program**")
    _program(document)
    return document


def _speakers(document: Document) -> None:
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(
        table.rows[0].cells, ("", "Organization", "Name (Country)", "Presentation Description"), strict=True
    ):
        cell.text = text
    rows = [
        (
            "Speaker 1",
            "SSEGOV (Association of Korean Local Governments for Social Economy and Solidarity)",
            "**Young Kim** (South Korea) / Executive Director",
            "**Network of local governments promoting SSE**",
        ),
        (
            "Speaker 2",
            "ENSIE (European Network for Social Integration Enterprises) & CIESCOOP "
            "(Centro Internacional de Economía Social y Cooperativa)",
            "**Eric Leyton Inostroza** (Chile) / Project Manager",
            "**International cooperation** How it came",
        ),
        (
            "Speaker 3",
            "SENECA (Social and Solidarity Network for East and Central Africa) & Office of the Mayor, "
            "Nakawa Division Urban Council, Kampala Capital City Authority",
            "**Bernard Luyiga** (Uganda) / Co-founder & Administrative Officer",
            "**Laying the Foundation for SSE Agenda in East and Central Africa**",
        ),
        (
            "Speaker 4",
            "Fab City",
            "**Martin Van Den Borre** (Canada) / Fabcity Facilitator",
            "**Fab City global initiative and SSE**",
        ),
    ]
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            add_rich(cell.paragraphs[0], text)
        if row[0] == "Speaker 2":
            continued = table.add_row()
            add_rich(continued.cells[3].paragraphs[0], "and what is next.")
            for column in range(3):
                table.cell(2, column).merge(continued.cells[column])


def _program(document: Document) -> None:
    table = document.add_table(rows=0, cols=2)
    lines = SAMPLE.read_text().splitlines()
    for line in lines[lines.index("Time\tContent") :]:
        if "\t" in line:
            for cell, text in zip(table.add_row().cells, line.split("\t"), strict=True):
                cell.text = text.replace("<sup>", "").replace("</sup>", "")


def saved(tmp_path: Path, document: Document) -> Path:
    file = tmp_path / SESSION
    document.save(str(file))
    return file


def test_a_word_sheet_gives_the_same_facts(tmp_path: Path) -> None:
    reading = readers.read([saved(tmp_path, word_sheet())])
    assert reading.errors == ()
    assert facts(reading.program) == expected_facts()
    session = reading.program.sessions[0]
    assert session.background == "One paragraph & another <thing>."
    assert [p.presentation.description for p in session.people if p.presentation][
        1
    ] == "How it came and what is next."


def test_a_word_file_is_found_in_a_folder(tmp_path: Path) -> None:
    saved(tmp_path, word_sheet())
    assert [session.id for session in readers.read([tmp_path]).accept().sessions] == ["gsef-2021-alliances"]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (65 * 1024 * 1024))
    return packed.getvalue()


def other_archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: b"", "the file is empty"),
        (lambda: b"%PDF-1.7", "this is no file of an office program, or a damaged one"),
        (lambda: b"PK\x03\x04 and no more", "this is no file of an office program, or a damaged one"),
        (other_archive, "this is no Word file, or a damaged one"),
        (bomb, "unpacked, it is larger than 64 MiB"),
    ],
)
def test_what_is_no_word_file_is_one_sentence(
    tmp_path: Path, content: Callable[[], bytes], message: str
) -> None:
    file = tmp_path / SESSION
    file.write_bytes(content())
    (problem,) = readers.read([file]).errors
    assert (problem.code, problem.message) == ("UNREADABLE", message)


def test_without_its_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path, word_sheet())
    monkeypatch.delitem(sys.modules, "gsef_notify.readers.sheets.word_document", raising=False)
    monkeypatch.setitem(sys.modules, "docx", None)
    (problem,) = readers.read([file]).errors
    assert problem.remedy == "run: pip install 'gsef-notify[documents]'"
