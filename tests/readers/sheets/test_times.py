"""The line "Date / Duration" of a sheet, as people write it."""

from datetime import date

import pytest

from gsef_notify.program.clocks import understand
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.times import read_times
from tests.conftest import utc

FILE = "sheet.md"


def findings(*lines: str) -> list[str]:
    problems = Problems()
    times = read_times(paragraphs(*lines), Place(FILE), problems)
    if times:
        understand(times, problems)
    return [f"{problem.place.column} {problem.code} {problem.message}" for problem in sorted(problems.found)]


def paragraphs(*lines: str) -> list[Paragraph]:
    return [Paragraph(line, Place(FILE, number)) for number, line in enumerate(lines, 1)]


def clocks(*lines: str) -> list[tuple[str, str]]:
    times = read_times(paragraphs(*lines), Place(FILE), Problems())
    assert times is not None
    return [(f"{clock.start:%H:%M}-{clock.end:%H:%M}", clock.zone) for clock in times.clocks]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("October 8th, 2021 (18:00-19:30 KST / 9:00-10:30 UTC )", ["18:00-19:30 KST", "09:00-10:30 UTC"]),
        ("2021.10.8 (18:00~19:30 KST / 4:00 - 5:30 a.m. hora de México, 11h00-12h30 heure de Paris)",
         ["18:00-19:30 KST", "04:00-05:30 hora de Mexico", "11:00-12:30 heure de Paris"]),
        ("8 October 2021, 18:00-19:30 (KST)", ["18:00-19:30 KST"]),
        ("8 October 2021, 18:00-19:30 KST (UTC+9), 11:00-12:30 CEST (UTC+2)",
         ["18:00-19:30 KST", "11:00-12:30 CEST"]),
        ("8 October 2021: Seoul 18:00-19:30 / Paris 11:00-12:30", ["18:00-19:30 Seoul", "11:00-12:30 Paris"]),
        ("8 October 2021, Seoul (18:00-19:30), Paris (11:00-12:30)",
         ["18:00-19:30 Seoul", "11:00-12:30 Paris"]),
        ("2021년 10월 8일 (금) 한국시간 18:00~19:30", ["18:00-19:30 한국시간"]),
        ("8 octobre 2021, de 11h à 12h30 (heure de Paris)", ["11:00-12:30 heure de Paris"]),
        ("8 October 2021 from 2.30 pm to 4 pm UTC+5:30", ["14:30-16:00 UTC+5:30"]),
        ("October 8, 2021, 18:00 KST, 90 minutes", ["18:00-19:30 KST"]),
        ("October 8, 2021, 18:00-19:30 (90 min) KST", ["18:00-19:30 KST"]),
        ("18:00-19:30 America/Mexico_City, 8 October 2021", ["18:00-19:30 America/Mexico_City"]),
        ("8 October 2021, 18:00-19:30 KST - 9:00-10:30 UTC", ["18:00-19:30 KST", "09:00-10:30 UTC"]),
        ("8 October 2021, 18:00-19:30 KST and 9:00-10:30 UTC", ["18:00-19:30 KST", "09:00-10:30 UTC"]),
        ("8 October 2021, 18:00-19:30 KST = 9:00-10:30 UTC", ["18:00-19:30 KST", "09:00-10:30 UTC"]),
        ("8 October 2021, 18:00-19:30 KST / 9:00-10:30", ["18:00-19:30 KST", "09:00-10:30 "]),
    ],
)  # fmt: skip
def test_a_time_is_read_with_its_zone(text: str, stated: list[str]) -> None:
    assert [f"{time} {zone}" for time, zone in clocks(text)] == stated


def test_date_and_time_may_stand_on_lines_of_their_own() -> None:
    assert clocks("Friday, 8 October 2021", "18:00-19:30 KST", "9:00-10:30 UTC") == [
        ("18:00-19:30", "KST"),
        ("09:00-10:30", "UTC"),
    ]


@pytest.mark.parametrize(
    ("text", "start", "zone"),
    [
        ("October 8th, 2021 (08:00-09:30 KST / 18:00-19:30 Mexico)", "2021-10-07 23:00", "Asia/Seoul"),
        ("18:00-19:30 Mexico, October 8, 2021 / 08:00-09:30 Seoul (October 9)", "2021-10-08 23:00",
         "America/Mexico_City"),
        ("08:00-09:30 Seoul / 18:00-19:30 Mexico, October 8, 2021", "2021-10-08 23:00", "Asia/Seoul"),
        ("8 de octubre de 2021, 18:00-19:30 hora de México / 9 de octubre, 08:00-09:30 KST",
         "2021-10-08 23:00", "America/Mexico_City"),
        ("8 de octubre de 2021, 18:00-19:30 México / 08:00-09:30 Seúl (día siguiente)", "2021-10-08 23:00",
         "America/Mexico_City"),
        ("8 October 2021, 18:00-19:30 Mexico / 08:00-09:30 KST (+1)", "2021-10-08 23:00",
         "America/Mexico_City"),
        ("9 octobre 2021, 8h00-9h30 KST / 18h00-19h30 Mexico (la veille)", "2021-10-08 23:00", "Asia/Seoul"),
        ("2021년 10월 9일 08:00-09:30 KST / 18:00-19:30 멕시코 (전날)", "2021-10-08 23:00", "Asia/Seoul"),
    ],
)  # fmt: skip
def test_the_day_belongs_to_the_clock_it_was_written_for(text: str, start: str, zone: str) -> None:
    problems = Problems()
    times = read_times(paragraphs(text), Place(FILE), problems)
    assert times is not None
    understood = understand(times, problems)
    assert {problem.code for problem in problems.found} <= {"DAY_DIFFERS"}
    assert {clock.start for clock in understood} == {utc(start)}
    assert understood[0].zone == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("8 October 2021 (date in Mexico), 08:00-09:30 KST / 18:00-19:30 Mexico", "Asia/Seoul"),
        ("8 de octubre de 2021 (fecha de México; en Corea es el 9) 08:00-09:30 KST / 18:00-19:30 CDT",
         "Asia/Seoul"),
        ("8 October 2021, Mexico time: 08:00-09:30 KST / 18:00-19:30 Mexico", "Asia/Seoul"),
    ],
)  # fmt: skip
def test_a_place_behind_the_date_says_whose_day_it_is(text: str, zone: str) -> None:
    problems = Problems()
    times = read_times(paragraphs(text), Place(FILE), problems)
    assert times is not None
    understood = understand(times, problems)
    assert {clock.start for clock in understood} == {utc("2021-10-08 23:00")}
    assert understood[0].zone == zone
    assert problems.found == []


def test_a_day_that_another_clock_does_not_share_is_pointed_out() -> None:
    assert findings("October 8th, 2021 (08:00-09:30 KST / 18:00-19:30 Mexico)") == [
        "38 DAY_DIFFERS 2021-10-08 is taken for the day in KST; by 18:00-19:30 Mexico it is 2021-10-07"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "20 February 2026, 23:30-01:00 (Seoul time), ending on Saturday, 21 February",
        "20 février 2026, 23h30–01h00, heure de Seoul, donc fin le samedi 21 février à 1h00",
        "20 de febrero de 2026, 23:30-01:00 hora de Seoul, termina el sábado 21 de febrero",
        "2026년 2월 20일 23:30~01:00 KST (2월 21일 1시에 끝납니다)",
    ],
)
def test_a_day_on_which_it_ends_is_not_the_one_on_which_it_begins(text: str) -> None:
    times = read_times(paragraphs(text), Place(FILE), Problems())
    assert times
    (clock,) = understand(times, Problems())
    assert (clock.start, clock.end) == (utc("2026-02-20 14:30"), utc("2026-02-20 16:00"))


def test_a_day_beside_a_time_is_compared() -> None:
    assert findings("8 October 2021, 18:00-19:30 Mexico / 08:00-09:30 KST (8 October)") == [
        "38 CLOCKS_DISAGREE the stated times disagree: 18:00-19:30 Mexico is 2021-10-08 23:00-00:30 UTC, but "
        "08:00-09:30 KST is 2021-10-07 23:00-00:30 UTC"
    ]


def test_the_odd_one_out_is_named_with_what_it_should_be() -> None:
    (found,) = findings("5 October 2021, 1:30-3:00 Mexico / 10:30-12:00 CEST / 16:30-18:00 MYT")
    assert found == (
        "17 CLOCKS_DISAGREE 01:30-03:00 Mexico is 2021-10-05 06:30-08:00 UTC and the odd one out: "
        "10:30-12:00 CEST, 16:30-18:00 MYT are 2021-10-05 08:30-10:00 UTC"
    )


def test_a_winter_label_in_summer_is_read_by_its_letters_where_the_others_agree() -> None:
    problems = Problems()
    times = read_times(paragraphs("8 October 2021, 10:00-11:30 CET / 9:00-10:30 UTC"), Place(FILE), problems)
    assert times is not None
    assert {clock.start for clock in understand(times, problems)} == {utc("2021-10-08 09:00")}
    assert [problem.code for problem in problems.found] == ["ZONE_SLOPPY"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Thursday, 8 October 2021, 9:00-10:30 UTC",
         "11 WEEKDAY_WRONG 8 October 2021 is a Friday, not a Thursday"),
        ("jueves 8 de octubre de 2021, 9:00-10:30 UTC",
         "8 WEEKDAY_WRONG 8 October 2021 is a Friday, not a Thursday"),
        ("2021년 10월 8일 (목) 9:00-10:30 UTC", "1 WEEKDAY_WRONG 8 October 2021 is a Friday, not a Thursday"),
        ("8 October 2021, 9:00-10:30 UTC (60 minutes)",
         "33 DURATION_DIFFERS 60 minutes are announced, but it takes 90 minutes by the clock"),
        ("8/10/2021, 9:00-10:30 UTC", "1 DATE_AMBIGUOUS the date may be 08 October 2021 or 10 August 2021"),
        ("October 8, 9:00-10:30 UTC", "1 NO_DATE the date has no year, or is no day of the calendar"),
        ("31 June 2021, 9:00-10:30 UTC", "1 NO_DATE the date has no year, or is no day of the calendar"),
        ("8 October 2021", "1 NO_TIME the sheet names no time of the session"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    assert findings(text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 8 October 2021, 9:00-10:30 UTC (90 minutes)",
        "vendredi 8 octobre 2021, 9h-10h30 UTC",
        "28/10/2021 9:00-10:30 UTC",
        "8.10.2021, 9:00-10:30 UTC",
    ],
)
def test_what_is_right_is_not_reported(text: str) -> None:
    assert findings(text) == []


def test_a_date_without_a_year_takes_it_from_the_other() -> None:
    times = read_times(
        paragraphs("18:00-19:30 Mexico, October 8, 2021 / 08:00-09:30 Seoul, October 9"),
        Place(FILE),
        Problems(),
    )
    assert times is not None
    assert [clock.day for clock in times.clocks] == [date(2021, 10, 8), date(2021, 10, 9)]
