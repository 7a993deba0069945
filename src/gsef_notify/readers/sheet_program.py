"""The running order of a session sheet: its table of times and contents."""

from collections.abc import Iterator, Sequence

from gsef_notify.program.draft import DraftPerson, DraftSegment
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.blocks import Row
from gsef_notify.readers.notation import parse_range
from gsef_notify.readers.text import plain, rich
from gsef_notify.readers.vocabulary import is_time_header, numbered_content, speaker_number


def segments(
    rows: Sequence[Row], people: Sequence[DraftPerson], problems: Problems
) -> Iterator[DraftSegment]:
    """The segments of the table, each joined to its speaker by number ("1st speaker") or by name."""
    for row in rows:
        cells = [plain(rich(cell.source).text) for cell in row.cells]
        if len(cells) < 2 or is_time_header(cells[0]):
            continue
        time_range = parse_range(cells[0])
        if time_range is None:
            message = f"{cells[0]!r} is no time range"
            problems.error(row.cells[0].place, "TIME_UNREADABLE", message, "write it like 18:00-18:10")
            continue
        if time_range.stray is not None:
            _warn_of_stray(row, cells[0], str(time_range), time_range.stray, problems)
        content = " ".join(filter(None, cells[1:]))
        title, speakers = _content(content, people, row.cells[1].place, problems)
        yield DraftSegment(time_range.start, time_range.end, title, row.cells[0].place, speakers=speakers)


def _warn_of_stray(row: Row, text: str, meant: str, stray: int, problems: Problems) -> None:
    cell = row.cells[0].place
    problems.warn(
        Place(cell.path, cell.line, cell.column + stray),
        "TIME_STRAY_SIGN",
        f"the {_sign(text[stray])} after {text[:stray].strip()!r} does not belong in {text!r}",
        f"write {meant}",
    )


def _sign(character: str) -> str:
    return {":": "colon", ".": "full stop"}[character]


def _content(
    content: str, people: Sequence[DraftPerson], place: Place, problems: Problems
) -> tuple[str, tuple[str, ...]]:
    numbered = numbered_content(content)
    title, by_name = _title_and_named(numbered[1] if numbered else content, people)
    if numbered is None:
        return title, (by_name.name,) if by_name else ()
    number = numbered[0]
    by_number = next((p for p in _speakers(people) if speaker_number(p.label) == number), None)
    if by_number is None and by_name is None:
        message = f"the speakers' table has no Speaker {number} and nobody named here"
        problems.warn(place, "SPEAKER_UNKNOWN", message, "add the speaker to the table, or mend the number")
        return title, ()
    if by_number and by_name and by_number.name != by_name.name:
        message = f"speaker {number} is {by_number.name} in the table, but {by_name.name} is named here"
        problems.warn(place, "SPEAKER_DIFFERS", message, "make them agree; the name is believed")
    speaker = by_name or by_number
    assert speaker is not None  # noqa: S101
    _compare_titles(title, speaker, place, problems)
    return title, (speaker.name,)


def _speakers(people: Sequence[DraftPerson]) -> list[DraftPerson]:
    return [person for person in people if person.role == "speaker"]


def _title_and_named(content: str, people: Sequence[DraftPerson]) -> tuple[str, DraftPerson | None]:
    """``Title - Mr. Name / Organization`` in its parts, where the name is one of the people's."""
    head, dash, tail = content.rpartition(" - ")
    named = fold_name(tail.split(" / ")[0])
    person = next((p for p in people if fold_name(p.name) == named), None)
    return (head, person) if dash and person else (content, None)


def _compare_titles(title: str, speaker: DraftPerson, place: Place, problems: Problems) -> None:
    announced = speaker.presentation_title
    if announced and announced.casefold() != title.casefold():
        message = f"{speaker.name}'s presentation is {title!r} here and {announced!r} in the speakers' table"
        problems.warn(place, "TITLE_DIFFERS", message, "make them agree; the running order is believed")
