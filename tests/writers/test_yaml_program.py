"""What is written as YAML is read as the same program."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gsef_notify import readers
from gsef_notify.program.model import Program
from gsef_notify.writers.yaml_program import program_as_yaml
from tests.conftest import ROOT, SAMPLE, shared
from tests.readers.test_yaml_program import BASE

GOLDEN = sorted((ROOT / "tests" / "golden").iterdir())
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60)


def again(program: Program, folder: Path) -> Program:
    file = folder / "again.yaml"
    file.write_text(program_as_yaml(program))
    return readers.read([file]).accept()


@pytest.mark.parametrize("file", [SAMPLE, *GOLDEN], ids=lambda file: file.name)
def test_every_program_comes_back_as_it_was(file: Path, tmp_path: Path) -> None:
    program = readers.read([file]).accept()
    assert again(program, tmp_path) == program


def test_a_session_past_midnight_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(BASE)
    program = readers.read([tmp_path / "p.yaml"]).accept()
    assert again(program, tmp_path) == program


def test_it_reads_well(program: Program) -> None:
    lines = program_as_yaml(program).splitlines()
    assert lines[:7] == [
        "sessions:",
        "  - id: gsef-2021-alliances",
        "    title: Initiatives and alliances between local governments and SSE actors "
        "to build a new economy",
        '    date: "2021-10-08"',
        '    time: "18:00-19:30"',
        "    timezone: Asia/Seoul",
        "    language: en",
    ]
    assert max(map(len, lines)) <= 130


@settings(deadline=None)
@given(title=TEXT, question=TEXT, background=TEXT)
def test_texts_of_any_kind_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, title: str, question: str, background: str
) -> None:
    folder = tmp_path_factory.mktemp("yaml")
    program = readers.read([SAMPLE]).accept()
    (session,) = program.sessions
    texts = [" ".join(text.split()) for text in (title, question, background)]
    if not texts[0]:
        return
    changed = replace(session, title=texts[0], main_question=texts[1], background=texts[2])
    assert again(Program(sessions=(changed,)), folder) == Program(sessions=(changed,))


def test_the_real_sheet_comes_back_as_it_was(tmp_path: Path) -> None:
    program = readers.read([shared("sheets/gsef-2021-alliances.md")]).accept()
    assert again(program, tmp_path) == program
