"""The session sheet is read as it stands."""

from datetime import timedelta
from pathlib import Path

import pytest

from gsef_notify import readers
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Problem
from tests.conftest import ERIC, ROOT, SAMPLE, shared, utc

TIMES = [
    ("09:00", 1, "Internet connection check", ()),
    ("09:01", 5, "Introduction of the moderator", ()),
    (
        "09:06",
        5,
        "Introduction of the session: background information, main question, objectives and panel members",
        (),
    ),
    ("09:11", 10, "Network of local governments promoting SSE", ("young-kim",)),
    ("09:21", 10, "Work Integration Social Enterprises & International Cooperation", (ERIC,)),
    ("09:31", 10, "Laying the Foundation for SSE Agenda in East and Central Africa", ("bernard-luyiga",)),
    ("09:41", 10, "Fab City global initiative and SSE", ("martin-van-den-borre",)),
    ("09:51", 24, "Questions and discussions guided by the moderator", ()),
    ("10:15", 10, "Q&A: from participants via chat", ()),
    ("10:25", 5, "Closing remarks by the speakers and the moderator", ()),
]
PEOPLE = [
    ("dara-huot", "Dara Huot", "moderator", None, None, "Chief Executive"),
    ("young-kim", "Young Kim", "speaker", "KR", "Asia/Seoul", "Executive Director"),
    (ERIC, "Eric Leyton Inostroza", "speaker", "CL", None, "Project Manager"),
    (
        "bernard-luyiga",
        "Bernard Luyiga",
        "speaker",
        "UG",
        "Africa/Kampala",
        "Co-founder & Administrative Officer",
    ),
    ("martin-van-den-borre", "Martin Van Den Borre", "speaker", "CA", None, "Fabcity Facilitator"),
]


def facts(program: Program) -> object:
    """All but the long texts and the addresses."""
    (session,) = program.sessions
    return (
        (session.title, session.start, session.end, session.timezone, session.language),
        [(s.start, s.end - s.start, s.title, s.people) for s in session.segments],
        [(p.id, p.name, p.role, p.country, p.timezone, p.position) for p in session.people],
        [(p.organization, p.presentation and p.presentation.title) for p in session.people],
    )


def expected_facts() -> object:
    title = "Initiatives and alliances between local governments and SSE actors to build a new economy"
    times = [
        (utc(f"2021-10-08 {start}"), timedelta(minutes=minutes), what, who)
        for start, minutes, what, who in TIMES
    ]
    phare = "Phare Performing Social Enterprise Co., Ltd (Phare Circus & Phare Creative Studio)"
    ensie = "ENSIE (European Network for Social Integration Enterprises) & CIESCOOP"
    ciescoop = "(Centro Internacional de Economía Social y Cooperativa)"
    seneca = "SENECA (Social and Solidarity Network for East and Central Africa) & Office of the Mayor"
    kampala = "Nakawa Division Urban Council, Kampala Capital City Authority"
    return (
        (title, utc("2021-10-08 09:00"), utc("2021-10-08 10:30"), "Asia/Seoul", "en"),
        times,
        PEOPLE,
        [
            (phare, None),
            (
                "SSEGOV (Association of Korean Local Governments for Social Economy and Solidarity)",
                "Network of local governments promoting SSE",
            ),
            (f"{ensie} {ciescoop}", "International cooperation"),
            (f"{seneca}, {kampala}", "Laying the Foundation for SSE Agenda in East and Central Africa"),
            ("Fab City", "Fab City global initiative and SSE"),
        ],
    )


def words(text: str) -> int:
    return len(text.split())


def placed(problems: tuple[Problem, ...]) -> list[tuple[int, int, str, str]]:
    return [(p.place.line, p.place.column, p.severity, p.code) for p in problems]


def test_the_real_sheet_is_read_as_it_stands() -> None:
    program = readers.read([shared("sheets/gsef-2021-alliances.md")]).accept()
    (session,) = program.sessions
    assert facts(program) == expected_facts()
    texts = (session.main_question, session.audience, session.background)
    assert [words(text) for text in texts] == [31, 35, 356]
    assert [words(text) for text in session.objectives] == [16, 25, 12, 20]
    assert [words(text) for text in session.guiding_questions] == [17, 14, 25, 24]
    assert len(session.background.split("\n\n")) == 5
    told = [person.presentation.description for person in session.people if person.presentation]
    assert [words(text) for text in told] == [0, 255, 274, 244]
    assert not any(sign in text for text in told for sign in "<>*\t")


def test_the_real_sheet_has_no_errors_and_these_warnings() -> None:
    problems = readers.read([shared("sheets/gsef-2021-alliances.md")]).problems
    assert placed(problems) == [
        (9, 1, "warning", "NO_JOIN_LINK"),
        (55, 18, "warning", "ZONE_UNKNOWN"),
        (61, 145, "warning", "ZONE_UNKNOWN"),
        (67, 41, "warning", "ZONE_UNKNOWN"),
        (76, 13, "warning", "TITLE_DIFFERS"),
        (81, 6, "warning", "TIME_STRAY_SIGN"),
    ]


def test_the_sample_has_the_same_facts() -> None:
    program = readers.read([SAMPLE]).accept()
    assert facts(program) == expected_facts()
    assert program.sessions[0].join_url == "https://meet.example.org/gsef-2021-alliances"


def test_the_yaml_twin_is_the_same_program() -> None:
    twin = ROOT / "tests" / "golden" / "gsef-2021-alliances.yaml"
    assert readers.read([twin]).accept() == readers.read([SAMPLE]).accept()


def test_the_stray_colon_is_shown_with_what_to_write() -> None:
    line = SAMPLE.read_text().splitlines().index("19:15:- 19:25\tQ&A: from participants via chat") + 1
    (problem,) = [p for p in readers.read([SAMPLE]).problems if p.code == "TIME_STRAY_SIGN"]
    assert str(problem) == (
        f"{SAMPLE}:{line}:6: warning TIME_STRAY_SIGN the colon after '19:15' does not belong in "
        "'19:15:- 19:25' - write 19:15-19:25"
    )


def changed(tmp_path: Path, *changes: tuple[str, str]) -> readers.Reading:
    """The sample with some of its text changed."""
    text = SAMPLE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "gsef-2021-alliances.md"
    file.write_text(text)
    return readers.read([file])


def test_pipe_tables_are_read_like_tabbed_ones(tmp_path: Path) -> None:
    lines = SAMPLE.read_text().splitlines()
    piped = [f"| {' | '.join(line.split(chr(9)))} |" if "\t" in line else line for line in lines]
    rule = piped.index(next(line for line in piped if line.startswith("| Time"))) + 1
    piped.insert(rule, "|---|:---|")
    file = tmp_path / "gsef-2021-alliances.md"
    file.write_text("\n".join(piped))
    assert readers.read([file]).accept() == readers.read([SAMPLE]).accept()


def test_a_disagreement_of_number_and_name_is_reported(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("3 <sup>rd</sup> speaker", "4 <sup>th</sup> speaker"))
    (problem,) = [p for p in reading.problems if p.code == "SPEAKER_DIFFERS"]
    assert (
        problem.message == "speaker 4 is Martin Van Den Borre in the table, but Bernard Luyiga is named here"
    )
    assert reading.program.sessions[0].segments[5].people == ("bernard-luyiga",)


def test_a_speaker_is_found_by_number_alone(tmp_path: Path) -> None:
    reading = changed(tmp_path, (" - Mr. Bernard Luyiga / SENECA", ""))
    assert reading.program.sessions[0].segments[5].people == ("bernard-luyiga",)


def test_stated_clocks_that_disagree_are_an_error(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("9:00-10:30 UTC", "10:00-11:30 UTC"))
    (problem,) = reading.errors
    assert problem.message == (
        "the stated times disagree: 18:00-19:30 KST is 2021-10-08 09:00-10:30 UTC, "
        "but 10:00-11:30 UTC is 2021-10-08 10:00-11:30 UTC"
    )


def test_an_ambiguous_abbreviation_is_settled_by_the_other_clock(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("18:00-19:30 KST / 9:00-10:30 UTC", "18:00-19:30 KST / 04:00-05:30 CST"))
    assert reading.errors == ()
    assert [p.code for p in reading.problems if p.code == "ZONE_SLOPPY"] == ["ZONE_SLOPPY"]


def test_an_ambiguous_abbreviation_alone_is_asked_for(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("18:00-19:30 KST / 9:00-10:30 UTC", "18:00-19:30 IST"))
    (problem,) = reading.errors
    assert problem.code == "ZONE_AMBIGUOUS"
    assert "Asia/Kolkata (UTC+05:30), Europe/Dublin (UTC+01:00)" in problem.message


def test_a_missing_title_and_date_are_told_together(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text("Language: English\n")
    assert [str(p).partition(" ")[2] for p in readers.read([file]).errors] == [
        'error NO_DATE the sheet names no date - write "Date / Duration: October 8th, 2021 '
        '(18:00-19:30 KST / 9:00-10:30 UTC)"',
        'error NO_TITLE the sheet names no session title - write "Session title: ..."',
    ]


def test_a_link_that_is_no_web_address_is_an_error(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("https://meet.example.org/gsef-2021-alliances", "javascript:alert(1)"))
    assert [p.code for p in reading.errors] == ["LINK_WRONG"]


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://x.org/y", "https://x.org/y"),
        ("<https://x.org/y>", "https://x.org/y"),
        ("[the room](https://x.org/y)", "https://x.org/y"),
        ("HTTPS://x.org", "HTTPS://x.org"),
    ],
)
def test_a_link_may_be_written_in_several_ways(tmp_path: Path, written: str, link: str) -> None:
    reading = changed(tmp_path, ("https://meet.example.org/gsef-2021-alliances", written))
    assert reading.accept().sessions[0].join_url == link


def test_a_wrong_link_is_told_at_its_line(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("https://meet.example.org/gsef-2021-alliances", "ftp://x.org"))
    assert placed(reading.errors) == [(15, 22, "error", "LINK_WRONG")]


@pytest.mark.parametrize(
    "line",
    [
        "- **SESSION TITLE :** X",
        "o **Session title** : X",
        "## Session title: *X*",
        "Session  title：X",
        "**Session title:** **X**",
    ],
)
def test_labels_may_look_different(tmp_path: Path, line: str) -> None:
    old = next(each for each in SAMPLE.read_text().splitlines() if "Session title" in each)
    assert changed(tmp_path, (old, line)).accept().sessions[0].title == "X"


def test_full_width_letters_of_a_title_stay(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("**Session title:** *Initiatives", "**Session title：** *Ｉnitiatives"))
    assert reading.accept().sessions[0].title.startswith("Ｉnitiatives and")


@pytest.mark.parametrize("sign", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_lines_end_where_editors_end_them(tmp_path: Path, sign: str) -> None:
    reading = changed(tmp_path, ("Nobody builds", f"Nobody{sign}builds"))
    assert reading.accept() == readers.read([SAMPLE]).accept()
    assert placed(reading.problems) == placed(readers.read([SAMPLE]).problems)


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    file = tmp_path / SAMPLE.name
    file.write_bytes(SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    reading = readers.read([file])
    assert reading.accept() == readers.read([SAMPLE]).accept()
    assert placed(reading.problems) == placed(readers.read([SAMPLE]).problems)


def test_signs_that_are_no_tags_are_kept(tmp_path: Path) -> None:
    reading = changed(tmp_path, ("Nobody builds", "1 < 2 <3 <!-- not this --> a<b &lt;i&gt; builds"))
    background = reading.accept().sessions[0].background
    assert background.startswith("1 < 2 <3 a<b <i> builds")
