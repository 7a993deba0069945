"""Every time in every mail is right; ``make mail-truth`` judges more of them."""

from pathlib import Path

import pytest

from tests.conftest import utc
from tests.service.truth import judged, play


@pytest.mark.parametrize(
    ("moment", "zones"),
    [
        ("2021-11-07 05:30", ["America/Toronto", "Asia/Kathmandu"]),
        ("2022-03-27 00:30", ["Asia/Gaza", "Africa/Casablanca", "Australia/Lord_Howe"]),
    ],
)
def test_every_time_in_every_mail_is_right(tmp_path: Path, moment: str, zones: list[str]) -> None:
    verdict = judged(play(tmp_path, utc(moment), zones))
    assert verdict.wrong == []
    assert verdict.mails > 80
    assert verdict.times > 3000
    assert verdict.changes > 0
    assert {"participant-10-minutes", "speaker-10-minutes", "changed"} <= verdict.rules
