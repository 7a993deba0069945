"""Whatever is in a file, reading it ends in a program or in problems, never in an exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

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
