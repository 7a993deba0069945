"""What an edit would change is seen before it is published, and nothing is written."""

import json
from pathlib import Path

import pytest

from gsef_notify import cli
from gsef_notify.clock import SteppedClock
from gsef_notify.program.model import Program
from gsef_notify.program.problems import ProgramRefused
from gsef_notify.readers import ProgramFiles
from gsef_notify.reminders.people import Contact
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.plan_diff import PlanDiff, plan_diff
from gsef_notify.service.publish import Newest, publish, take_contacts
from gsef_notify.store.database import open_database
from tests.conftest import POLICY, SAMPLE, utc

EVE = utc("2021-10-07 12:00")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A copy of the sample that is going to be edited."""
    copy = tmp_path / "edited" / SAMPLE.name
    copy.parent.mkdir()
    copy.write_text(SAMPLE.read_text())
    return copy


def edit(sheet: Path, old: str, new: str) -> None:
    assert old in sheet.read_text()
    sheet.write_text(sheet.read_text().replace(old, new))


async def sent(office: Office, clock: SteppedClock) -> None:
    """Everybody has been told a week and a day before."""
    clock.set(EVE)
    while await send_next(office):
        pass


def compared(office: Office, sheet: Path) -> PlanDiff:
    return plan_diff(office.engine, ProgramFiles((sheet,)).read, (), POLICY, EVE)


def rows(folder: Path) -> bytes:
    return (folder / "test.db").read_bytes()


async def test_a_part_that_is_moved_moves_its_reminder_and_tells_those_who_knew_it(
    office: Office, clock: SteppedClock, sheet: Path, tmp_path: Path
) -> None:
    await sent(office, clock)
    before = rows(tmp_path)
    edit(sheet, "18:21-18:31", "18:25-18:31")
    diff = compared(office, sheet)
    assert (diff.revision, diff.is_new, diff.added, diff.dropped) == (1, True, (), ())
    # The week's and the day's mail have gone out; those an hour and ten minutes before are to come.
    moved = [(m.after.rule, m.before.local_due, m.after.local_due) for m in diff.moved]
    assert moved == [("speaker-10-minutes", "2021-10-08 06:11", "2021-10-08 06:15")]
    told = {notice.name: notice.kind for notice in diff.notices}
    assert told["Eric Leyton Inostroza"] == "changed"
    assert "Young Kim" not in told
    assert rows(tmp_path) == before


async def test_what_is_shown_is_what_publishing_then_does(
    office: Office, clock: SteppedClock, sheet: Path
) -> None:
    await sent(office, clock)
    edit(sheet, "18:21-18:31", "18:25-18:31")
    shown = compared(office, sheet)
    publish(office.engine, ProgramFiles((sheet,)).read().accept(), POLICY, EVE)
    done = compared(office, sheet)
    assert (done.revision, done.is_new, done.added, done.dropped, done.moved) == (2, False, (), (), ())
    assert done.notices == ()
    assert shown.notices != ()


async def test_who_is_taken_out_loses_their_mails_and_who_comes_gets_some(
    office: Office, clock: SteppedClock, sheet: Path, contacts: tuple[Contact, ...]
) -> None:
    await sent(office, clock)
    new = Contact(name="Ana Ruiz", email="ana@example.org", role="speaker", timezone="Europe/Madrid")
    take_contacts(office.engine, [new], POLICY, EVE)
    edit(sheet, "Eric Leyton Inostroza", "Ana Ruiz")
    diff = compared(office, sheet)
    assert {mail.email for mail in diff.dropped} == {"eric.leyton@example.org"}
    assert "speaker-10-minutes" in {mail.rule for mail in diff.dropped}
    assert {mail.email for mail in diff.added} == {"ana@example.org"}
    assert "Eric Leyton Inostroza" in {notice.name for notice in diff.notices}


def test_with_nothing_stored_all_is_new_and_no_database_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GSEF_NOTIFY_DATABASE", "sqlite:///none.db")
    arguments = ["plan", str(SAMPLE), "--diff", "--from", "2021-09-01T00:00Z"]
    assert cli.main([*arguments, "--json"]) == 0
    diff = json.loads(capsys.readouterr().out)
    assert (diff["revision"], diff["dropped"], diff["moved"], diff["notices"]) == (None, [], [], [])
    assert len(diff["added"]) == 24
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "mails: 24 new, 0 fall away, 0 move; notices: none",
        "nothing has been changed: this is a comparison with an empty database",
    ]
    assert list(tmp_path.iterdir()) == []


def test_files_with_errors_are_answered_as_by_check(office: Office, sheet: Path) -> None:
    edit(sheet, "18:21-18:31", "18:21-18:11")
    with pytest.raises(ProgramRefused, match=r"edited/gsef-2021-alliances\.md:\d+:\d+: error "):
        compared(office, sheet)


async def test_the_table_says_what_moves_from_when_to_when(
    office: Office,
    clock: SteppedClock,
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    await sent(office, clock)
    monkeypatch.setenv("GSEF_NOTIFY_DATABASE", f"sqlite:///{tmp_path}/test.db")
    monkeypatch.setenv("GSEF_NOTIFY_QUIET_HOURS", "none")
    edit(sheet, "18:21-18:31", "18:25-18:31")
    assert cli.main(["plan", str(sheet), "--diff", "--from", "2021-10-07T12:00Z"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert any(
        line.startswith("moves 2021-10-08 06:11 2021-10-08 06:15 Santiago Eric Leyton Inostroza")
        for line in lines
    )
    assert "Eric Leyton Inostroza changed gsef-2021-alliances 2021-10-07 12:02" in lines
    assert lines[-1] == "nothing has been changed: this is a comparison with revision 1"


def test_the_stored_state_is_not_disturbed_by_a_contact_list_that_is_tried(
    newest: Newest, program: Program, tmp_path: Path, sheet: Path
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/test.db")
    before = rows(tmp_path)
    new = Contact(name="Olga Organizer", email="olga@example.org", role="organizer", timezone="Europe/Paris")
    diff = plan_diff(engine, ProgramFiles((sheet,)).read, [new], POLICY, utc("2021-10-01 12:00"))
    assert {mail.email for mail in diff.added} == {"olga@example.org"}
    assert {mail.rule for mail in diff.added} >= {"organizer-morning", "unconfirmed-1-day"}
    assert rows(tmp_path) == before
    engine.dispose()
