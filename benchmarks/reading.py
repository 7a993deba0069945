"""How long a large schedule takes to be read and checked, and how much memory, beside ElementTree on
the same file in the same run.

``make benchmark`` prints medians. The limit is 3 s and 300 MB for 10,000 events, the start included.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

EVENTS = 10_000
RUNS = 5
PEER = "from xml.etree import ElementTree; import sys; ElementTree.parse(sys.argv[1])"
PROGRAMS = {
    "ElementTree, the bytes only": ["-c", PEER],
    "gsef-notify check": ["-m", "gsef_notify", "check"],
}


def schedule(events: int) -> Iterator[str]:
    """A schedule of that many events in 20 rooms, with texts of an ordinary length."""
    head = "<acronym>large</acronym><title>Large</title><time_zone_name>Europe/Berlin</time_zone_name>"
    yield f'<?xml version="1.0"?><schedule><version>1</version><conference>{head}</conference>'
    first = datetime(2026, 3, 1, 8, tzinfo=UTC)
    for day in range(events // 500):
        begin = first + timedelta(days=day)
        yield f'<day index="{day + 1}" date="{begin:%Y-%m-%d}">'
        for room in range(20):
            yield f'<room name="Room {room}">'
            for slot in range(25):
                number = (day * 20 + room) * 25 + slot
                yield event(number, f"Room {room}", begin + timedelta(minutes=30 * slot))
            yield "</room>"
        yield "</day>"
    yield "</schedule>"


def event(number: int, room: str, start: datetime) -> str:
    """One event of half an hour."""
    return (
        f'<event guid="{uuid5(NAMESPACE_URL, str(number))}" id="{number}"><date>{start.isoformat()}</date>'
        f"<start>{start + timedelta(hours=1):%H:%M}</start><duration>00:30</duration><room>{room}</room>"
        f"<title>Talk {number} about things</title><subtitle/><track>Track {number % 5}</track>"
        f"<language>en</language><abstract>{'A sentence about it. ' * 10}</abstract>"
        f"<description>{'More words on this. ' * 20}</description>"
        f'<persons><person id="{number % 3000}">Person {number % 3000} Name</person></persons>'
        "<links/></event>"
    )


def main() -> None:
    """Interleave the programs and print medians; the memory is the largest of the runs so far."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.xml"
        file.write_text("\n".join(schedule(EVENTS)), encoding="utf-8")
        measured: dict[str, list[float]] = {name: [] for name in PROGRAMS}
        for _ in range(RUNS):
            for name, arguments in PROGRAMS.items():
                begun = time.perf_counter()
                command = [sys.executable, *arguments, str(file)]
                subprocess.run(command, capture_output=True, check=True, timeout=120)
                measured[name].append(time.perf_counter() - begun)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        peer = statistics.median(measured["ElementTree, the bytes only"])
        print(f"{EVENTS} events, {file.stat().st_size / 1e6:.1f} MB")
        for name, runs in measured.items():
            median = statistics.median(runs)
            print(f"{name:28} {median:6.2f} s  {median / peer:5.1f} times ElementTree")
        print(f"largest process {largest:.0f} MB; limits 3 s and 300 MB")


if __name__ == "__main__":
    main()
