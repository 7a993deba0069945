"""Sheets as PDF: written by a library, and printed by a browser as a word processor would."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, sync_playwright

from gsef_notify import readers
from gsef_notify.program.model import Session
from gsef_notify.readers.sheets import pdf_document
from tests.readers.sheets.test_written_sheets import SHEETS

SPEAKERS = (
    ("", "Organization", "Name (Country)", "Presentation Description"),
    ("Speaker 1", "Harbour Union", "**Ada Nyong** (Uganda) / Secretary", "**Nets that last** A long story "
     "that has to be told over several lines of a narrow field, because there is so much to it"),
    ("Speaker 2", "Fishers & Friends", "**Bo Lind** (Sweden) / Cook", "**Soup for all**"),
)  # fmt: skip
PROGRAM = (
    ("Time", "Content"),
    ("18:00-18:10", "Opening"),
    ("18:10-18:20", "1st speaker presentation: Nets that last - Ms. Ada Nyong / Harbour Union, whose name is "
     "so long that it runs over the line"),
    ("18:20-18:30", "2nd speaker presentation: Soup for all - Mr. Bo Lind / Fishers & Friends"),
    ("18:30-19:30", "Questions"),
)  # fmt: skip


class Paper(FPDF):
    """A page with a running head and a page number, as word processors print them."""

    def header(self) -> None:
        self.set_font("helvetica", size=8)
        self.cell(0, 6, "HARBOUR WEEK 2021", align="R", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-12)
        self.cell(0, 6, f"Session sheet - page {self.page_no()}", align="C")


def sheet(file: Path, *, break_before: str = "") -> Path:
    paper = Paper(format="A4")
    paper.add_page()
    for label, text in (
        (
            "Session title:",
            "Small harbours, large tables: what fishers of two coasts cook for each other",
        ),
        (
            "Date / Duration:",
            "Friday, October 8, 2021 (18:00-19:30 KST / 9:00-10:30 UTC / 11:00-12:30 CEST)",
        ),
        ("Language:", "English"),
        ("Moderator:", "Cai Moreau, Editor / The Quay (cai@quay.example.org)"),
    ):
        paper.set_font("helvetica", "B", 11)
        paper.write(6, f"{label} ")
        paper.set_font("helvetica", size=11)
        paper.write(6, text)
        paper.ln(9)
    for label, rows, widths in (("Speakers", SPEAKERS, (20, 45, 45, 60)), ("Program", PROGRAM, (40, 130))):
        if label == break_before:
            paper.add_page()
        paper.set_font("helvetica", "B", 11)
        paper.cell(0, 8, label, new_x="LMARGIN", new_y="NEXT")
        paper.set_font("helvetica", size=11)
        with paper.table(col_widths=widths, markdown=True) as table:
            for fields in rows:
                row = table.row()
                for field in fields:
                    row.cell(field)
        paper.ln(4)
    paper.output(str(file))
    return file


def read(file: Path) -> Session:
    (session,) = readers.read([file]).accept().sessions
    return session


@pytest.mark.parametrize("break_before", ["", "Speakers", "Program"])
def test_a_pdf_gives_the_facts_of_its_sheet(tmp_path: Path, break_before: str) -> None:
    session = read(sheet(tmp_path / "sheet.pdf", break_before=break_before))
    assert session.title == ("Small harbours, large tables: what fishers of two coasts cook for each other")
    assert f"{session.start:%Y-%m-%d %H:%M}" == "2021-10-08 09:00"
    assert [(p.name, p.role, p.country, p.organization, p.position) for p in session.people] == [
        ("Cai Moreau", "moderator", None, "The Quay", "Editor"),
        ("Ada Nyong", "speaker", "UG", "Harbour Union", "Secretary"),
        ("Bo Lind", "speaker", "SE", "Fishers & Friends", "Cook"),
    ]
    presentation = session.people[1].presentation
    assert presentation is not None
    assert presentation.title == "Nets that last"
    assert presentation.description.endswith("because there is so much to it")
    assert [(f"{s.start:%H:%M}", s.title, s.people) for s in session.segments] == [
        ("09:00", "Opening", ()),
        ("09:10", "Nets that last", ("ada-nyong",)),
        ("09:20", "Soup for all", ("bo-lind",)),
        ("09:30", "Questions", ()),
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", ["cantines", "repair-libraries", "turnos-y-salarios"])
def test_a_printed_page_says_what_the_page_says(tmp_path: Path, browser: Browser, name: str) -> None:
    source = SHEETS / f"{name}.html"
    page = browser.new_page()
    page.goto(source.as_uri())
    page.pdf(path=tmp_path / source.with_suffix(".pdf").name, format="A4")
    page.close()
    printed, written = read(tmp_path / f"{name}.pdf"), read(source)
    assert printed.segments == written.segments
    assert printed.people == written.people
    assert (printed.start, printed.end, printed.title, printed.join_url) == (
        written.start,
        written.end,
        written.title,
        written.join_url,
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7 and no more", "this is no PDF, a locked one, or too large a one"),
        (b"hello", "this is no PDF, a locked one, or too large a one"),
    ],
)
def test_what_is_no_pdf_is_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    (problem,) = readers.read([tmp_path / "a.pdf"]).errors
    assert (problem.code, problem.message) == ("UNREADABLE", message)


def test_a_scan_is_told_from_a_text(tmp_path: Path) -> None:
    paper = FPDF()
    paper.add_page()
    paper.rect(10, 10, 50, 50)
    paper.output(str(tmp_path / "scan.pdf"))
    (problem,) = readers.read([tmp_path / "scan.pdf"]).errors
    assert problem.message == "the PDF has no text layer"


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    paper = FPDF()
    paper.set_encryption(owner_password="owner", user_password="user")
    paper.add_page()
    paper.output(str(tmp_path / "locked.pdf"))
    (problem,) = readers.read([tmp_path / "locked.pdf"]).errors
    assert problem.message.startswith("this is no PDF, a locked one")


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_document, "LIMIT_SECONDS", 0)
    (problem,) = readers.read([sheet(tmp_path / "sheet.pdf")]).errors
    assert problem.message == "the PDF takes too long to read"


def test_without_its_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_document, "find_spec", lambda name: None)
    (problem,) = readers.read([sheet(tmp_path / "sheet.pdf")]).errors
    assert problem.message == ".pdf files need a library that is not installed (pdfplumber)"
    assert problem.remedy == "run: pip install 'gsef-notify[documents]'"
