"""The instants around every clock change of every zone, read out of our feeds by other people's programs.

``python -m tests.feeds.truth`` takes all of pytz's common zones and the changes from 2020 to 2035, in one
feed each and again in one for each year, which lasts some minutes, and says how many instants were read, and
which were wrong. Of the feeds of one year, those of zones that have the same changes are read once.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from gsef_notify import zones
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program, Segment, Session
from tests.feeds.peers import READERS

SITE = Site("Truth", "https://forum.example.org", "forum.example.org")
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 12, 31, tzinfo=UTC)
STEPS = tuple(timedelta(minutes=minutes) for minutes in (-1560, -180, -60, -30, -1, 0, 1, 30, 60, 180, 1560))


def around_changes(timezone: str, first: datetime = FIRST, last: datetime = LAST) -> Publication:
    """Ten minutes before, in and after each clock change of a zone, and in the middle of each month."""
    years = range(first.year, last.year + 1)
    months = {datetime(year, month, 15, 17, tzinfo=UTC) for year in years for month in range(1, 13)}
    changes = {onset.instant for onset in zones.onsets(timezone, first, last)}
    starts = sorted(months | {change + step for change in changes for step in STEPS})
    segments = tuple(
        Segment(id=f"s{number}", title="x", start=start, end=start + timedelta(minutes=10))
        for number, start in enumerate(starts)
    )
    session = Session(
        id="s", title="x", start=starts[0], end=segments[-1].end, timezone=timezone, segments=segments
    )
    return first_publication(Program(sessions=(session,)), FIRST)


def wrong(timezone: str, publication: Publication) -> Iterator[str]:
    """What some reader makes of the zone's feed that is not so."""
    (session,) = publication.program.sessions
    meant = sorted((f"s.{each.id}@{SITE.uid_domain}", each.start, each.end) for each in session.segments)
    content = feed(SITE, publication, Selection())
    for read in READERS:
        for expected, found in zip(meant, read(content), strict=True):
            if expected != found:
                yield f"{timezone} {read.__name__}: {found} is meant as {expected}"


def year_by_year(timezones: Iterable[str]) -> Iterator[tuple[str, Publication]]:
    """Each year for itself; one zone of those whose clocks do the same around it."""
    seen = set()
    for timezone in timezones:
        for year in range(FIRST.year, LAST.year + 1):
            begin, end = (datetime(each, 1, 1, tzinfo=UTC) for each in (year - 1, year + 2))
            changes = zones.onsets(timezone, begin, end)
            if changes and (changes not in seen):
                seen.add(changes)
                last = datetime(year, 12, 31, tzinfo=UTC)
                yield timezone, around_changes(timezone, datetime(year, 1, 1, tzinfo=UTC), last)


def campaign(timezones: Sequence[str]) -> tuple[Counter[str], list[str]]:
    """How many zones and instants were read, by each reader, and what was wrong."""
    counts: Counter[str] = Counter(zones=len(timezones))
    faults: list[str] = []
    whole = ((timezone, around_changes(timezone)) for timezone in timezones)
    for timezone, publication in chain(whole, year_by_year(timezones)):
        counts["feeds"] += 1
        counts["instants"] += 2 * len(publication.program.sessions[0].segments)
        faults += wrong(timezone, publication)
    return counts, faults


def main(arguments: Sequence[str]) -> int:
    """0 where every instant was read rightly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zones", nargs="*", default=zones.COMMON)
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    counts, faults = campaign(options.zones)
    names = ", ".join(read.__name__.removeprefix("by_") for read in READERS)
    spent = time.perf_counter() - begun
    read = (
        f"{counts['zones']} zones, {counts['feeds']} feeds, {counts['instants']} instants by each of {names}"
    )
    print("\n".join([f"{read}: {len(faults)} wrong, in {spent:.0f} s", *faults[:20]]))  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
