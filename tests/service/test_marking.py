"""What became of a delivery is written down, through a database that is away or full."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from gsef_notify.service.dispatch import Office
from gsef_notify.service.marking import mark
from gsef_notify.store import outbox
from gsef_notify.store.database import transaction
from gsef_notify.store.outbox import Delivery, Told
from gsef_notify.store.tables import deliveries
from tests.conftest import utc

DUE = utc("2021-10-01 09:00")
TOLD = Told(subject="x", message_id="<x@example.org>", facts=None, timezone="UTC", revision=1)
CUT_US = text("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def claimed(office: Office) -> Delivery:
    with transaction(office.engine) as connection:
        outbox.expand(connection, DUE)
        delivery = outbox.claim(connection, "me", DUE)
    assert delivery is not None
    return delivery


def cut_once(change: Callable[..., bool], engine: Engine, *, is_committed: bool) -> Callable[..., bool]:
    """The change; the first time, the connection is lost after it, before or after the commit."""
    cuts = [1]

    def changed(connection: Connection, delivery: Delivery, *details: Any) -> bool:
        if not cuts:
            return change(connection, delivery, *details)
        cuts.pop()
        if is_committed:
            with transaction(engine) as other:
                change(other, delivery, *details)
        else:
            change(connection, delivery, *details)
        connection.execute(CUT_US)
        raise AssertionError("the connection was to be cut")

    return changed


@pytest.mark.parametrize("is_committed", [False, True], ids=["commit undone", "only its answer lost"])
async def test_a_mark_whose_commit_was_cut_off_stands_once(
    office: Office, claimed: Delivery, *, is_committed: bool
) -> None:
    change = cut_once(outbox.mark_sent, office.engine, is_committed=is_committed)
    assert await mark(office.engine, change, claimed, TOLD, "250 ok", DUE)
    with transaction(office.engine) as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.id == claimed.id)).one()
    assert (row.state, row.proof, row.attempts) == ("sent", "250 ok", 1)


async def test_a_mark_that_comes_after_another_claim_is_refused(office: Office, claimed: Delivery) -> None:
    with transaction(office.engine) as connection:
        outbox.recover(connection, DUE + outbox.LEASE)
        again = outbox.claim_several(connection, "another", DUE + outbox.LEASE, 10)
    assert claimed.id in {each.id for each in again}
    change = cut_once(outbox.mark_sent, office.engine, is_committed=False)
    assert not await mark(office.engine, change, claimed, TOLD, "250 ok", DUE)


async def test_what_no_trying_again_can_mend_is_not_tried_again(office: Office, claimed: Delivery) -> None:
    def change(connection: Connection, delivery: Delivery) -> bool:
        connection.execute(text("SELECT nothing"))
        return True

    with pytest.raises(Exception, match="nothing"):
        await asyncio.wait_for(mark(office.engine, change, claimed), 30)
