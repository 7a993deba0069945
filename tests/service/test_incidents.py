"""What happens in a rehearsal, as it is written on the command line."""

from pathlib import Path

import pytest

from gsef_notify.errors import SettingsError
from gsef_notify.service.incidents import Cancel, Edit, Late, Outage, Reinstate, Script, instant, script
from tests.conftest import utc

AT = utc("2021-10-08 09:25")


def test_every_kind_is_understood_in_the_order_in_which_it_happens() -> None:
    written = [
        ("edit", "a@b:c.md@2021-10-08T18:25+09:00"),
        ("late", "near:10:part-2@2021-10-08T09:25"),
        ("late", "near:-5@2021-10-08T09:25:00Z"),
        ("reinstate", "near@2021-10-08T09:30Z"),
        ("cancel", "near:part-2@2021-10-08T09:20Z"),
        ("outage", "2021-10-08T07:59Z..2021-10-08T08:20Z"),
    ]
    assert script(written) == Script(
        outages=(Outage(utc("2021-10-08 07:59"), utc("2021-10-08 08:20")),),
        incidents=(
            Cancel(utc("2021-10-08 09:20"), "near", "part-2"),
            Edit(AT, Path("a@b:c.md")),
            Late(AT, "near", 10, "part-2"),
            Late(AT, "near", -5),
            Reinstate(utc("2021-10-08 09:30"), "near"),
        ),
    )
    assert script(written).first == utc("2021-10-08 09:20")


def test_an_outage_ends_with_its_last_instant() -> None:
    outage = Outage(utc("2021-10-08 07:59"), utc("2021-10-08 08:20"))
    assert outage.covers(outage.start)
    assert not outage.covers(outage.end)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "outage",
            "2021-10-08T07:59Z",
            "it says no FROM..UNTIL - write for example --outage 2021-10-08T07",
        ),
        ("outage", "..", "'' is no time - write for example --outage"),
        ("outage", "2021-10-08T08:20Z..2021-10-08T07:59Z", "it ends before it begins"),
        ("late", "near:10", "it says no @TIME - write for example --late gsef-2021-alliances:10@2021-10-08T"),
        ("late", "near@2021-10-08T09:25Z", "it says no SESSION:MINUTES"),
        ("late", "near:ten@2021-10-08T09:25Z", "it says no SESSION:MINUTES"),
        ("late", "near:10000000@2021-10-08T09:25Z", "it says no SESSION:MINUTES"),
        ("late", "Near!:10@2021-10-08T09:25Z", "Near!: that is no id, see gsef-notify show --json"),
        ("cancel", "near:@noon", "'noon' is no time"),
        ("cancel", ":part-2@2021-10-08T09:25Z", "that is no id"),
        ("reinstate", "near@0001-01-01T00:00+14:00", "is no time"),
        ("edit", "@2021-10-08T09:25Z", "it says no @TIME - write for example --edit changed.md@"),
    ],
)
def test_what_is_written_wrong_is_answered_with_an_example(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        script([(name, text)])
    assert str(refused.value).startswith(f"--{name} ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("period", [(utc("2021-10-08 09:26"), None), (None, utc("2021-10-08 09:24"))])
def test_what_would_never_be_played_is_refused(period: tuple[None, None]) -> None:
    with pytest.raises(SettingsError, match=r"that is (before|after) the rehearsal"):
        script([("cancel", "near@2021-10-08T09:25Z")], period)


def test_an_instant_without_an_offset_is_in_utc() -> None:
    assert instant("2021-10-08T09:25") == instant("2021-10-08T18:25+09:00") == AT
