"""Which zone a calendar's TZID means, whoever wrote it."""

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from gsef_notify import zones

_LONGEST = 200
_MOST_PARTS = 3


def zone_of_tzid(label: str) -> str | None:
    """The IANA zone of a TZID: its own name, the end of a path, or Windows' name for it; None otherwise."""
    tidy = label.strip().strip('"')
    if len(tidy) > _LONGEST:
        return None
    parts = tidy.split("/")[-_MOST_PARTS:]
    candidates = ["/".join(parts[start:]) for start in range(len(parts))]
    if windows := WINDOWS_TO_OLSON.get(tidy):
        candidates.append(windows)
    for candidate in filter(None, candidates):
        try:
            return zones.named(candidate)
        except zones.UnknownZone:
            continue
    return None
