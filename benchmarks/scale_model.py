"""What a site of any size asks of its machines, minute by minute. Pure: costs, habits and equipment go in,
numbers come out.

Times are minutes unless a name says seconds; shares are between 0 and 1.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

DAY = 1440
GIVEN_UP = 7 * DAY
COMMITS = 2  # of a mail: its claim, and the mark that it was sent
POOL = 5  # connections that a process keeps to PostgreSQL, SQLAlchemy's default


@dataclass(frozen=True)
class Costs:
    """What one of each costs: core seconds, but for ``commit``, by the clock, and bytes.

    ``own`` is a fetch of a personal calendar, ``prepared`` a feed that was not ready, ``expanded`` a
    recipient for whom a due reminder becomes a delivery, ``retold`` one who was told a time that moves,
    ``mail_each_waiting`` what a mail costs more for each that waits beside it.
    """

    handshake: float
    whole: float
    unchanged: float
    own: float
    commit: float
    prepared: float
    expanded: float
    retold: float
    mail: float
    mail_each_waiting: float
    plain_bytes: float
    packed_bytes: float
    unchanged_bytes: float
    delivery_bytes: float
    process_bytes: float


@dataclass(frozen=True)
class Habit:
    """How one kind of calendar program fetches: the share of subscribers that use it, every how many minutes
    it looks, whether it says which version it has (304), and whether it gets gzip."""

    name: str
    share: float
    every: int
    says_what_it_has: bool
    takes_gzip: bool


@dataclass(frozen=True)
class Provider:
    """A keeper of mailboxes: its share of the recipients, and how many mails a second it takes from one
    address of ours."""

    name: str
    share: float
    mails_per_second: float


@dataclass(frozen=True)
class Load:
    """The day: subscribers poll, of whom a share has a personal calendar; at the minute ``edit`` the program
    changes; all recipients fall due in one minute, and a mail is of use for ``useful`` minutes. ``addresses``
    are the public feeds that are in use: zones, languages, sessions."""

    subscribers: float
    recipients: float
    forums: int
    personal: float = 0.05
    addresses: int = 200
    useful: int = 60
    edit: int = 600


@dataclass(frozen=True)
class Site:
    """What there is. ``web`` and ``workers`` are processes with a core each, ``proxies`` cores that do TLS;
    ``connections`` how many mails a worker has in flight; ``relays`` addresses from which mail leaves;
    ``edges`` the places of a cache before the feeds, 0 for none, each of which keeps ``copies`` of an address
    and asks again after ``fresh`` minutes; ``parts`` among which the outbox is divided, each with workers of
    its own; ``commits_at_once`` how many transactions the database makes lasting in one go; and
    ``database_connections`` what PostgreSQL or its pooler takes, 0 for SQLite."""

    name: str
    web: int = 1
    proxies: int = 1
    workers: int = 1
    connections: int = 1
    relays: int = 1
    relay_per_second: float = 50.0
    relay_answer_seconds: float = 0.02
    edges: int = 0
    copies: int = 2
    fresh: int = 5
    shelf_bytes: float = 64 * 2**20
    megabits: float = 1000.0
    gigabytes: float = 8.0
    commits_at_once: int = 1
    parts: int = 1
    database_connections: int = 0


class Minute(NamedTuple):
    """The fetches of a minute, by what they are answered with."""

    plain: float
    packed: float
    unchanged: float

    @property
    def fetches(self) -> float:
        """All of them."""
        return self.plain + self.packed + self.unchanged


class Delivered(NamedTuple):
    """What became of mails that were due at once: minutes until half and until 99 % of them were in
    mailboxes, infinite where that never came, and the share that was there in time."""

    half: float
    nearly_all: float
    in_time: float


class Pressure(NamedTuple):
    """How much of something is needed in the worst minute, and how much there is."""

    name: str
    unit: str
    needed: float
    there: float

    @property
    def ratio(self) -> float:
        """Above 1 it gives."""
        return self.needed / self.there


def polls(subscribers: float, habits: Iterable[Habit], edit: int, minute: int) -> Minute:
    """The fetches in a minute, by programs that look at times of their own, evenly spread.

    Who looks for the first time since the edit gets the whole calendar; who never says what it has, always.
    """
    plain = packed = unchanged = 0.0
    for habit in habits:
        number = subscribers * habit.share / habit.every
        is_news = edit <= minute < edit + habit.every
        if habit.says_what_it_has and not is_news:
            unchanged += number
        elif habit.takes_gzip:
            packed += number
        else:
            plain += number
    return Minute(plain, packed, unchanged)


def at_origin(public: Minute, load: Load, site: Site, minute: int) -> Minute:
    """What of the public fetches reaches the service: all without a cache; with one, each copy that an edge
    keeps is asked for again when it is no longer fresh, and is whole where there was an edit since."""
    asked = load.addresses * site.copies * site.edges / site.fresh
    if not site.edges or asked >= public.fetches:
        return public
    is_news = load.edit <= minute < load.edit + site.fresh
    return Minute(asked / 2, asked / 2, 0) if is_news else Minute(0, 0, asked)


def day(load: Load, habits: Sequence[Habit], site: Site) -> Iterator[tuple[Minute, Minute]]:
    """Each minute's fetches that reach the service: of public feeds, and of personal ones, which no cache may
    keep."""
    for minute in range(DAY):
        public = polls(load.subscribers * (1 - load.personal), habits, load.edit, minute)
        own = polls(load.subscribers * load.personal, habits, load.edit, minute)
        yield at_origin(public, load, site, minute), own


def missed(load: Load, costs: Costs, site: Site) -> float:
    """The share of fetches for which a feed is made again, as the shelf has no room for it: the n-th address
    is asked for 1/n times as often as the first."""
    held = min(load.addresses, int(site.shelf_bytes / (costs.plain_bytes * 9 / 4)))
    return 1 - _harmonic(held) / _harmonic(load.addresses)


def _harmonic(number: int) -> float:
    return sum(1 / each for each in range(1, number + 1))


def answering(public: Minute, own: Minute, again: float, costs: Costs) -> float:
    """Core seconds for the answers of a minute, where the share ``again`` has to be made first."""
    ready = (public.plain + public.packed) * costs.whole + public.unchanged * costs.unchanged
    return ready + public.fetches * again * costs.prepared + own.fetches * costs.own


def sent_bytes(minute: Minute, costs: Costs) -> float:
    """Bytes of the answers of a minute."""
    whole = minute.plain * costs.plain_bytes + minute.packed * costs.packed_bytes
    return whole + minute.unchanged * costs.unchanged_bytes


def feed_pressures(load: Load, habits: Sequence[Habit], costs: Costs, site: Site) -> list[Pressure]:
    """What polling needs in its worst minute."""
    minutes, again = list(day(load, habits, site)), missed(load, costs, site)
    answers = max(answering(public, own, again, costs) for public, own in minutes)
    connections = max(public.fetches + own.fetches for public, own in minutes)
    wire = max(sent_bytes(public, costs) + sent_bytes(own, costs) for public, own in minutes)
    kept = max(own.fetches for _, own in minutes) * costs.commit
    return [
        Pressure("web processes", "cores", answers / 60, site.web),
        Pressure("TLS", "cores", connections * costs.handshake / 60, site.proxies),
        Pressure("uplink", "Mbit/s", wire * 8 / 60 / 1e6, site.megabits),
        Pressure("database writes", "at once", kept / 60, site.commits_at_once),
    ]


def mail_pressures(load: Load, providers: Iterable[Provider], costs: Costs, site: Site) -> list[Pressure]:
    """What it takes to send all mails while they are of use, each link of the chain by itself; the workers at
    the mean of their day, when half still wait."""
    wanted = load.recipients / (load.useful * 60)
    tightest = max(providers, key=lambda each: each.share / each.mails_per_second)
    return [
        Pressure("mail workers", "mails/s", wanted, by_workers(load.recipients / 2, costs, site)),
        Pressure("relays", "mails/s", wanted, site.relays * site.relay_per_second),
        Pressure(
            f"mailboxes at {tightest.name}",
            "mails/s",
            wanted * tightest.share,
            tightest.mails_per_second * site.relays,
        ),
        Pressure("an edit that re-tells all", "minutes", load.recipients * costs.retold / 60, 1),
    ]


def forum_pressures(load: Load, costs: Costs, site: Site) -> list[Pressure]:
    """What the number of forums needs, each of which has a service of its own."""
    processes = load.forums + site.web + site.workers - 2
    gigabytes = (processes * costs.process_bytes + site.shelf_bytes) / 1e9
    pressures = [Pressure("memory", "GB", gigabytes, site.gigabytes)]
    if site.database_connections:
        there = site.database_connections
        pressures.append(Pressure("database connections", "connections", processes * POOL, there))
    return pressures


def first_to_give(pressures: Iterable[Pressure]) -> Pressure:
    """The most pressing."""
    return max(pressures, key=lambda each: each.ratio)


def by_workers(waiting: float, costs: Costs, site: Site) -> float:
    """How many mails a second the workers could hand over while so many wait: a core each, what they have in
    flight, and what the database commits are three limits."""
    core = costs.mail + costs.mail_each_waiting * waiting / site.parts
    commits = COMMITS * costs.commit
    each = min(1 / core, site.connections / (core + commits + site.relay_answer_seconds))
    return min(site.workers * each, site.commits_at_once / commits)


def delivered(
    load: Load, providers: Sequence[Provider], costs: Costs, site: Site, until: int = GIVEN_UP
) -> Delivered:
    """Let all recipients fall due at once, and see when their mails are in mailboxes. First all are written
    into the outbox; then workers hand over to relays, where mails wait for those who keep mailboxes."""
    begins = load.recipients * costs.expanded / 60
    waiting, queues, in_time = load.recipients, [0.0] * len(providers), 0.0
    half = nearly_all = math.inf
    for minute in range(1, until + 1):
        handed = _handed_over(waiting, min(max(0.0, minute - begins), 1.0) * 60, costs, site)
        waiting -= handed
        queues = [_left(queue, handed, each, site) for queue, each in zip(queues, providers, strict=True)]
        arrived = 1 - (waiting + sum(queues)) / load.recipients
        in_time = arrived if minute <= load.useful else in_time
        half = min(half, minute) if arrived >= 0.5 else half
        nearly_all = min(nearly_all, minute) if arrived >= 0.99 else nearly_all
        if minute >= load.useful and nearly_all < math.inf:
            break
    return Delivered(half, nearly_all, in_time)


def _left(queue: float, handed: float, provider: Provider, site: Site) -> float:
    """What waits at the relays for a keeper of mailboxes after another minute."""
    return max(0.0, queue + handed * provider.share - provider.mails_per_second * site.relays * 60)


def _handed_over(waiting: float, seconds: float, costs: Costs, site: Site) -> float:
    rate = min(by_workers(waiting, costs, site), site.relays * site.relay_per_second)
    return min(waiting, rate * seconds)


def most_subscribers(load: Load, habits: Sequence[Habit], costs: Costs, site: Site) -> float:
    """How many subscribers the site bears."""
    return _most(
        lambda number: all(
            each.ratio <= 1 for each in feed_pressures(replace(load, subscribers=number), habits, costs, site)
        )
    )


def most_recipients(load: Load, providers: Sequence[Provider], costs: Costs, site: Site) -> float:
    """How many mails that are due at once are nearly all there in time."""
    return _most(
        lambda number: (
            delivered(replace(load, recipients=number), providers, costs, site, load.useful).nearly_all
            <= load.useful
        )
    )


def _most(is_borne: Callable[[float], bool]) -> float:
    """The largest number that is borne, within some per cent, up to 10 thousand millions."""
    low, high = 0.0, 10.0
    if not is_borne(1.0):
        return 0.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if is_borne(10**middle) else (low, middle)
    return float(10**low)
