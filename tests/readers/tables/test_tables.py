"""Programs kept as a table: CSV and Excel."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from gsef_notify import readers
from gsef_notify.readers.source import Assumptions
from gsef_notify.readers.tables.columns import COLUMNS
from tests.conftest import ROOT, shared, utc

CSV = """title,date,start,end,timezone,room,people
Nets,2026-08-20,10:00,11:00,Asia/Seoul,Deck,"Ada Nyong, Harbour Union; Dr. Bo Lind"
Ropes,,11:00,11:30,Asia/Seoul,Deck,
"""


def reading(
    tmp_path: Path, text: str, timezone: str = "", columns: Mapping[str, str] | None = None
) -> readers.Reading:
    (tmp_path / "a.csv").write_text(text)
    return readers.read([tmp_path / "a.csv"], (), Assumptions(timezone, columns or {}))


def told(found: readers.Reading) -> list[str]:
    return [f"{p.place.line} {p.code} {p.message}" for p in found.problems if p.code != "ZONE_UNKNOWN"]


def row(head: str, line: str, timezone: str = "Asia/Seoul") -> str:
    return f"{head},timezone\n{line},{timezone}\n"


def test_a_row_is_a_session_of_one_segment(tmp_path: Path) -> None:
    nets, ropes = reading(tmp_path, CSV).accept().sessions
    assert (nets.id, nets.title, nets.room, nets.timezone) == ("nets", "Nets", "Deck", "Asia/Seoul")
    assert (nets.start, nets.end) == (utc("2026-08-20 01:00"), utc("2026-08-20 02:00"))
    assert [(p.name, p.organization) for p in nets.people] == [
        ("Ada Nyong", "Harbour Union"),
        ("Bo Lind", ""),
    ]
    assert nets.segments[0].people == ("ada-nyong", "bo-lind")
    assert ropes.start == utc("2026-08-20 02:00")  # the date holds until the next


def test_rows_of_one_session_are_its_segments(tmp_path: Path) -> None:
    text = (
        "session,session_title,title,date,time,timezone,moderator,people\n"
        "fish,All about fish,Opening,2026-08-20,10:00-10:10,KST,Cai Moreau,\n"
        "fish,,Nets,,10:10-10:30,KST,Cai Moreau,Ada Nyong\n"
    )
    (session,) = reading(tmp_path, text).accept().sessions
    assert (session.id, session.title) == ("fish", "All about fish")
    assert [(p.name, p.role) for p in session.people] == [
        ("Cai Moreau", "moderator"),
        ("Ada Nyong", "speaker"),
    ]
    assert [(s.id, s.title, s.people) for s in session.segments] == [
        ("opening", "Opening", ()),
        ("nets", "Nets", ("ada-nyong",)),
    ]
    assert (session.start, session.end) == (utc("2026-08-20 01:00"), utc("2026-08-20 01:30"))


@pytest.mark.parametrize(
    ("head", "line", "start", "end"),
    [
        ("title,start,end", "A,2026-08-20T10:00,2026-08-20T11:00", "2026-08-20 01:00", "2026-08-20 02:00"),
        ("title,start,duration", "A,2026-08-20 10:00,90", "2026-08-20 01:00", "2026-08-20 02:30"),
        ("title,start,duration", "A,2026-08-20 10:00,1:30", "2026-08-20 01:00", "2026-08-20 02:30"),
        ("title,start,duration", "A,2026-08-20 10:00,90 min", "2026-08-20 01:00", "2026-08-20 02:30"),
        ("title,start,end", "A,2026-08-20T10:00+02:00,2026-08-20T11:00+02:00", "2026-08-20 08:00",
         "2026-08-20 09:00"),
        ("title,date,time", "A,20 August 2026,10:00 - 11:00", "2026-08-20 01:00", "2026-08-20 02:00"),
        ("title,date,start,end", "A,20.8.2026,10.00,11.30", "2026-08-20 01:00", "2026-08-20 02:30"),
        ("title,date,start,end", "A,2026년 8월 20일,오전 10시,오전 11시", "2026-08-20 01:00",
         "2026-08-20 02:00"),
        ("Título,Fecha,Inicio,Fin", "A,20 de agosto de 2026,10:00,11:00", "2026-08-20 01:00",
         "2026-08-20 02:00"),
        ("Titel,Datum,Uhrzeit,Dauer", "A,20.08.2026,10:00,60", "2026-08-20 01:00", "2026-08-20 02:00"),
        ("title,date,start,end", "A,2026-08-20,23:30,00:30", "2026-08-20 14:30", "2026-08-20 15:30"),
    ],
)  # fmt: skip
def test_times_are_read_in_many_forms(tmp_path: Path, head: str, line: str, start: str, end: str) -> None:
    (session,) = reading(tmp_path, row(head, line)).accept().sessions
    assert (session.start, session.end) == (utc(start), utc(end))


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_between_the_fields(tmp_path: Path, sign: str) -> None:
    text = CSV.replace('"Ada Nyong, Harbour Union; Dr. Bo Lind"', "Ada Nyong").replace(",", sign)
    assert len(reading(tmp_path, text).accept().sessions) == 2


def test_the_unicode_text_of_excel(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV.replace(",", "\t").encode("utf-16"))
    assert len(readers.read([tmp_path / "a.csv"]).accept().sessions) == 2


def test_the_organizers_own_columns(tmp_path: Path) -> None:
    text = CSV.replace("title,date,start", "Was,Wann,Ab")
    assert told(reading(tmp_path, text))[0].startswith("1 COLUMN_MISSING")
    found = reading(tmp_path, text, columns={"title": "was", "date": "WANN", "start": "Ab"})
    assert [session.title for session in found.accept().sessions] == ["Nets", "Ropes"]


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("Ada Nyong; Bo Lind", ["Ada Nyong", "Bo Lind"]),
        ("Ada Nyong, Bo Lind", ["Ada Nyong", "Bo Lind"]),
        ("Ada Nyong, Harbour Union of the North and East", ["Ada Nyong"]),
        ("Dr. Ada Nyong", ["Ada Nyong"]),
    ],
)
def test_one_column_of_speakers_may_name_several(tmp_path: Path, field: str, people: list[str]) -> None:
    text = row("title,date,start,end,speakers", f'A,2026-08-20,10:00,11:00,"{field}"')
    (session,) = reading(tmp_path, text).accept().sessions
    assert [person.name for person in session.people] == people


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a,b\n1,2\n", "1 COLUMN_MISSING no row names the columns: a title, and a date or time, at least"),
        ("title,date,start\n", "1 NO_SESSIONS the table has no row"),
        (row("title,date,start,end", "A,2026-08-20,10:00,11:00", ""), "2 ZONE_MISSING the row names"),
        (row("title,date,start,end", "A,8/10/2026,10:00,11:00"),
         "2 DATE_AMBIGUOUS the date may be 08 October 2026 or 10 August 2026"),
        (row("title,date,start,end", "A,,10:00,11:00"), "2 NO_DATE 'A' has no date that can be read"),
        (row("title,date,start,end", "A,2026-08-20,10:00,11:00", "Mars"), "2 ZONE_UNKNOWN_NAME unknown"),
        (row("title,date,start,end", "A,2026-08-20,10:00,11:00", "IST"), "2 ZONE_AMBIGUOUS IST may mean"),
        (row("title,date,start,end", "A,2026-03-29,02:30,03:30", "Europe/Berlin"),
         "2 TIME_DOUBTFUL 2026-03-29 02:30 does not exist in Europe/Berlin"),
        ('title,date,start\n"A' + "x" * 200_000, "2 CSV_BROKEN field larger"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_row(tmp_path: Path, text: str, finding: str) -> None:
    found = reading(tmp_path, text)
    assert found.errors
    assert told(found)[0].startswith(finding)


def test_a_row_without_a_time_is_left_out_and_told(tmp_path: Path) -> None:
    found = reading(tmp_path, row("title,date,start,end", "A,2026-08-20,,"))
    assert "2 NOT_SCHEDULED 'A' has no time and is left out" in told(found)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (row("title,date,start,end", "A,2026-08-20,soon,"),
         "2 NOT_SCHEDULED 'A' begins at 'soon', which is no time, and is left out"),
        (row("title,date,start,end", ",2026-08-20,10:00,"), "2 NO_TITLE the row at 10:00 has no title"),
        (row("title,date,start,end", "A,4/22,10:00,"), "2 NO_DATE 'A' has no date that can be read: '4/22'"),
        ("Track,Hora,Was\n",
         "1 COLUMN_MISSING no row names the columns: a title, and a date or time, at least; "
         "Track, Hora are understood, Was is not"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_quoted(tmp_path: Path, text: str, finding: str) -> None:
    assert [line for line in told(reading(tmp_path, text)) if line.startswith(finding)]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("name,date,start,end,title,timezone\nAda Nyong,2026-08-20,10:00,11:00,Nets,KST\n",
         "2026-08-20 01:00"),
        ("day,date,time,title,speaker,timezone\n2,2026-08-20,10:00 - 11:00,Nets,Ada Nyong,KST\n",
         "2026-08-20 01:00"),
        ("start_time,end_time,date,title,speaker,timezone\n1000,1100,2026-08-20,Nets,Ada Nyong,KST\n",
         "2026-08-20 01:00"),
        ("title,date,time,speaker,timezone\nNets,2026-08-20,10:00 - 11:00 hrs,1:Ada Nyong|2:Bo Lind,KST\n",
         "2026-08-20 01:00"),
        ("title,start,end,speaker\nNets,2026-08-20T10:00+09:00,2026-08-20T11:00+09:00,Ada Nyong (Union)\n",
         "2026-08-20 01:00"),
    ],
)  # fmt: skip
def test_tables_as_conferences_keep_them(tmp_path: Path, text: str, starts: str) -> None:
    (session,) = reading(tmp_path, text).accept().sessions
    assert (session.title, session.people[0].name, session.start) == ("Nets", "Ada Nyong", utc(starts))
    assert (session.end - session.start).total_seconds() == 3600


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    found = reading(tmp_path, "title,date,start\n" + "A,2026-08-20,10:00\n" * 20_001)
    assert [problem.code for problem in found.errors] == ["TABLE_LONG"]


def workbook(tmp_path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for each in rows:
        sheet.append(each)
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_excel_fields_are_dates_and_times(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        ("My conference",),
        ("title", "date", "start", "end", "speaker", None, "id"),
        ("A", date(2026, 8, 20), time(10, 0), time(11, 30), "Ada Nyong, Harbour Union", "Bo Lind", 7.0),
        ("B", None, *(datetime.fromisoformat(f"2026-08-21 09:{m}:00") for m in ("00", "30")), None, None, 8),
    )
    first, second = readers.read([file], (), Assumptions("Asia/Seoul")).accept().sessions
    assert (first.id, first.start, first.end) == ("7", utc("2026-08-20 01:00"), utc("2026-08-20 02:30"))
    assert [(p.name, p.organization) for p in first.people] == [
        ("Ada Nyong", "Harbour Union"),
        ("Bo Lind", ""),
    ]
    assert (second.start, second.end) == (utc("2026-08-21 00:00"), utc("2026-08-21 00:30"))


def test_no_formula_is_calculated(tmp_path: Path) -> None:
    file = workbook(tmp_path, ("title", "start", "end"), ("=1+1", "=NOW()", "=NOW()"))
    found = readers.read([file], (), Assumptions("Asia/Seoul"))
    assert found.program.sessions == ()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "this is no file of an office program, or a damaged one"),
        (bomb(), "unpacked, it is larger than 64 MiB"),
    ],
    ids=["text", "bomb"],
)
def test_what_is_no_spreadsheet_is_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    (problem,) = readers.read([tmp_path / "a.xlsx"]).errors
    assert problem.message == message


def test_a_contact_list_beside_the_programs_is_none(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,email,role\n")
    (tmp_path / "a.csv").write_text(CSV)
    assert len(readers.read([tmp_path]).accept().sessions) == 2


def test_every_column_is_documented() -> None:
    text = (ROOT / "docs" / "program.md").read_text()
    assert [
        column for column in COLUMNS if f"`{column}`" not in text and column not in ("names", "name")
    ] == []


def test_the_real_spreadsheet_has_all_its_events() -> None:
    file = shared("data/schedule-json/voc-example_deu.schedule-example.xlsx")
    program = readers.read([file], (), Assumptions("Europe/Berlin")).accept()
    assert len(program.sessions) == 13
    assert program.sessions[0].start == utc("2016-10-27 07:00")
