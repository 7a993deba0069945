"""The columns of a table of a program. ``COLUMNS`` are ours; an organizer's own are named in the settings,
and common ones are known in the four languages of the sheets, and in German."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gsef_notify.program.problems import Place
from gsef_notify.readers.sheets.vocabulary import folded
from gsef_notify.readers.text import plain

Value = str | float | bool | date | time | datetime | timedelta | None
HEAD_ROWS = 10

# Our names for columns, and what others call them. Accents and capitals do not matter.
COLUMNS = {
    "id": "id, code, uid, nr, no, number",
    "session": "session, workshop, sesion, seance, 세션",
    "session_title": "session_title, session title, titulo de la sesion, titre de la session, 세션 제목",
    "title":
        "title, talk, topic, segment, content, event, titulo, tema, contenido, titre, "
        "sujet, contenu, titel, thema, 제목, 주제, 내용",
    "date": "date, day, fecha, dia, jour, datum, tag, 날짜, 일시",
    "time": "time, hours, schedule, hora, horario, heure, horaire, uhrzeit, zeit, 시간",
    "start":
        "start, starts, begin, begins, from, start time, startsat, inicio, comienzo, hora de "
        "inicio, debut, heure de debut, beginn, von, 시작, 시작 시간",
    "end":
        "end, ends, until, to, end time, endsat, fin, termino, hora de fin, heure de fin, ende, "
        "bis, 종료, 끝, 종료 시간",
    "duration": "duration, length, minutes, duracion, minutos, duree, dauer, 길이",
    "timezone": "timezone, time zone, zone, tz, zona horaria, huso horario, fuseau horaire, zeitzone, 시간대",
    "room": "room, location, venue, stage, sala, lugar, salle, lieu, raum, ort, 장소",
    "track": "track, theme, stream, eje, axe, 분과",
    "language": "language, idioma, lengua, langue, sprache, 언어",
    "people": "people",
    "name": "name, nombre, nom, 이름",
    "names":
        "speaker, speakers, author, authors, presenter, presenters, ponente, ponentes, intervenant, "
        "intervenants, intervenante, vortragende, referent, referenten, 발표자, 연사",
    "moderator":
        "moderator, chair, host, moderador, moderadora, moderateur, moderatrice, moderation, 진행자, "
        "사회자, 좌장",
    "join": "join, link, join link, where to join, meeting link, enlace, lien, 링크",
    "description":
        "description, abstract, subtitle, descripcion, resumen, resume, beschreibung, untertitel, "
        "설명",
}  # fmt: skip
_KNOWN = {
    folded(name.replace("_", " ")): column for column, names in COLUMNS.items() for name in names.split(", ")
}


@dataclass(frozen=True)
class TableRow:
    """A row with its fields, as text or as what a spreadsheet holds."""

    values: Sequence[Value]
    place: Place


@dataclass(frozen=True)
class Fields:
    """The fields of a row by column; a column may stand in the table several times."""

    values: Mapping[str, Sequence[Value]]
    place: Place

    def first(self, column: str) -> Value:
        """The first field of a column that says something."""
        return next((value for value in self.values.get(column, ()) if value not in (None, "")), None)

    def line(self, column: str) -> str:
        """The first field of a column as text of one line."""
        return plain(as_text(self.first(column)))


def find_head(rows: Sequence[TableRow], own: Mapping[str, str]) -> tuple[int, Mapping[int, str]] | None:
    """The row that names the columns, by number, and what each of them holds; None where none does."""
    known = {**_KNOWN, **{folded(theirs.replace("_", " ")): ours for ours, theirs in own.items()}}
    above: list[str] = []
    for number, row in enumerate(rows[:HEAD_ROWS]):
        names = [folded(as_text(value).replace("_", " ")) for value in row.values]
        spread = _spread(above, len(names))
        columns = {place: known.get(name) or known.get(spread[place], "") for place, name in enumerate(names)}
        found = _with_names(_with_merged(columns, names))
        if {"title", "session"} & set(found.values()) and {"date", "start", "time"} & set(found.values()):
            return number, found
        above = names
    return None


def best_head(rows: Sequence[TableRow], own: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Of the row with the most known columns, what is known and what is not, as it is written there."""
    known = {**_KNOWN, **{folded(theirs.replace("_", " ")): ours for ours, theirs in own.items()}}
    best: tuple[list[str], list[str]] = ([], [])
    for row in rows[:HEAD_ROWS]:
        texts = [plain(as_text(value))[:40] for value in row.values if value not in (None, "")]
        understood = [text for text in texts if folded(text.replace("_", " ")) in known]
        if len(understood) > len(best[0]):
            best = understood, [text for text in texts if text not in understood]
    return best


def _with_names(columns: Mapping[int, str]) -> dict[int, str]:
    """``name`` is the title of a table that has no other, else the name of who speaks."""
    meaning = "names" if "title" in columns.values() else "title"
    return {place: meaning if column == "name" else column for place, column in columns.items()}


def _with_merged(columns: Mapping[int, str], names: Sequence[str]) -> dict[int, str]:
    """The known columns; a column of names may go on below an empty head."""
    found: dict[int, str] = {}
    for place, column in columns.items():
        if column:
            found[place] = column
        elif not names[place] and found.get(place - 1) in ("names", "people"):
            found[place] = found[place - 1]
    return found


def _spread(names: Sequence[str], width: int) -> list[str]:
    """The names of a row above, each over the empty fields behind it, as merged fields are."""
    spread: list[str] = []
    for place in range(width):
        name = names[place] if place < len(names) else ""
        spread.append(name or (spread[-1] if spread else ""))
    return spread


def fields_of(row: TableRow, columns: Mapping[int, str]) -> Fields:
    """The fields of a row below the head."""
    values: dict[str, list[Value]] = {}
    for place, column in columns.items():
        if place < len(row.values):
            values.setdefault(column, []).append(row.values[place])
    return Fields(values, row.place)


def as_text(value: Value) -> str:
    """A field as a person would type it: whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and re.match(r"'[=+\-@]", value):
        return value[1:]  # the apostrophe that keeps a spreadsheet from calculating
    return "" if value is None else str(value)
