"""What gives first when a site grows, and which step answers it: ``python -m benchmarks.scale``.

Measures what fetches and mails cost on this machine, and lets a model live through a day with them: millions
of subscribers poll, a million mails fall due in one minute, a hundred forums share the site. docs/scale.md
explains the table.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from benchmarks.scale_feeds import feed_costs
from benchmarks.scale_mails import mail_costs
from benchmarks.scale_model import (
    Costs,
    Habit,
    Load,
    Pressure,
    Provider,
    Site,
    delivered,
    feed_pressures,
    first_to_give,
    forum_pressures,
    mail_pressures,
    most_recipients,
    most_subscribers,
    polls,
)
from benchmarks.scale_sites import HABITS, PROVIDERS, STEPS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, model, print."""
    options = _parser().parse_args(arguments)
    costs = _costs(options)
    load = Load(
        subscribers=options.subscribers,
        recipients=options.recipients,
        forums=options.forums,
        personal=options.personal / 100,
        addresses=options.addresses,
        useful=options.minutes,
    )
    sites = [_adapted(site, options) for site in STEPS]
    found = outlook(load, HABITS, PROVIDERS, costs, sites)
    print(json.dumps(found, indent=1) if options.json else "\n".join(table(load, found)))


def outlook(
    load: Load, habits: Sequence[Habit], providers: Sequence[Provider], costs: Costs, sites: Sequence[Site]
) -> dict[str, Any]:
    """All that the model says of each site, as JSON has it; an infinite time is None."""
    return {
        "load": asdict(load),
        "costs": asdict(costs),
        "habits": [asdict(each) for each in habits],
        "providers": [asdict(each) for each in providers],
        "sites": [_outlook(load, habits, providers, costs, site) for site in sites],
    }


def table(load: Load, found: dict[str, Any]) -> Iterator[str]:
    """The same in words."""
    yield "measured: CPU time, but for commit, which is by the clock"
    for name, value in found["costs"].items():
        yield f"  {name.removesuffix('_bytes'):20} {_amount(name, value)}"
    yield from _situation(load, found["costs"]["delivery_bytes"])
    for site in found["sites"]:
        yield f"\n{site['name']}"
        for kind, pressures in site["pressures"].items():
            yield from (_row("" if index else kind, each) for index, each in enumerate(pressures))
        there = "" if site["nearly_all"] is None else f" after {_minutes(site['nearly_all'])}"
        yield f"  99 % of the mails arrive{there or ' in more than a week'}; {site['in_time']:.0%} in time"
        mails, subscribers = site["most_recipients"], site["most_subscribers"]
        yield f"  bears {subscribers:,} subscribers, and {mails:,} mails at once"


def _situation(load: Load, delivery_bytes: float) -> Iterator[str]:
    quiet, edited = (polls(load.subscribers, HABITS, load.edit, minute) for minute in (0, load.edit))
    rate, whole = quiet.fetches / 60, 1 - quiet.unchanged / quiet.fetches
    yield f"\n{load.subscribers:,.0f} subscribers fetch {rate:,.0f} times a second, {whole:.0%} whole;"
    packed = edited.packed / edited.fetches
    yield f"after an edit each gets it whole once, at first all of them, {packed:.0%} in gzip;"
    yield f"{load.recipients:,.0f} mails fall due in one minute and are of use for {load.useful},"
    yield f"which takes {load.recipients * delivery_bytes / 1e9:.1f} GB in the database;"
    yield f"{load.forums} forums share the site"


def _outlook(
    load: Load, habits: Sequence[Habit], providers: Sequence[Provider], costs: Costs, site: Site
) -> dict[str, Any]:
    by_kind = {
        "feeds": feed_pressures(load, habits, costs, site),
        "mails": mail_pressures(load, providers, costs, site),
        "forums": forum_pressures(load, costs, site),
    }
    mails = delivered(load, providers, costs, site)
    return {
        **asdict(site),
        "pressures": {kind: _described(pressures) for kind, pressures in by_kind.items()},
        "gives_first": {kind: first_to_give(pressures).name for kind, pressures in by_kind.items()},
        "half": _finite(mails.half),
        "nearly_all": _finite(mails.nearly_all),
        "in_time": mails.in_time,
        "most_subscribers": _rounded(most_subscribers(load, habits, costs, site)),
        "most_recipients": _rounded(most_recipients(load, providers, costs, site)),
    }


def _described(pressures: Sequence[Pressure]) -> list[dict[str, Any]]:
    ordered = sorted(pressures, key=lambda each: each.ratio, reverse=True)
    return [{**each._asdict(), "ratio": each.ratio} for each in ordered]


def _row(kind: str, pressure: dict[str, Any]) -> str:
    needed, there = (f"{pressure[name]:,.4g}" for name in ("needed", "there"))
    word = "GIVES" if pressure["ratio"] > 1 else "holds"
    begin = f"  {kind:7} {word} {pressure['ratio']:8.2f}  {pressure['name']:27}"
    return f"{begin} {needed} of {there} {pressure['unit']}"


def _amount(name: str, value: float) -> str:
    return f"{value:12,.0f} bytes" if name.endswith("_bytes") else f"{value * 1e6:12,.1f} µs"


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} minutes" if minutes < 180 else f"{minutes / 60:.0f} hours"


def _finite(minutes: float) -> float | None:
    return None if minutes == math.inf else minutes


def _rounded(number: float) -> int:
    """To two digits, as no more is known."""
    return int(round(number, 1 - math.floor(math.log10(number)))) if number >= 1 else 0


def _costs(options: argparse.Namespace) -> Costs:
    if options.costs:
        costs = Costs(**json.loads(options.costs.read_text()))
    else:
        costs = Costs(**feed_costs(options.events)._asdict(), **mail_costs(options.sample)._asdict())
    if options.save:
        options.save.write_text(json.dumps(asdict(costs), indent=1) + "\n")
    return replace(costs, **dict(options.cost))


def _named_cost(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    known = [field.name for field in fields(Costs)]
    if name not in known:
        raise argparse.ArgumentTypeError(
            f"{name!r} is no cost - write NAME=VALUE with one of {', '.join(known)}"
        )
    return name, float(value)


def _adapted(site: Site, options: argparse.Namespace) -> Site:
    """The site with what the options say of it; what a step brings is never less than what was there."""
    return replace(
        site,
        relay_per_second=options.relay_limit,
        megabits=options.megabits,
        relays=max(site.relays, options.relays),
        edges=options.edges if site.edges else 0,
        copies=options.copies,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--subscribers", type=float, default=10_000_000, help="of all feeds together (default 10,000,000)")
    add("--personal", type=float, default=5, metavar="PERCENT", help="with a calendar of their own (5)")
    add("--addresses", type=int, default=200, help="public feeds in use: zones, languages, sessions (200)")
    add("--events", type=int, default=280, help="of the program that is measured, a multiple of 10 (280)")
    add("--recipients", type=float, default=1_000_000, help="due in the same minute (1,000,000)")
    add("--minutes", type=int, default=60, help="for which their mails are of use (60)")
    add("--forums", type=int, default=100, help="that share the site (100)")
    add("--relay-limit", type=float, default=50.0, metavar="MAILS", help="a second that a relay takes (50)")
    add("--relays", type=int, default=1, help="at least as many in each step (1)")
    add("--edges", type=int, default=50, help="places of the cache (50)")
    add("--copies", type=int, default=2, help="of an address that each place keeps (2)")
    add("--megabits", type=float, default=1000.0, help="of the uplink (1,000)")
    add(
        "--sample",
        type=int,
        default=20_000,
        help="recipients that are measured; few hide what a crowd costs (20,000)",
    )
    add("--costs", type=Path, metavar="FILE", help="take the costs from there instead of measuring")
    add("--cost", type=_named_cost, action="append", default=[], metavar="NAME=VALUE", help="instead of it")
    add("--save", type=Path, metavar="FILE", help="keep the measured costs there")
    add("--json", action="store_true", help="all of it as JSON")
    return parser


if __name__ == "__main__":
    main()
