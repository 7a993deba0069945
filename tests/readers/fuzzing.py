"""Thousands of spoilt files for the readers, which may find fault but never fail.

``python -m tests.readers.fuzzing --inputs 20000`` spoils the seeds in ways drawn from a seeded generator and
says what went wrong and what was slow; ``guided`` lets atheris look for new paths instead.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gsef_notify import readers
from gsef_notify.readers.source import Assumptions
from tests.conftest import ROOT
from tests.writers.test_round_trips import written

SLOW_SECONDS = 10.0
LONGEST = 200_000
_WORDS = (
    "\\0 \\r \\n \\t | ** <b> <table> </table> <br> <tr><td> ]]> &#x0; &lt; \" ' { } [ ] null ; , ( ) =1+1 "
    "9999 -1 1e999 "
    "24:00 00:00-00:00 18:00-19:30 2021-10-31 0001-01-01 +99:99 UTC+25 KST CST Europe/Paris TZID= Program "
    "RRULE:FREQ=SECONDLY\\n BEGIN:VEVENT\\n END:VEVENT\\n \\u202e \\uff1a"
)
TOKENS = (
    *(word.encode().decode("unicode_escape").encode() for word in _WORDS.split(" ")),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"<!DOCTYPE a>", b"31 February", b"Speaker 1", b"- ", b": "),
)


@dataclass
class Outcome:
    """What a campaign found: how many files of each kind of outcome, and what must not happen."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def seeds() -> list[tuple[str, bytes]]:
    """Suffix and content of good files: what the project has, and what its sample becomes in each format."""
    program = readers.read([ROOT / "schedules" / "gsef-2021-alliances.md"]).accept()
    made = [(f".{target}", written(program, target)) for target in ("yaml", "ics", "xml", "json", "csv")]
    folders = (ROOT / "tests" / "golden", ROOT / "tests" / "readers" / "sheets" / "written")
    files = [file for folder in folders for file in sorted(folder.iterdir()) if ".expected" not in file.name]
    return [*made, *((file.suffix, file.read_bytes()) for file in files)]


def spoilt(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """The content with some things done to it that editors, networks and strangers do."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        place = chance.randrange(len(content) + 1)
        end = min(len(content), place + chance.choice((1, 2, 10, 100, 2000)))
        match chance.randrange(8):
            case 0:
                content = content[:place] + content[end:]
            case 1:
                content = content[:place] + content[place:end] * chance.choice((2, 3, 50)) + content[end:]
            case 2:
                content = (
                    content[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 2, 500)) + content[place:]
                )
            case 3:
                content = content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
            case 4:
                content = content[:place]
            case 5:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                content = content[:place] + other[begin : begin + 3000] + content[place:]
            case 6:
                lines = content.split(b"\n")
                chance.shuffle(lines)
                content = b"\n".join(lines)
            case _:
                content = content[:place] + chance.choice(TOKENS) + content[end:]
    return content[:LONGEST]


def try_one(file: Path, content: bytes, outcome: Outcome) -> None:
    """Read one file, and note how that went."""
    file.write_bytes(content)
    begun = time.perf_counter()
    try:
        found = readers.read([file], (), Assumptions("Asia/Seoul"))
    except Exception:
        outcome.counts["failed"] += 1
        outcome.failures.append(f"{file.suffix} {content[:300]!r}...\n{traceback.format_exc()}")
        return
    if time.perf_counter() - begun > SLOW_SECONDS:
        outcome.slow.append(f"{file.suffix} {content[:300]!r}...")
    outcome.counts["refused" if found.errors else "read"] += 1


def campaign(inputs: int, seed: int, report: Callable[[int], None] = lambda number: None) -> Outcome:
    """Spoil and read that many files, the same ones for the same seed."""
    chance, outcome, good = random.Random(seed), Outcome(), seeds()  # noqa: S311
    others = [content for _, content in good]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(inputs):
            suffix, content = good[number % len(good)]
            if chance.random() < 0.05:
                suffix = chance.choice([*readers.FORMATS][:-1])
            try_one(Path(folder) / f"a{suffix}", spoilt(content, chance, others), outcome)
            report(number + 1)
    return outcome


def lines_of(outcome: Outcome) -> Iterator[str]:
    """What to tell at the end."""
    yield ", ".join(f"{number} {name}" for name, number in sorted(outcome.counts.items()))
    yield from (f"FAILED {failure}" for failure in outcome.failures[:20])
    yield from (f"SLOW {slow}" for slow in outcome.slow[:20])


def main() -> int:
    """Run a campaign; 1 where something failed or was slow."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcome = campaign(options.inputs, options.seed)
    print("\n".join(lines_of(outcome)))  # noqa: T201
    return 1 if outcome.failures or outcome.slow else 0


if __name__ == "__main__":
    sys.exit(main())
