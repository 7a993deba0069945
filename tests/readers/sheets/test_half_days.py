"""Times that leave open which half of the day they mean, and dates which month."""

from pathlib import Path

import pytest

from gsef_notify import readers

SHEET = """Session title: Nets
Date: {date}
Time: 3:00 PM - 4:00 PM KST
Moderator: Cai Moreau (South Korea)
Program
{order}
"""


def reading(folder: Path, date: str, order: str) -> readers.Reading:
    (folder / "nets.md").write_text(SHEET.format(date=date, order=order))
    return readers.read([folder / "nets.md"])


@pytest.mark.parametrize("first", ["3:00 - 3:30", "3:00 PM - 3:30 PM", "15:00 - 15:30"])
def test_the_half_of_the_day_is_that_of_the_session(tmp_path: Path, first: str) -> None:
    found = reading(tmp_path, "8 October 2021", f"{first} Nets\n3:30 - 4:00 Soup")
    (session,) = found.accept().sessions
    assert [f"{segment.start:%H:%M}" for segment in session.segments] == ["06:00", "06:30"]
    assert "TIME_HALF_DAY" in [problem.code for problem in found.problems]


def test_what_lies_outside_of_the_session_either_way_is_an_error(tmp_path: Path) -> None:
    found = reading(tmp_path, "8 October 2021", "3:00 - 3:30 Nets\n5:30 - 6:00 Soup")
    assert "SEGMENT_OUTSIDE" in [problem.code for problem in found.errors]


@pytest.mark.parametrize(
    ("date", "day"), [("Tuesday 03/10/2023", "2023-10-03"), ("Friday 03/10/2023", "2023-03-10")]
)
def test_the_day_of_the_week_tells_day_and_month_apart(tmp_path: Path, date: str, day: str) -> None:
    (session,) = reading(tmp_path, date, "15:00 - 16:00 Nets").accept().sessions
    assert f"{session.start:%Y-%m-%d}" == day


@pytest.mark.parametrize("date", ["03/10/2023", "Monday 03/10/2023"])
def test_a_date_of_two_meanings_is_asked_for(tmp_path: Path, date: str) -> None:
    found = reading(tmp_path, date, "15:00 - 16:00 Nets")
    assert "DATE_AMBIGUOUS" in [problem.code for problem in found.errors]
