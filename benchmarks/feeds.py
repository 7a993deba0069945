"""How fast a feed is built for a zone that nobody has asked for, beside icalendar and beside the same text
joined by hand; and how fast it is served, beside nginx, Starlette's StaticFiles and Radicale.

``make benchmark`` prints medians of interleaved runs. The servers are measured where nginx and wrk are
installed (Debian packages nginx-light and wrk), Radicale where ``make peers`` has put it. Limits: building at
least 30 times icalendar's ``to_ical`` and half of the join; serving 0.9 (whole), 0.4 (gzip) and 0.28 (304) of
nginx.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from icalendar import Calendar

from benchmarks.conference import FIRST, conference
from benchmarks.joined import joined
from benchmarks.servers import served
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import Edition
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import first_publication

SITE = Site("Benchmark", "https://forum.example.org", "forum.example.org")
EVENTS, SERVED_EVENTS = 1_000, 280
NEW_ZONES = (
    "America/Bogota", "Europe/Paris", "Africa/Casablanca", "Pacific/Auckland", "Asia/Kolkata",
    "Australia/Sydney", "America/Sao_Paulo", "America/Halifax", "Africa/Cairo",
)  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def building() -> None:
    """Feeds of 1,000 events, each in a zone of its own."""
    edition = Edition(SITE, first_publication(conference(EVENTS), FIRST - timedelta(days=30)))
    parsed = Calendar.from_ical(edition.feed(Selection()))
    spent: dict[str, list[float]] = {"icalendar to_ical": [], "joined by hand": [], "gsef-notify": []}
    for zone in NEW_ZONES:
        selection = Selection(face=Face(zone))
        spent["gsef-notify"].append(seconds(partial(edition.feed, selection)))
        spent["joined by hand"].append(seconds(partial(joined, edition, zone)))
        spent["icalendar to_ical"].append(seconds(parsed.to_ical))
        if lines(joined(edition, zone)) != lines(edition.feed(selection)):
            raise AssertionError(f"{zone}: the join says something else")
    peer = statistics.median(spent["icalendar to_ical"])
    size = len(edition.feed(Selection()))
    print(f"building {EVENTS} events, {size / 1e3:.0f} kB, in a new zone; medians of {len(NEW_ZONES)}")
    for name, runs in spent.items():
        median = statistics.median(runs)
        spread = (max(runs) - min(runs)) / median
        print(
            f"  {name:20} {median * 1e3:7.1f} ms  {peer / median:6.1f} times icalendar  spread {spread:.0%}"
        )


def lines(content: bytes) -> list[bytes]:
    """What a feed says, however it is folded and in whatever order an event says it."""
    return sorted(content.replace(b"\r\n ", b"").split(b"\r\n"))


def serving() -> None:
    """One feed under the load of 64 connections."""
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        print(f"serving: not measured, install {' and '.join(missing)}")
        return
    with tempfile.TemporaryDirectory() as folder:
        for line in served(conference(SERVED_EVENTS), Path(folder)):
            print(line)


if __name__ == "__main__":
    print(f"{datetime.now(UTC):%Y-%m-%d}")
    building()
    serving()
