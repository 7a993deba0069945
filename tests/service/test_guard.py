"""Who was told a local time that is another by new zone data is found at the start, and told."""

from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import Engine, select

from gsef_notify.clock import SteppedClock
from gsef_notify.mail.stored import body, parsed
from gsef_notify.program.model import Program
from gsef_notify.reminders.notices import DEBOUNCE
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.guard import other_clocks
from gsef_notify.service.publish import last_published
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import contacts, deliveries
from tests.conftest import POLICY, utc

TOLD = utc("2021-10-01 09:00")
AFTERWARDS = utc("2021-10-03 12:00")


async def send_all(office: Office) -> None:
    while await send_next(office):
        pass


def let_eric_have_been_told_by_other_zone_data(engine: Engine) -> None:
    """As if Chile had not put its clocks forward in September: told 05:21-04:00, an hour earlier."""
    eric = select(contacts.c.id).where(contacts.c.email == "eric.leyton@example.org").scalar_subquery()
    with transaction(engine) as connection:
        told = connection.scalar(select(deliveries.c.facts).where(deliveries.c.contact_id == eric))
        assert told is not None
        assert b"2021-10-08T06:21:00-03:00" in told
        before = told.replace(b"T06:21:00-03:00", b"T05:21:00-04:00").replace(
            b"T06:00:00-03:00", b"T05:00:00-04:00"
        )
        connection.execute(deliveries.update().where(deliveries.c.contact_id == eric).values(facts=before))


def to_eric(folder: Path) -> list[EmailMessage]:
    mails = [parsed(file.read_bytes()) for file in (folder / "mail" / "new").iterdir()]
    return [mail for mail in mails if "eric" in mail["To"]]


async def test_a_local_time_that_zone_data_have_changed_is_listed_and_told(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.set(TOLD)
    await send_all(office)
    publication = office.newest.latest()
    assert publication is not None
    assert other_clocks(office.engine, publication, AFTERWARDS) == []
    let_eric_have_been_told_by_other_zone_data(office.engine)
    (line,) = other_clocks(office.engine, publication, AFTERWARDS)
    assert line.endswith(
        " was told 2021-10-08T05:21-04:00 for gsef-2021-alliances/work-integration-social-enterprises; "
        "by the present zone data that is another time"
    )
    clock.set(AFTERWARDS)
    last_published(office.engine, POLICY, AFTERWARDS)
    clock.set(AFTERWARDS + DEBOUNCE)
    await send_all(office)
    (mail,) = [each for each in to_eric(tmp_path) if each["Subject"].startswith("New time: ")]
    said = " ".join(body(mail, "plain").split())
    assert "We told you 05:21 on Friday 8 October 2021; please forget that." in said
    assert "06:21-06:31 Santiago time (UTC-03:00)" in said


async def test_moving_a_session_is_no_matter_of_clocks(
    office: Office, clock: SteppedClock, program: Program
) -> None:
    clock.set(TOLD)
    await send_all(office)
    publication = office.newest.latest()
    assert publication is not None
    assert other_clocks(office.engine, publication, program.sessions[0].end) == []
