"""What the page about rehearsals tells people to type works as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from gsef_notify import cli
from tests.conftest import ROOT, SAMPLE

PAGE = ROOT / "docs" / "rehearsal.md"
COMMANDS = re.findall(r"^gsef-notify (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GSEF_NOTIFY_DATABASE", f"sqlite:///{tmp_path}/state.db")
    shutil.copytree(SAMPLE.parent, "schedules")
    Path("changed.md").write_text(SAMPLE.read_text().replace("18:21-18:31", "18:23-18:31"))
    assert cli.main(shlex.split(command)) == 0
    if command.startswith("rehearse"):
        assert Path("var/out/index.html").exists()


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) == 8
