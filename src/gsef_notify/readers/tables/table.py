"""A table of a program, a row an event -> events."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.draft import DraftSession
from gsef_notify.program.identity import is_id, lasting_id, slug
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers import notation
from gsef_notify.readers.exports.events import Event, drafts, in_session
from gsef_notify.readers.source import Source
from gsef_notify.readers.tables.columns import (
    Fields,
    TableRow,
    Value,
    as_text,
    best_head,
    fields_of,
    find_head,
)
from gsef_notify.readers.tables.people import moderators_in, people_in
from gsef_notify.readers.text import paragraphs, plain, without_html

MOST_ROWS = 20_000
_HOURS = re.compile(r"\s*(?:hrs?|hours|horas|uhr|h)\.?$", re.IGNORECASE)
SET_A_ZONE = 'add a column timezone, or set timezone = "Asia/Seoul" in gsef-notify.toml'
NAME_THE_COLUMNS = (
    "name the columns as in docs/program.md, or say in gsef-notify.toml what they are called: "
    '[columns] title = "Talk"'
)


def understand(source: Source, rows: Sequence[TableRow], problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a table; none, and an error noted, where its columns are not known."""
    if len(rows) > MOST_ROWS:
        problems.error(source.top, "TABLE_LONG", f"more than {MOST_ROWS} rows", "split the table")
        return ()
    head = find_head(rows, source.assumptions.columns)
    if head is None:
        known, unknown = best_head(rows, source.assumptions.columns)
        message = "no row names the columns: a title, and a date or time, at least"
        if known:
            message += f"; {', '.join(known)} are understood, {', '.join(unknown) or 'nothing'} is not"
        problems.error(source.top, "COLUMN_MISSING", message, NAME_THE_COLUMNS)
        return ()
    number, columns = head
    return drafts(_Table(source, problems).events(fields_of(row, columns) for row in rows[number + 1 :]))


class _Table:
    """Reads the rows one after the other; a date holds until the next."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._day: date | None = None
        self._taken: set[str] = set()

    def events(self, rows: Iterator[Fields]) -> Iterator[Event]:
        """The events of the rows that have a title."""
        found = False
        for fields in rows:
            title = plain(without_html(fields.line("title") or fields.line("session")))
            self._day = self._date(fields) or self._day
            if not title:
                self._warn_of_no_title(fields)
                continue
            found = True
            times = self._times(fields, title)
            if times:
                yield self._event(fields, title, times)
        if not found:
            self._problems.error(self._source.top, "NO_SESSIONS", "the table has no row", "fill it in")

    def _warn_of_no_title(self, fields: Fields) -> None:
        start, _ = _walls(fields)
        if start is not None:
            message = f"the row at {_shown(start)} has no title and is left out"
            self._problems.warn(fields.place, "NO_TITLE", message, "write what is on")

    def _event(self, fields: Fields, title: str, times: tuple[datetime, datetime, str]) -> Event:
        event = Event(
            title=title,
            start=times[0],
            end=times[1],
            zone=times[2],
            place=fields.place,
            id=self._id(fields, title),
            room=fields.line("room"),
            track=fields.line("track"),
            language=fields.line("language"),
            text=paragraphs(as_text(fields.first("description"))),
            join_url=fields.line("join"),
            people=tuple(people_in(fields)),
            moderators=tuple(moderators_in(fields)),
        )
        session = fields.line("session")
        if not session or not fields.line("title"):
            return event
        session_id = session if is_id(session) else slug(session, "session")
        segment = fields.line("id")
        return in_session(event, session_id, segment, fields.line("session_title") or session)

    def _id(self, fields: Fields, title: str) -> str:
        key = fields.line("id")
        wanted = lasting_id(key) if key else slug(title, "event")
        if wanted in self._taken:
            wanted = lasting_id(f"{wanted} {self._day} {fields.place.line}", slug(title, "event"))
        self._taken.add(wanted)
        return wanted

    def _date(self, fields: Fields) -> date | None:
        for value in (*fields.values.get("date", ()), *fields.values.get("start", ())):
            if found := self._day_in(value, fields.place):
                return found
        return None

    def _day_in(self, value: Value, place: Place) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        written = next(iter(notation.dates_in(value)), None) if isinstance(value, str) else None
        if written and written.day and written.other:
            message = f"the date may be {written.day:%d %B %Y} or {written.other:%d %B %Y}"
            self._problems.error(place, "DATE_AMBIGUOUS", message, "write it like 2021-10-08")
        return written.day if written else None

    def _times(self, fields: Fields, title: str) -> tuple[datetime, datetime, str] | None:
        start, end = _walls(fields)
        if isinstance(start, datetime) and start.tzinfo:
            fixed = zones.fixed(start.utcoffset() or timedelta(0), start.date()) or "UTC"
            is_named = fields.line("timezone") or self._source.assumptions.timezone
            zone = self._zone(fields, start.date()) if is_named else fixed
            return self._with_end(fields, start, end, zone or fixed)
        if start is None:
            written = fields.line("time") or fields.line("start")
            why = f"begins at {written!r}, which is no time," if written else "has no time"
            message = f"{title!r} {why} and is left out"
            self._problems.warn(fields.place, "NOT_SCHEDULED", message, "write when it starts, like 18:00")
            return None
        day = start.date() if isinstance(start, datetime) else self._day
        if day is None:
            written = fields.line("date")
            message = f"{title!r} has no date that can be read" + (f": {written!r}" if written else "")
            self._problems.error(fields.place, "NO_DATE", message, "fill in the column date, like 2021-10-08")
            return None
        zone = self._zone(fields, day)
        if zone is None:
            return None
        wall = start if isinstance(start, datetime) else datetime.combine(day, start)
        moment = self._instant(wall, zone, fields.place)
        return self._with_end(fields, moment, end, zone) if moment else None

    def _with_end(
        self, fields: Fields, start: datetime, end: time | datetime | None, zone: str
    ) -> tuple[datetime, datetime, str] | None:
        if isinstance(end, datetime) and end.tzinfo:
            return start, end, zone
        if end is None:
            length = _length(fields.first("duration"))
            return start, start + (length or timedelta(0)), zone
        here = zones.local(start, zone)
        wall = end if isinstance(end, datetime) else datetime.combine(here.date(), end)
        if not isinstance(end, datetime) and wall < here.replace(tzinfo=None):
            wall += timedelta(days=1)
        moment = self._instant(wall, zone, fields.place)
        return (start, moment, zone) if moment else None

    def _instant(self, wall: datetime, zone: str, place: Place) -> datetime | None:
        try:
            return zones.instant(wall, zone)
        except GsefNotifyError as error:
            self._problems.error(place, "TIME_DOUBTFUL", str(error), "write it like 2021-10-08T18:00+09:00")
            return None

    def _zone(self, fields: Fields, day: date) -> str | None:
        label = fields.line("timezone")
        if not label:
            if not self._source.assumptions.timezone:
                message = "the row names no time zone"
                self._problems.error(fields.place, "ZONE_MISSING", message, SET_A_ZONE)
            return self._source.assumptions.timezone or None
        try:
            readings = zones.resolve(label, day)
        except GsefNotifyError as error:
            remedy = "write an IANA zone name like Asia/Seoul"
            self._problems.error(fields.place, "ZONE_UNKNOWN_NAME", str(error), remedy)
            return None
        if len({reading.offset for reading in readings}) > 1:
            names = ", ".join(reading.name for reading in readings)
            remedy = "write one of these names"
            self._problems.error(fields.place, "ZONE_AMBIGUOUS", f"{label} may mean {names}", remedy)
            return None
        return readings[0].name


def _shown(moment: time | datetime) -> str:
    return f"{moment:%H:%M}"


def _walls(fields: Fields) -> tuple[time | datetime | None, time | datetime | None]:
    """Start and end: of their columns, or of a range in one column."""
    for column in ("time", "start"):
        text = _HOURS.sub("", as_text(fields.first(column)))
        if found := notation.parse_range(text):
            return found.start, found.end
    start = fields.first("start")
    return _wall(fields.first("time") if start is None else start), _wall(fields.first("end"))


def _wall(value: Value) -> time | datetime | None:
    if isinstance(value, datetime | time):
        return value
    if isinstance(value, float) and 0 <= value < 1:  # a time of day, as spreadsheets keep it
        midnight = datetime.combine(date(2000, 1, 1), time())
        return (midnight + timedelta(days=value, seconds=0.5)).time().replace(microsecond=0)
    text = _HOURS.sub("", as_text(value).strip())
    if re.fullmatch(r"[0-2]\d[0-5]\d", text):
        text = f"{text[:2]}:{text[2:]}"
    return notation.parse_moment(text) or notation.parse_time(text)


def _length(value: Value) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute)
    text = as_text(value).strip()
    return next((length for length, _, _ in notation.lengths_in(text)), None) or notation.parse_duration(text)
