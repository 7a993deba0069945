"""The readers under atheris (libFuzzer), which looks for inputs that take new paths through them.

``python -m tests.readers.guided -runs=20000``; it ends with 0, or with a trace and the input that failed.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gsef_notify"]):
    from tests.readers.fuzzing import Outcome, seeds, try_one

SUFFIXES = (".md", ".txt", ".yaml", ".xml", ".json", ".ics", ".csv", ".html")


def main() -> None:
    """Let atheris choose the inputs: the first byte stands for the suffix."""
    folder = Path(tempfile.mkdtemp())
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, (suffix, content) in enumerate(seeds()):
        if suffix in SUFFIXES:
            (corpus / str(number)).write_bytes(bytes([SUFFIXES.index(suffix)]) + content)

    def read_one(data: bytes) -> None:
        outcome = Outcome()
        if data:
            try_one(folder / f"a{SUFFIXES[data[0] % len(SUFFIXES)]}", data[1:], outcome)
        if outcome.failures:
            raise AssertionError(outcome.failures[0])

    atheris.Setup([*sys.argv, "-max_len=20000", "-timeout=20", str(corpus)], read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
