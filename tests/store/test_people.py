"""The contact list, and who of it is whom."""

import pytest
from sqlalchemy import Engine, select

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact, known_zones
from gsef_notify.store import people
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import contacts as contacts_table
from gsef_notify.store.tables import roles
from tests.conftest import ERIC

pytestmark = pytest.mark.both_databases


def linked(engine: Engine) -> dict[str, str]:
    with transaction(engine) as connection:
        joined = select(contacts_table.c.email, roles.c.person).select_from(contacts_table.join(roles))
        return {row.email: row.person for row in connection.execute(joined)}


def test_contacts_are_found_in_the_program_by_name(
    engine: Engine, program: Program, contacts: tuple[Contact, ...]
) -> None:
    with transaction(engine) as connection:
        assert people.add(connection, contacts) == 8
        people.link(connection, program)
    assert linked(engine)["eric.leyton@example.org"] == ERIC
    assert linked(engine)["awa.ndiaye@example.org"] == ""


def test_an_address_of_the_program_is_used_where_the_list_has_none(engine: Engine, program: Program) -> None:
    with transaction(engine) as connection:
        people.link(connection, program)
        assert people.listed(connection) == []
    assert linked(engine) == {"dara.huot@example.org": "dara-huot"}


def test_the_list_has_precedence_over_the_program(engine: Engine, program: Program) -> None:
    own = Contact(
        name="Dr. Dara Huot", email="dara@example.net", role="moderator", timezone="Asia/Phnom_Penh"
    )
    with transaction(engine) as connection:
        people.link(connection, program)
        people.add(connection, [own])
        people.link(connection, program)
    assert linked(engine) == {"dara@example.net": "dara-huot"}


def test_adding_again_renews_and_keeps_what_is_not_said(engine: Engine) -> None:
    first = Contact(name="Ana", email="a@example.org", role="participant", timezone="Asia/Seoul")
    second = Contact(name="Ana B", email="a@example.org", role="participant")
    with transaction(engine) as connection:
        people.add(connection, [first])
        people.add(connection, [second])
        (stored,) = people.listed(connection)
    assert (stored.name, stored.timezone) == ("Ana B", "Asia/Seoul")


def test_the_zones_of_the_list_are_known_for_the_people_of_the_program(program: Program) -> None:
    unknown = Contact(name="Nobody Known", email="n@example.org", role="speaker")
    someone = Contact(name="ÉRIC  leyton inostroza", email="e@example.org", role="speaker", timezone="UTC")
    assert known_zones([unknown, someone], program) == {ERIC: "UTC"}
