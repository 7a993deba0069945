import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks.scale import main
from benchmarks.scale_model import (
    DAY,
    Costs,
    Habit,
    Load,
    Minute,
    Pressure,
    Provider,
    Site,
    at_origin,
    by_workers,
    day,
    delivered,
    feed_pressures,
    first_to_give,
    forum_pressures,
    mail_pressures,
    missed,
    most_recipients,
    most_subscribers,
    polls,
    sent_bytes,
)
from benchmarks.scale_sites import HABITS, PROVIDERS, STEPS

COSTS = Costs(
    handshake=1e-3,
    whole=1e-3,
    unchanged=1e-4,
    own=1e-2,
    commit=1e-9,
    prepared=1e-2,
    expanded=0.0,
    retold=1e-4,
    mail=0.01,
    mail_each_waiting=0.0,
    plain_bytes=100_000,
    packed_bytes=10_000,
    unchanged_bytes=100,
    delivery_bytes=1_000,
    process_bytes=1e8,
)
EVERY_HOUR = Habit("every hour", 1.0, 60, says_what_it_has=True, takes_gzip=True)
LOAD = Load(subscribers=6_000, recipients=6_000, forums=1, personal=0.0, addresses=10)
SITE = Site("a site", relay_answer_seconds=0.0)
ALL_AT_ONE = (Provider("all", 1.0, 1_000.0),)


def test_programs_look_evenly_and_get_304_while_nothing_is_new() -> None:
    assert polls(6_000, [EVERY_HOUR], edit=600, minute=599) == Minute(0, 0, 100)


def test_after_an_edit_everybody_gets_the_whole_calendar_once() -> None:
    minutes = [polls(6_000, [EVERY_HOUR], edit=600, minute=minute) for minute in range(DAY)]
    assert sum(minute.packed for minute in minutes) == 6_000
    assert minutes[659].packed == 100 and minutes[660] == Minute(0, 0, 100)


def test_who_never_says_what_it_has_always_gets_it_whole_and_plain_without_gzip() -> None:
    outlook = Habit("Outlook", 0.5, 60, says_what_it_has=False, takes_gzip=False)
    assert polls(6_000, [outlook], edit=600, minute=0) == Minute(50, 0, 0)


def test_a_cache_asks_for_each_of_its_copies_once_while_it_is_fresh() -> None:
    site = replace(SITE, edges=3, copies=2, fresh=5)
    assert at_origin(Minute(0, 0, 1e6), LOAD, site, minute=0) == Minute(0, 0, 12)
    assert at_origin(Minute(0, 1e6, 0), LOAD, site, minute=LOAD.edit) == Minute(6, 6, 0)
    assert at_origin(Minute(0, 1e6, 0), LOAD, site, minute=LOAD.edit + 5) == Minute(0, 0, 12)


def test_a_cache_that_keeps_a_copy_for_every_program_does_not_help() -> None:
    public = Minute(10, 90, 0)
    assert at_origin(public, LOAD, replace(SITE, edges=50, copies=1_000), minute=LOAD.edit) == public


def test_no_cache_keeps_a_personal_calendar() -> None:
    load = replace(LOAD, personal=0.5)
    origin, own = next(iter(day(load, [EVERY_HOUR], replace(SITE, edges=1))))
    assert own.fetches == 50
    assert origin.fetches == 4


def test_feeds_without_room_on_the_shelf_are_made_again_the_rarest_first() -> None:
    half = 5 * COSTS.plain_bytes * 9 / 4
    assert missed(LOAD, COSTS, replace(SITE, shelf_bytes=2 * half)) == 0
    assert missed(LOAD, COSTS, replace(SITE, shelf_bytes=half)) == pytest.approx(
        1 - 2.28333 / 2.92897, abs=1e-4
    )


def test_the_worst_minute_of_feeds_is_in_cores_and_bits() -> None:
    found = {each.name: each for each in feed_pressures(LOAD, [EVERY_HOUR], COSTS, SITE)}
    assert found["web processes"].needed == pytest.approx(100 * 1e-3 / 60)
    assert found["TLS"].needed == pytest.approx(100 * 1e-3 / 60)
    assert found["uplink"].needed == pytest.approx(100 * 10_000 * 8 / 60 / 1e6)
    assert sent_bytes(Minute(1, 1, 1), COSTS) == 110_100


def test_workers_are_held_by_their_cores_by_what_they_have_in_flight_or_by_commits() -> None:
    assert by_workers(0, COSTS, replace(SITE, workers=2, connections=9)) == pytest.approx(200)
    assert by_workers(0, COSTS, replace(SITE, relay_answer_seconds=0.03)) == pytest.approx(25)
    assert by_workers(0, replace(COSTS, commit=0.02), replace(SITE, connections=9)) == pytest.approx(25)


def test_a_claim_that_looks_at_all_who_wait_slows_a_crowd_down_and_parts_help() -> None:
    costs = replace(COSTS, mail_each_waiting=1e-5)
    assert by_workers(9_000, costs, SITE) == pytest.approx(10)
    assert by_workers(9_000, costs, replace(SITE, parts=9)) == pytest.approx(50)


def test_mails_are_there_when_the_slowest_link_has_let_them_through() -> None:
    assert delivered(LOAD, ALL_AT_ONE, COSTS, replace(SITE, relay_per_second=50)).nearly_all == 2
    assert delivered(LOAD, ALL_AT_ONE, COSTS, replace(SITE, relay_per_second=10)).nearly_all == 10
    assert delivered(LOAD, [Provider("slow", 1.0, 5.0)], COSTS, replace(SITE, relays=2)).nearly_all == 10
    slow_for_half = (Provider("slow", 0.5, 1.0), Provider("quick", 0.5, 1_000.0))
    found = delivered(replace(LOAD, useful=25), slow_for_half, COSTS, SITE)
    assert (found.half, found.nearly_all) == (2, 49)
    assert found.in_time == pytest.approx(0.75)


def test_mails_that_never_arrive_are_infinitely_late() -> None:
    assert delivered(LOAD, [Provider("shut", 1.0, 0.0)], COSTS, SITE).nearly_all == math.inf


def test_expanding_delays_the_first_mail() -> None:
    costs = replace(COSTS, expanded=0.02)
    assert delivered(LOAD, ALL_AT_ONE, costs, replace(SITE, relay_per_second=1_000)).nearly_all == 3


def test_the_provider_that_takes_least_for_its_share_is_named() -> None:
    found = mail_pressures(LOAD, PROVIDERS, COSTS, SITE)
    assert "mailboxes at Microsoft" in [each.name for each in found]


def test_forums_need_memory_and_connections_of_postgresql_only() -> None:
    load = replace(LOAD, forums=100)
    assert [each.name for each in forum_pressures(load, COSTS, SITE)] == ["memory"]
    found = forum_pressures(load, COSTS, replace(SITE, database_connections=100))
    assert found[1] == Pressure("database connections", "connections", 500, 100)
    assert first_to_give(found).name == "database connections"


def test_a_site_bears_what_presses_just_not_too_much() -> None:
    most = most_subscribers(LOAD, [EVERY_HOUR], COSTS, SITE)
    borne, too_many = replace(LOAD, subscribers=most), replace(LOAD, subscribers=most * 1.05)
    assert first_to_give(feed_pressures(borne, [EVERY_HOUR], COSTS, SITE)).ratio <= 1
    assert first_to_give(feed_pressures(too_many, [EVERY_HOUR], COSTS, SITE)).ratio > 1
    mails = most_recipients(LOAD, ALL_AT_ONE, COSTS, replace(SITE, relay_per_second=10))
    assert 36_000 * 0.95 < mails < 36_000 * 1.05


def test_shares_are_of_a_whole() -> None:
    assert sum(each.share for each in HABITS) == pytest.approx(1)
    assert sum(each.share for each in PROVIDERS) == pytest.approx(1)


def test_no_step_bears_less_than_the_one_before() -> None:
    load = Load(subscribers=1e7, recipients=1e6, forums=100)
    subscribers = [most_subscribers(load, HABITS, COSTS, site) for site in STEPS]
    recipients = [most_recipients(load, PROVIDERS, COSTS, site) for site in STEPS]
    assert subscribers == sorted(subscribers)
    assert recipients == sorted(recipients)


@pytest.fixture
def costs_file(tmp_path: Path) -> Path:
    file = tmp_path / "costs.json"
    file.write_text(json.dumps(asdict(COSTS)))
    return file


def test_the_command_takes_a_readers_own_figures_and_says_what_gives(
    costs_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--costs", str(costs_file), "--subscribers", "1000", "--recipients", "7200", "--relay-limit", "1"])
    said = capsys.readouterr().out
    assert "1,000 subscribers fetch" in said
    assert "GIVES     2.00  relays                      2 of 1 mails/s" in said


def test_the_command_gives_json_with_a_cost_of_the_readers(
    costs_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--costs", str(costs_file), "--json", "--cost", "mail=0.5"])
    found = json.loads(capsys.readouterr().out)
    assert found["costs"]["mail"] == 0.5
    assert found["sites"][0]["gives_first"]["mails"] == "mail workers"
    assert len(found["sites"]) == len(STEPS)
