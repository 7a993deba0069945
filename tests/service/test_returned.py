"""A mail that comes back is found by its Message-ID, and ends its delivery once."""

from sqlalchemy import Engine, select

from gsef_notify.clock import SteppedClock
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.store import returned
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.tables import deliveries
from tests.conftest import utc

NOW = utc("2021-10-01 09:05")


async def test_a_sent_mail_comes_back_once(office: Office, engine: Engine, clock: SteppedClock) -> None:
    clock.set(utc("2021-10-01 09:01"))
    assert await send_next(office)
    with transaction(engine) as connection:
        message_id = connection.scalar(select(deliveries.c.message_id).where(deliveries.c.state == "sent"))
        assert message_id is not None
        sent = returned.delivery_of(connection, message_id)
        assert sent is not None
        assert (sent.state, sent.session) == ("sent", "gsef-2021-alliances")
        assert [returned.mark_bounced(connection, sent.id, "x" * 2000, NOW) for _ in range(2)] == [
            True,
            False,
        ]
        row = connection.execute(select(deliveries).where(deliveries.c.id == sent.id)).one()
        assert (row.state, row.reason, row.finished_at) == ("bounced", "x" * 1000, NOW)
        assert returned.delivery_of(connection, "<nobody@example.org>") is None


def test_what_was_not_sent_can_not_come_back(office: Office, engine: Engine) -> None:
    with reading(engine) as connection:
        assert not returned.mark_bounced(connection, 1, "", NOW)
