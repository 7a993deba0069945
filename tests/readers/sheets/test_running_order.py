"""The running order of a sheet: what is in its table, and what is wrong with it."""

from pathlib import Path

import pytest

from gsef_notify import readers
from tests.nets import head

SHEET = f"""{head("18:30")}| Time | Content |
|---|---|
| 18:00-18:10 | 1st speaker: Nets that last |
| 18:10-18:30 | 2nd speaker: Soup |
"""


def reading(tmp_path: Path, *pairs: tuple[str, str]) -> readers.Reading:
    text = SHEET
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "nets.md").write_text(text)
    return readers.read([tmp_path / "nets.md"])


def contents(found: readers.Reading) -> list[tuple[str, tuple[str, ...]]]:
    (session,) = found.accept().sessions
    return [(segment.title, segment.people) for segment in session.segments]


FIRST = "| 18:00-18:10 | 1st speaker: Nets that last |"


@pytest.mark.parametrize(
    ("line", "content"),
    [
        (FIRST, ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Nets that last - Ms. Ada Nyong / Union |", ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Nets that last – Ms. Nyong |", ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Nets that last<br>ADA NYONG (Union) |", ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Ada Nyong: Nets that last |", ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Opening by Mr. Cai Moreau |", ("Opening", ("cai-moreau",))),
        ("| 18:00-18:10 | Talk of two - Ada Nyong & Bo Lind |", ("Talk of two", ("ada-nyong", "bo-lind"))),
        ("| 18:00-18:10 | 1st and 2nd speakers: Talk of two |", ("Talk of two", ("ada-nyong", "bo-lind"))),
        ("| 18:00-18:10 | Second speaker: Soup |", ("Soup", ("bo-lind",))),
        ("| 18:00-18:10 | Speaker #1 |", ("Nets that last", ("ada-nyong",))),
        ("| 18:00-18:10 | Questions - all |", ("Questions - all", ())),
        ("| 18:00-18:10 | Questions with the audience |", ("Questions with the audience", ())),
    ],
)
def test_a_segment_finds_its_people(tmp_path: Path, line: str, content: tuple[str, tuple[str, ...]]) -> None:
    assert contents(reading(tmp_path, (FIRST, line)))[0] == content


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        (f"{FIRST}\n| Total | 20 minutes |",
         "TOTAL_WRONG the total is said to be 20 minutes, but the parts add up to 10 minutes"),
        ("| 18:00-18:10 | Nets that last (15 min) - Ada Nyong |",
         "DURATION_DIFFERS 'Nets that last (15 min)' is said to take 15 minutes, but has 10 minutes"),
        ("| 18:00-18:10 | 2nd speaker: Nets that last - Ada Nyong |",
         "SPEAKER_DIFFERS speaker 2 is Bo Lind in the table, but Ada Nyong is named here"),
        ("| 18:00-18:10 | 3rd speaker: Nets |", "SPEAKER_UNKNOWN the speakers' table has no Speaker 3"),
        ("| 18:00-18:10 | 1st speaker: Nets |",
         "TITLE_DIFFERS Ada Nyong's presentation is 'Nets' here and 'Nets that last' in the speakers' table"),
        ("| 18:00-18:10 | |", "NO_TITLE nothing is said to be on at this time"),
        ("| soon | Nets |", "TIME_UNREADABLE 'soon' is no time range"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_told(tmp_path: Path, line: str, finding: str) -> None:
    told = [f"{p.code} {p.message}" for p in reading(tmp_path, (FIRST, line)).problems]
    assert [each for each in told if each.startswith(finding)]


@pytest.mark.parametrize("heading", ["| Part 1 | |", "| 제2부 | |", "| | Bloque 3 |"])
def test_a_heading_within_the_running_order_is_no_segment(tmp_path: Path, heading: str) -> None:
    found = reading(tmp_path, (FIRST, f"{heading}\n{FIRST}"))
    assert [title for title, _ in contents(found)] == ["Nets that last", "Soup"]


@pytest.mark.parametrize("line", ["| 18.00 till ten past | |", "| 1810 | |", "| 6 pm | |", "| 18h | |"])
def test_a_time_without_an_end_is_no_heading(tmp_path: Path, line: str) -> None:
    found = reading(tmp_path, (FIRST, f"{line}\n{FIRST}"))
    assert [problem.code for problem in found.errors] == ["TIME_UNREADABLE"]


def test_the_zone_in_the_heading_says_which_clock_it_follows(tmp_path: Path) -> None:
    stated = ("18:00-18:30 KST", "11:00-11:30 CEST / 18:00-18:30 KST")
    found = reading(tmp_path, stated, ("| Time |", "| Time (Seoul) |"))
    assert f"{found.accept().sessions[0].segments[0].start:%H:%M}" == "09:00"


@pytest.mark.parametrize(
    "rows",
    [
        "| Start | What |\n|---|---|\n| 18:00 | Nets |\n| 18:10 | Soup |",
        "| Start | Length | What |\n|---|---|---|\n| 18:00 | 10 min | Nets |\n| 18:10 | 20 min | Soup |",
        "| | |\n|---|---|\n| 6 PM | Nets |\n| 6:10 PM | Soup |",
    ],
)
def test_a_part_ends_after_its_length_or_where_the_next_begins(tmp_path: Path, rows: str) -> None:
    found = reading(tmp_path, (SHEET[SHEET.index("| Time") :], rows))
    (session,) = found.accept().sessions
    ends = [(segment.title, f"{segment.end:%H:%M}") for segment in session.segments]
    assert ends == [("Nets", "09:10"), ("Soup", "09:30")]


def test_a_table_of_clocks_is_no_running_order(tmp_path: Path) -> None:
    clocks = "| Seoul | 18:00 |\n|---|---|\n| Madrid | 11:00 |\n| Lima | 04:00 |\nSpeakers"
    titles = [title for title, _ in contents(reading(tmp_path, ("Speakers", clocks)))]
    assert titles == ["Nets that last", "Soup"]


def test_the_title_of_a_presentation_tells_whose_part_it_is(tmp_path: Path) -> None:
    found = reading(tmp_path, (FIRST, "| 18:00-18:10 | «Nets, that last» |"))
    assert contents(found)[0] == ("Nets, that last", ("ada-nyong",))


def test_a_running_order_may_be_a_list(tmp_path: Path) -> None:
    table = SHEET[SHEET.index("| Time") :]
    lines = "18:00-18:10 Nets that last - Ada Nyong\n18:10 - 18:30: Soup\n"
    assert contents(reading(tmp_path, (table, lines))) == [
        ("Nets that last", ("ada-nyong",)),
        ("Soup", ("bo-lind",)),
    ]


def test_a_presentation_below_its_speaker_over_the_whole_width_is_theirs(tmp_path: Path) -> None:
    with_title, below = "(South Korea) | Nets that last |", "| | Presentation: Nets that last | | |"
    found = reading(tmp_path, (with_title, f"(South Korea) | |\n{below}"))
    first = found.accept().sessions[0].people[1]
    assert (first.organization, first.presentation and first.presentation.title) == (
        "Union",
        "Nets that last",
    )


@pytest.mark.parametrize(
    ("line", "position", "organization"),
    [
        ("Cai Moreau / Tide & Town Forum", "", "Tide & Town Forum"),
        ("Cai Moreau, editor / Tide & Town Forum", "editor", "Tide & Town Forum"),
        ("Cai Moreau (France) / editor", "editor", ""),
    ],
)
def test_a_moderator_has_a_position_and_an_organization(
    tmp_path: Path, line: str, position: str, organization: str
) -> None:
    found = reading(tmp_path, ("Cai Moreau (South Korea)", line))
    moderator = found.accept().sessions[0].people[0]
    assert (moderator.position, moderator.organization) == (position, organization)


def test_a_sheet_with_a_table_without_end_is_refused(tmp_path: Path) -> None:
    found = reading(tmp_path, (FIRST, "\n".join([FIRST] * 500)))
    assert [problem.code for problem in found.errors] == ["TABLE_LONG"]
