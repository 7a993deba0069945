"""Nothing is lost when the service is killed, and at most what was in flight comes twice."""

from pathlib import Path

import pytest

from tests.service.kills import play, play_to_the_end_of_one


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_kill_and_restart_lose_nothing_and_repeat_only_what_was_in_flight(tmp_path: Path) -> None:
    count = play(tmp_path, mails=60, kills=[1, 25, 45])
    assert (count.lost, count.states["sent"]) == (0, 60)
    assert 3 <= count.duplicates <= count.limit
    assert count.most_copies <= 4


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_a_service_that_is_asked_to_end_finishes_what_it_is_sending_and_no_more(tmp_path: Path) -> None:
    taken, states = play_to_the_end_of_one(tmp_path, mails=9)
    assert 1 <= taken <= 4
    assert states == {"planned": 1, "sent": taken, "ready": 9 - taken}
