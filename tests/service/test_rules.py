"""Rules reach whom they are for, once, at the moment that is right by each one's clock."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Engine

from gsef_notify.program.model import Program
from gsef_notify.reminders.moments import moment
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.quiet import QuietHours, quiet_hours
from gsef_notify.reminders.rules import DEFAULT_RULES, NIGHT, Audience, Priority, Rule, Scope
from gsef_notify.service.preview import planned_mails
from gsef_notify.service.publish import Policy, publish, take_contacts
from gsef_notify.store import links, outbox
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import deliveries
from tests.conftest import ERIC, POLICY, utc

LONG_BEFORE = utc("2021-09-01 00:00")
ALL_TIME = (None, None)
SESSION = "gsef-2021-alliances"


def rule(
    when: str,
    role: Audience = "participant",
    scope: Scope = Scope(),  # noqa: B008
    quiet: QuietHours | None = None,
    useless_after: timedelta | None = None,
    priority: Priority = "normal",
) -> Rule:
    return Rule(
        name="r",
        role=role,
        when=moment(when),
        template="participant-session",
        scope=scope,
        quiet=quiet,
        useless_after=useless_after,
        priority=priority,
    )


def listener(name: str, timezone: str | None = None, **more: object) -> Contact:
    contact = Contact(name=name, email=f"{name}@example.org", role="participant", timezone=timezone)
    return msgspec.structs.replace(contact, **more)


def mails(program: Program, people: Iterable[Contact], *rules: Rule) -> list[tuple[str, str]]:
    planned = planned_mails(program, list(people), Policy(rules), ALL_TIME)
    return sorted((mail.name, mail.local_due) for mail in planned)


def test_the_day_before_at_nine_is_nine_by_each_clock(program: Program) -> None:
    people = [
        listener("awa", "Africa/Dakar"),
        listener("kim", "Asia/Seoul"),
        listener("leo", "Pacific/Honolulu"),
    ]
    assert mails(program, people, rule("the day before at 09:00")) == [
        ("awa", "2021-10-07 09:00"),
        ("kim", "2021-10-07 09:00"),
        ("leo", "2021-10-06 09:00"),
    ]


def test_who_gave_no_zone_is_written_to_by_the_sessions_clock(program: Program) -> None:
    people = [listener("awa", "Africa/Dakar"), listener("lucas")]
    found = planned_mails(program, people, Policy([rule("the day before at 09:00")]), ALL_TIME)
    assert {(mail.name, mail.timezone, mail.local_due) for mail in found} == {
        ("awa", "Africa/Dakar", "2021-10-07 09:00"),
        ("lucas", "Asia/Seoul", "2021-10-07 09:00"),
    }


def test_quiet_hours_move_a_mail_only_for_those_who_sleep(program: Program) -> None:
    people = [listener("awa", "Africa/Dakar"), listener("ana", "America/Santiago")]
    assert mails(program, people, rule("1 day before the session", quiet=NIGHT)) == [
        ("ana", "2021-10-06 21:59"),
        ("awa", "2021-10-07 09:00"),
    ]


def test_a_moved_mail_says_from_where(program: Program) -> None:
    found = planned_mails(
        program, [listener("ana", "America/Santiago")], Policy([rule("1 day before", quiet=NIGHT)]), ALL_TIME
    )
    (why,) = [mail.why for mail in found]
    assert why == (
        "participants are told 1 day before the session, "
        "moved from 06:00 on Thu 7 Oct by quiet hours (22:00-07:00)"
    )


@pytest.mark.parametrize(
    ("scope", "readers"),
    [
        (Scope(), ["awa", "kim"]),
        (Scope(lists=("press",)), ["kim"]),
        (Scope(lists=("press", "staff")), ["kim"]),
        (Scope(lists=("pres",)), []),
        (Scope(sessions=(SESSION,)), ["awa", "kim"]),
        (Scope(sessions=("another",)), []),
        (Scope(except_sessions=("another",)), ["awa", "kim"]),
        (Scope(except_sessions=(SESSION,)), []),
        (Scope(languages=("en",)), ["awa", "kim"]),
        (Scope(languages=("es",)), []),
        (Scope(tracks=("Networks & alliances",)), ["awa", "kim"]),
        (Scope(tracks=("something else",)), []),
    ],
)
def test_a_rule_may_be_for_some_only(program: Program, scope: Scope, readers: list[str]) -> None:
    (session,) = program.sessions
    tracked = Program(sessions=(msgspec.structs.replace(session, track="Networks & Alliances"),))
    people = [listener("awa"), listener("kim", list="press")]
    assert [name for name, _ in mails(tracked, people, rule("1 hour before", scope=scope))] == readers


def test_several_segments_one_after_the_other_are_one_mail(program: Program) -> None:
    (session,) = program.sessions
    mine = {4, 5, 8}
    segments = tuple(
        msgspec.structs.replace(s, people=(ERIC,) if n in mine else ())
        for n, s in enumerate(session.segments)
    )
    several = Program(sessions=(msgspec.structs.replace(session, segments=segments),))
    people = [Contact(name="Eric Leyton Inostroza", email="eric@example.org", role="speaker")]
    found = planned_mails(several, people, POLICY, ALL_TIME)
    shortly_before = [mail.segment for mail in found if mail.rule == "speaker-10-minutes" and mail.email]
    assert shortly_before == [segments[4].title, segments[8].title]
    assert Counter(mail.rule for mail in found if mail.email)["speaker-1-day"] == 1


def test_who_is_on_gets_no_mail_for_the_audience_besides(program: Program) -> None:
    both = [
        Contact(name="Eric Leyton Inostroza", email="eric@example.org", role="speaker"),
        Contact(name="Eric Leyton Inostroza", email="eric@example.org", role="participant"),
        listener("awa"),
    ]
    found = planned_mails(program, both, POLICY, ALL_TIME)
    rules = {mail.rule for mail in found if mail.email == "eric@example.org"}
    assert rules == {"speaker-7-days", "speaker-1-day", "speaker-1-hour", "speaker-10-minutes"}


def test_what_is_starred_is_told_to_those_who_starred_it(engine: Engine, program: Program) -> None:
    take_contacts(engine, [listener("awa"), listener("kim")], POLICY, LONG_BEFORE)
    publish(engine, program, POLICY, LONG_BEFORE)
    segment = program.sessions[0].segments[6]
    with transaction(engine) as connection:
        contact = links.contact_of(connection, "kim@example.org")
        assert contact is not None
        links.star(connection, contact, f"{SESSION}/{segment.id}")
        due = segment.start - timedelta(minutes=10)
        outbox.expand(connection, due)
        rows = [row for row in outbox.history(connection) if row.rule == "participant-10-minutes"]
    assert [(row.name, row.segment, row.due) for row in rows] == [("kim", segment.id, due)]


def test_a_mail_is_useless_after_what_its_rule_says(engine: Engine, program: Program) -> None:
    policy = Policy([rule("1 day before", useless_after=timedelta(minutes=30))])
    take_contacts(engine, [listener("awa")], policy, LONG_BEFORE)
    publish(engine, program, policy, LONG_BEFORE)
    due = program.sessions[0].start - timedelta(days=1)
    with transaction(engine) as connection:
        outbox.expand(connection, due + timedelta(minutes=29))
        (row,) = outbox.history(connection)
    assert row.useless_from == due + timedelta(minutes=30)


def test_thanks_after_the_session_are_of_use_for_a_week(engine: Engine, program: Program) -> None:
    policy = Policy([rule("2 days after the session")])
    take_contacts(engine, [listener("awa")], policy, LONG_BEFORE)
    publish(engine, program, policy, LONG_BEFORE)
    due = program.sessions[0].end + timedelta(days=2)
    with transaction(engine) as connection:
        outbox.expand(connection, due)
        (row,) = outbox.history(connection)
    assert (row.state, row.due, row.useless_from) == ("ready", due, due + timedelta(days=7))


def test_a_contact_who_moves_to_another_zone_is_not_reminded_twice(engine: Engine, program: Program) -> None:
    policy = Policy([rule("the day before at 09:00")])
    take_contacts(
        engine, [listener("awa", "Asia/Seoul"), listener("bo", "Africa/Dakar")], policy, LONG_BEFORE
    )
    publish(engine, program, policy, LONG_BEFORE)
    with transaction(engine) as connection:
        outbox.expand(connection, utc("2021-10-07 01:00"))
        connection.execute(deliveries.update().values(state="sent"))
    take_contacts(engine, [listener("awa", "Africa/Dakar")], policy, utc("2021-10-07 02:00"))
    with transaction(engine) as connection:
        outbox.expand(connection, utc("2021-10-07 09:00"))
        names = Counter(row.name for row in outbox.history(connection))
    assert names == {"awa": 1, "bo": 1}


def test_the_default_rules_keep_the_night(program: Program, contacts: tuple[Contact, ...]) -> None:
    found = planned_mails(program, contacts, Policy(), ALL_TIME)
    eric = [(mail.rule, mail.local_due) for mail in found if mail.email == "eric.leyton@example.org"]
    assert eric == [
        ("speaker-7-days", "2021-09-30 21:59"),
        ("speaker-1-day", "2021-10-06 21:59"),
        ("speaker-1-hour", "2021-10-08 05:00"),
        ("speaker-10-minutes", "2021-10-08 06:11"),
    ]


def test_every_default_rule_has_quiet_hours() -> None:
    assert {rule.quiet for rule in DEFAULT_RULES} == {quiet_hours("22:00-07:00")}
