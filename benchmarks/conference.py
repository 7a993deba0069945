"""A conference of any number of segments, for the benchmarks."""

from datetime import UTC, datetime, timedelta

from gsef_notify.program.model import Person, Program, Segment, Session

FIRST = datetime(2026, 10, 20, tzinfo=UTC)
ZONES = ("America/Santiago", "Africa/Kampala", "Asia/Seoul", "America/Toronto")


def conference(segments: int) -> Program:
    """Workshops of ten segments, one after the other and partly beside each other, each with four speakers
    in four zones."""
    return Program(sessions=tuple(_workshop(number) for number in range(segments // 10)))


def _workshop(number: int) -> Session:
    start = FIRST + timedelta(minutes=45 * number)
    people = tuple(_speaker(number, each) for each in range(4))
    return Session(
        id=f"workshop-{number}",
        title=f"Workshop {number} on local governments, cooperatives and alliances",
        start=start,
        end=start + timedelta(minutes=90),
        timezone="Asia/Seoul",
        room=f"Room {number % 4}",
        track=("Alliances", "Care", "Work")[number % 3],
        join_url=f"https://meet.example.org/workshop-{number}",
        people=people,
        segments=tuple(_segment(number, each, start, people) for each in range(10)),
    )


def _speaker(number: int, each: int) -> Person:
    return Person(
        id=f"p-{number}-{each}",
        name=f"Ana María Muñoz {number}-{each}",
        role="speaker",
        organization=f"Network {each} of Cooperatives",
        position="Project Manager",
        timezone=ZONES[each],
    )


def _segment(number: int, each: int, start: datetime, people: tuple[Person, ...]) -> Segment:
    begin = start + timedelta(minutes=9 * each)
    return Segment(
        id=f"part-{each}",
        title=f"Talk {number * 10 + each}: networks, work; and co-operation",
        start=begin,
        end=begin + timedelta(minutes=9),
        people=(people[each % 4].id,),
    )
