"""Assumptions of the capacity model: how calendar programs fetch, what mailbox providers take, and the sites
that it compares. None of it is measured here; docs/scale.md says where each comes from."""

from dataclasses import replace

from benchmarks.scale_model import Habit, Provider, Site

HABITS = (
    Habit("Google Calendar", 0.45, 720, False, True),
    Habit("Apple, iPhone", 0.20, 60, True, True),
    Habit("Apple, Mac", 0.10, 15, True, True),
    Habit("Outlook", 0.15, 180, False, False),
    Habit("Thunderbird", 0.05, 30, True, True),
    Habit("others", 0.05, 1440, False, True),
)

PROVIDERS = (
    Provider("Gmail", 0.45, 20.0),
    Provider("Microsoft", 0.20, 5.0),
    Provider("Yahoo", 0.10, 10.0),
    Provider("all others", 0.25, 50.0),
)

_ONE = Site("one machine")
_CACHE = replace(_ONE, name="+ a cache before the feeds", edges=50, proxies=2)
_DATABASE = replace(
    _CACHE,
    name="+ PostgreSQL, 4 web processes, 8 workers",
    web=4,
    workers=8,
    connections=10,
    commits_at_once=16,
    gigabytes=16.0,
    database_connections=100,
)
_RELAYS = replace(_DATABASE, name="+ 16 relays", relays=16)
_PARTS = replace(
    _RELAYS, name="+ the outbox in 100 parts, PgBouncer", parts=100, gigabytes=32.0, database_connections=5000
)

STEPS = (_ONE, _CACHE, _DATABASE, _RELAYS, _PARTS)
