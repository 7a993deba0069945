"""Whatever is in a file, reading it ends in a program or in problems, never in an exception."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsef_notify import readers
from tests.conftest import ROOT, SAMPLE

SHEET = SAMPLE.read_text()
YAML = (ROOT / "tests" / "golden" / "gsef-2021-alliances.yaml").read_text()
PIECES = st.sampled_from(
    ["\t", "|", ":", "-", "<b>", "</p>", "&#0;", "**", "\x00", "\u2028", "25:61", "KST", "(", ")", "/",
     "9999-12-31", "18:00-18:00", "&a", "*a", "[", "{", "'", '"', "- ", "\r", "é", "\ud7ff", "%", "#", "@",
     "1st speaker: x - y"]
)  # fmt: skip


def read_bytes(name: str, content: bytes) -> readers.Reading:
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        reading = readers.read([file])
    assert all(problem.place.path == str(file) for problem in reading.problems)
    return reading


@settings(deadline=None)
@given(st.sampled_from(["x.md", "x.txt", "x.yaml", "x.html", "x.docx"]), st.binary(max_size=300))
def test_random_bytes_end_in_problems(name: str, content: bytes) -> None:
    assert read_bytes(name, content).errors


@settings(deadline=None)
@given(st.sampled_from(["x.md", "x.yaml", "x.html"]), st.text(max_size=300))
def test_random_text_ends_in_problems(name: str, content: str) -> None:
    assert read_bytes(name, content.encode("utf-8", "ignore")).errors


@settings(deadline=None)
@given(
    st.sampled_from([("x.md", SHEET), ("x.yaml", YAML)]),
    st.lists(st.tuples(st.floats(0, 1), PIECES), max_size=8),
)
def test_a_disturbed_program_ends_in_a_program_or_in_problems(
    source: tuple[str, str], disturbances: list[tuple[float, str]]
) -> None:
    name, text = source
    for place, piece in disturbances:
        at = int(place * len(text))
        text = text[:at] + piece + text[at:]
    reading = read_bytes(name, text.encode())
    assert reading.errors or reading.program.sessions


@settings(deadline=None)
@given(st.sampled_from([("x.md", SHEET), ("x.yaml", YAML)]), st.floats(0, 1), st.floats(0, 1))
def test_a_torn_program_ends_in_a_program_or_in_problems(
    source: tuple[str, str], begin: float, end: float
) -> None:
    name, text = source
    first, last = sorted((int(begin * len(text)), int(end * len(text))))
    reading = read_bytes(name, (text[:first] + text[last:]).encode())
    assert reading.errors or reading.program.sessions


def exchanged(text: str, old: str, new: str) -> bytes:
    assert old in text
    return text.replace(old, new).encode()


MANY = "9" * 5000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.yaml", exchanged(YAML, 'time: "18:00-18:01"', f"time: {MANY}")),
        ("x.md", exchanged(SHEET, "<b>Speaker 1</b>", f"<b>Speaker {MANY}</b>")),
        ("x.md", exchanged(SHEET, "1 <sup>st</sup> speaker", f"{MANY} speaker")),
        ("x.md", exchanged(SHEET, "**Session title:** *I", "**Session title：** Ｉ")),
        ("x.yaml", exchanged(YAML, "2021-10-08", "0001-01-01")),
        ("x.yaml", exchanged(YAML, "18:00-19:30", "00:00-00:30").replace(b"2021-10-08", b"0001-01-01")),
    ],
)
def test_numbers_dates_and_letters_out_of_reach_end_in_a_program_or_in_problems(
    name: str, content: bytes
) -> None:
    reading = read_bytes(name, content)
    assert reading.errors or reading.program.sessions


@pytest.mark.parametrize("piece", ["[", "{", "- ", "? ", "&a ", "*a "])
def test_a_nest_of_any_kind_is_left_before_it_takes_long(piece: str) -> None:
    begun = time.process_time()
    assert read_bytes("x.yaml", (piece * (1024 * 1024 // len(piece))).encode()).errors
    assert time.process_time() - begun < 20


def test_a_million_small_parts_are_refused() -> None:
    (problem,) = read_bytes("x.yaml", b"- a\n" * 200_000).errors
    assert problem.code == "YAML_LONG"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<!", "</", "[](", "a@", "&#"])
def test_tags_that_never_end_are_read_in_little_time(piece: str) -> None:
    begun = time.process_time()
    read_bytes("x.md", f"Program\n18:00-18:01\t{piece * 100_000}".encode())
    assert time.process_time() - begun < 20
