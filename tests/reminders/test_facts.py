"""What somebody believes after several mails."""

from gsef_notify.reminders.facts import Beginning, Facts, merged
from tests.conftest import utc

START = Beginning(utc("2021-10-08 09:00"), "UTC")
TALK = Beginning(utc("2021-10-08 09:21"), "UTC")
OTHER = Beginning(utc("2021-10-08 09:41"), "UTC")


def whole(**slots: Beginning) -> Facts:
    return Facts(start=START, slots=slots, is_whole=True)


def test_a_mail_about_one_segment_leaves_what_was_told_of_others() -> None:
    believed = merged([whole(talk=TALK, other=OTHER), Facts(start=START, slots={"talk": OTHER})])
    assert believed.slots == {"talk": OTHER, "other": OTHER}
    assert believed.is_whole


def test_what_was_told_to_be_gone_is_believed_to_be_gone() -> None:
    gone = Facts(start=START, slots={"other": None}, released=("talk",), is_whole=True)
    assert merged([whole(talk=TALK, other=OTHER), gone]).slots == {"other": None}
