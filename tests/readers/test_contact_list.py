"""The contact list as a CSV file."""

from pathlib import Path

import pytest

from gsef_notify.program.problems import ProgramRefused
from gsef_notify.readers import contact_list
from gsef_notify.reminders.people import Contact


def read(tmp_path: Path, text: str) -> tuple[Contact, ...]:
    file = tmp_path / "people.csv"
    file.write_text(text)
    return contact_list.read(file).accept()


def test_a_line_is_a_contact(tmp_path: Path) -> None:
    header = "\ufeffName,Email,Timezone,Language,Role,Session\n"
    text = header + " Ana , ana@Example.org ,america/santiago,Español,Speaker,s\n"
    assert read(tmp_path, text) == (
        Contact(
            name="Ana",
            email="ana@example.org",
            role="speaker",
            session="s",
            timezone="America/Santiago",
            language="es",
        ),
    )


def test_what_may_be_left_out_may_be_left_out(tmp_path: Path) -> None:
    text = "role,email,name\nparticipant,a@example.org,A\n,,\nparticipant,b@example.org,B\n"
    assert [(c.name, c.timezone, c.session) for c in read(tmp_path, text)] == [
        ("A", None, ""),
        ("B", None, ""),
    ]


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = (
        "name,email,timezone,role\nA,a at b,,speaker\nB,b@example.org,Mars,guest\n,c@example.org,,speaker\n"
    )
    with pytest.raises(ProgramRefused) as refused:
        read(tmp_path, text)
    assert [(p.place.line, p.code) for p in sorted(refused.value.problems)] == [
        (2, "ADDRESS_WRONG"),
        (3, "ROLE_UNKNOWN"),
        (3, "ZONE_UNKNOWN_NAME"),
        (4, "NO_NAME"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "UNREADABLE"), ("name,role\nA,speaker\n", "COLUMN_MISSING"), ("PK\x03\x04", "UNREADABLE")],
)
def test_what_is_no_contact_list_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ProgramRefused) as refused:
        read(tmp_path, text)
    assert [problem.code for problem in refused.value.problems] == [code]
