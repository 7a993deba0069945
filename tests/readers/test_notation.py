"""Dates and times as people write them."""

from datetime import date

import pytest

from gsef_notify.program.names import bare_name
from gsef_notify.readers.notation import parse_date, parse_range


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:00-19:30", "18:00-19:30"),
        ("18h00-19h30", "18:00-19:30"),
        ("20h à 20h15", "20:00-20:15"),
        ("9.00 – 10.30", "09:00-10:30"),
        ("6:00 PM - 6:10 PM", "18:00-18:10"),
        ("6:00 - 6:10 PM", "18:00-18:10"),
        ("11:30 - 12:15 PM", "11:30-12:15"),
        ("9-10 a.m.", "09:00-10:00"),
        ("12:00 AM - 12:30 AM", "00:00-00:30"),
        ("19:15:- 19:25", "19:15-19:25"),
        ("19:25- 19:30", "19:25-19:30"),
        ("20:10 a 20:15", "20:10-20:15"),
        ("18:00 to 18:10", "18:00-18:10"),
        ("18：00－19：30", "18:00-19:30"),
        ("18:00\u00a0—\u202f19:30", "18:00-19:30"),
        ("18:00~19:30", "18:00-19:30"),
        ("오후 6시 - 오후 7시 30분", "18:00-19:30"),
        ("오후 6시부터 7시 30분까지", "18:00-19:30"),
        ("23:30-24:00", "23:30-00:00"),
    ],
)
def test_a_time_range_is_understood(text: str, expected: str) -> None:
    assert str(parse_range(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "18:00", "9-10", "25:00-26:00", "13:00 PM - 2 PM", "18:00-19:75", "2021-10-08", "noon", "1:2-3:4"],
)
def test_what_is_no_time_range_is_none(text: str) -> None:
    assert parse_range(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "October 8th, 2021",
        "Oct 8, 2021",
        "Friday, 8 October 2021",
        "8 de octubre de 2021",
        "viernes 8 de octubre del 2021",
        "vendredi 8 octobre 2021",
        "2021-10-08",
        "2021.10.8",
        "2021년 10월 8일",
        "２０２１년 １０월 ８일 금요일",
    ],
)
def test_a_date_is_understood(text: str) -> None:
    assert parse_date(text) == date(2021, 10, 8)


@pytest.mark.parametrize(
    "text", ["", "October 2021", "8 Juin", "31 February 2021", "2021-13-01", "8 ju 2021", "tomorrow"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_the_first_of_a_month_and_months_with_accents() -> None:
    assert parse_date("1er août 2021") == date(2021, 8, 1)
    assert parse_date("1 de setiembre de 2021") == date(2021, 9, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr. Young Kim", "Young Kim"),
        ("Dr Ms. Ana Ruiz", "Ana Ruiz"),
        ("Mme Awa Ndiaye", "Awa Ndiaye"),
        ("Sra. Ana", "Ana"),
        ("Dara Huot 님", "Dara Huot"),
        ("김영 님", "김영"),
        ("Draco Srinivasan", "Draco Srinivasan"),
    ],
)
def test_titles_are_not_part_of_names(text: str, name: str) -> None:
    assert bare_name(text) == name
