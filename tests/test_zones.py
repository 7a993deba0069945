"""Local times become instants, or are refused."""

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytz

from gsef_notify import zones
from tests.conftest import utc


def test_a_wall_time_is_an_instant() -> None:
    assert zones.instant(datetime(2021, 10, 8, 18, 21), "Asia/Seoul") == utc("2021-10-08 09:21")  # noqa: DTZ001
    local = zones.local(utc("2021-10-08 09:21"), "America/Santiago")
    assert local.isoformat() == "2021-10-08T06:21:00-03:00"


def test_a_time_that_does_not_exist_is_refused_with_both_readings() -> None:
    with pytest.raises(zones.NonExistentTime) as refused:
        zones.instant(datetime(2021, 9, 5, 0, 30), "America/Santiago")  # noqa: DTZ001
    assert refused.value.readings == (utc("2021-09-05 03:30"), utc("2021-09-05 04:30"))
    assert str(refused.value) == (
        "2021-09-05 00:30 does not exist in America/Santiago: the clocks go forward there; "
        "it could mean 03:30 UTC (23:30 at UTC-04:00) or 04:30 UTC (01:30 at UTC-03:00)"
    )


def test_a_time_that_happens_twice_is_refused_with_both_readings() -> None:
    with pytest.raises(zones.AmbiguousTime) as refused:
        zones.instant(datetime(2022, 4, 2, 23, 30), "America/Santiago")  # noqa: DTZ001
    assert refused.value.readings == (utc("2022-04-03 02:30"), utc("2022-04-03 03:30"))
    assert "02:30 UTC (23:30 at UTC-03:00) or 03:30 UTC (23:30 at UTC-04:00)" in str(refused.value)


def test_half_an_hour_of_lord_howe_is_missing() -> None:
    with pytest.raises(zones.NonExistentTime):
        zones.instant(datetime(2021, 10, 3, 2, 15), "Australia/Lord_Howe")  # noqa: DTZ001
    expected = utc("2021-10-02 15:30")
    assert zones.instant(datetime(2021, 10, 3, 2, 30), "Australia/Lord_Howe") == expected  # noqa: DTZ001


def test_years_beyond_the_known_changes_are_refused() -> None:
    with pytest.raises(zones.TooLate, match="2038 is out of reach"):
        zones.instant(datetime(2038, 1, 1), "Asia/Seoul")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("label", "name", "hours"),
    [
        ("KST", "Asia/Seoul", 9),
        ("UTC", "UTC", 0),
        ("gmt", "UTC", 0),
        ("EAT", "Africa/Nairobi", 3),
        ("ICT", "Asia/Bangkok", 7),
        ("CLST", "America/Santiago", -3),
        ("CEST", "Europe/Paris", 2),
        ("UTC+9", "Etc/GMT-9", 9),
        ("GMT-5", "Etc/GMT+5", -5),
        ("asia/phnom_penh", "Asia/Phnom_Penh", 7),
        ("Séoul", "Asia/Seoul", 9),
    ],
)
def test_labels_of_real_sheets_name_a_zone(label: str, name: str, hours: int) -> None:
    (reading,) = zones.resolve(label, date(2021, 10, 8))
    assert (reading.name, reading.offset) == (name, timedelta(hours=hours))


def test_cet_in_summer_is_told_from_what_it_says() -> None:
    (reading,) = zones.resolve("CET", date(2021, 10, 8))
    assert (reading.written, reading.offset) == (timedelta(hours=1), timedelta(hours=2))


def test_cst_may_mean_several_zones() -> None:
    names = [reading.name for reading in zones.resolve("CST", date(2021, 1, 8))]
    assert names == ["America/Chicago", "America/Mexico_City", "Asia/Shanghai", "America/Havana"]


@pytest.mark.parametrize("label", ["", "XYZ", "UTC+25", "UTC+5:20", "../etc/passwd", "KST\nUTC"])
def test_what_names_no_zone_is_refused(label: str) -> None:
    with pytest.raises(zones.UnknownZone):
        zones.resolve(label, date(2021, 10, 8))


def test_an_unknown_zone_names_its_neighbours() -> None:
    with pytest.raises(zones.UnknownZone, match="did you mean Asia/Seoul"):
        zones.named("Asia/Soul")


def test_a_country_with_several_zones_gives_all_of_them() -> None:
    assert zones.zones_of_country("KR") == ("Asia/Seoul",)
    assert "America/Santiago" in zones.zones_of_country("CL")
    assert len(zones.zones_of_country("CL")) > 1


@pytest.mark.parametrize(
    ("code", "clocks"),
    [
        ("KR", ("Asia/Seoul",)),
        ("DE", ("Europe/Berlin",)),
        ("AR", ("America/Argentina/Buenos_Aires",)),
        ("EC", ("America/Guayaquil", "Pacific/Galapagos")),
        ("XX", ()),
    ],
)
def test_zones_whose_clocks_agree_count_once(code: str, clocks: tuple[str, ...]) -> None:
    assert zones.clocks_of_country(code) == clocks


@pytest.mark.parametrize(
    ("text", "code", "zone"),
    [
        ("Fab City Montréal / Coordinator", "CA", "America/Toronto"),
        ("Universidad de Santiago", "CL", "America/Santiago"),
        ("City of Toronto and City of Vancouver", "CA", None),
        ("Torontonians", "CA", None),
        ("Santiago de Compostela", "ES", None),
    ],
)
def test_a_city_helps_where_it_is_the_only_one(text: str, code: str, zone: str | None) -> None:
    found = zones.zone_of_city(text, code)
    assert (found and found[0]) == zone


def test_the_changes_of_a_zone_are_found_to_the_second() -> None:
    found = zones.onsets("America/Santiago", utc("2021-01-01"), utc("2021-12-31"))
    assert [(o.instant, o.offset_after, o.is_daylight) for o in found] == [
        (utc("2021-04-04 03:00"), timedelta(hours=-4), False),
        (utc("2021-09-05 04:00"), timedelta(hours=-3), True),
    ]


def test_zoneinfo_reads_the_pinned_data_and_not_the_system() -> None:
    code = "import zoneinfo, gsef_notify, os; print(zoneinfo.TZPATH, repr(os.environ['PYTHONTZPATH']))"
    environment = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True, timeout=60
    )
    assert done.stdout == "() ''\n"


def test_pytz_and_zoneinfo_know_the_same_release() -> None:
    (listed,) = [
        line
        for line in (Path(__file__).parent.parent / "pyproject.toml").read_text().splitlines()
        if "pytz==" in line
    ]
    assert listed.strip().strip('",').partition("==")[2] == pytz.__version__  # type: ignore[attr-defined]


@pytest.mark.parametrize("part", range(8))
def test_all_zones_agree_with_zoneinfo_through_all_years(part: int) -> None:
    hours = [
        datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(0, 38 * 8766, 24 * 7 - 5)
    ]
    assert hours[-1].year == 2037
    for name in pytz.all_timezones[part::8]:
        ours, theirs = pytz.timezone(name), zoneinfo.ZoneInfo(name)
        differing = [h for h in hours if h.astimezone(ours).utcoffset() != h.astimezone(theirs).utcoffset()]
        assert differing == [], name


@pytest.mark.parametrize("part", range(8))
def test_all_zones_agree_with_zoneinfo_on_both_sides_of_every_change(part: int) -> None:
    for name in pytz.all_timezones[part::8]:
        ours, theirs = pytz.timezone(name), zoneinfo.ZoneInfo(name)
        for change in getattr(ours, "_utc_transition_times", []):
            if 2000 <= change.year <= 2037:
                sides = [change.replace(tzinfo=UTC) + timedelta(seconds=s) for s in (-1, 0, 1)]
                expected = [side.astimezone(theirs).utcoffset() for side in sides]
                assert [side.astimezone(ours).utcoffset() for side in sides] == expected, (name, change)


def test_half_an_hour_of_lord_howe_happens_twice() -> None:
    with pytest.raises(zones.AmbiguousTime) as refused:
        zones.instant(datetime(2021, 4, 4, 1, 45), "Australia/Lord_Howe")  # noqa: DTZ001
    assert refused.value.readings == (utc("2021-04-03 14:45"), utc("2021-04-03 15:15"))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("America/Santiago", "Santiago time (UTC-03:00)"),
        ("Asia/Phnom_Penh", "Phnom Penh time (UTC+07:00)"),
        ("Etc/GMT-9", "UTC+09:00"),
        ("CET", "UTC+02:00"),
        ("UTC", "UTC"),
    ],
)
def test_a_clock_is_named_by_its_city_and_offset_and_never_by_the_offset_twice(name: str, label: str) -> None:
    assert zones.clock_label(name, utc("2021-10-08 09:21")) == label


def test_the_zones_of_a_country_stand_together_with_those_of_the_same_clock() -> None:
    clocks = zones.zones_by_clock("BR")
    assert [len(names) for names in clocks] == [1, 8, 5, 2]
    assert "America/Sao_Paulo" in clocks[1]
    assert zones.clocks_of_country("BR") == tuple(names[0] for names in clocks)
