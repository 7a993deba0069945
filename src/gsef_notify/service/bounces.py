"""A mail that came back, taken into account.

Anybody can write a bounce. One is believed only where it names the Message-ID of a mail that we sent, and the
address to which we sent it; and an address gets nothing more only where the server says that it never can.
"""

from datetime import datetime

from sqlalchemy import Connection

from gsef_notify.mail.bounces import Bounce, Failure
from gsef_notify.service.outcome import Outcome, printable
from gsef_notify.store import returned, suppressions
from gsef_notify.store.returned import LONGEST_REASON, Sent
from gsef_notify.store.suppressions import Suppression


def take_bounce(connection: Connection, bounce: Bounce, now: datetime) -> Outcome:
    """End the delivery that came back, and suppress its address where that can never have mail."""
    found = (returned.delivery_of(connection, each) for each in bounce.message_ids)
    sent = next(filter(None, found), None)
    if sent is None:
        return Outcome(False, "a mail that came back is none of ours: nothing was sent with its Message-ID")
    if not bounce.failures:
        return Outcome(False, f"a server writes of delivery {sent.id} what can not be understood")
    failure = bounce.of(sent.email)
    if failure is None:
        return Outcome(False, f"delivery {sent.id} is said to come back from where it was not sent to")
    if failure.action != "failed":
        return Outcome(True, f"delivery {sent.id} is {failure.action or 'on its way'} ({_code(failure)})")
    return _came_back(connection, sent, failure, now)


def _came_back(connection: Connection, sent: Sent, failure: Failure, now: datetime) -> Outcome:
    reason = f"{_code(failure)}: {printable(failure.diagnostic) or 'without a reason'}"[:LONGEST_REASON]
    if not returned.mark_bounced(connection, sent.id, reason, now):
        return Outcome(True, f"delivery {sent.id} came back, but is {sent.state} already")
    if not failure.is_hard:
        return Outcome(True, f"delivery {sent.id} came back ({_code(failure)})")
    gone = Suppression(email=sent.email, reason=reason, since=now, status=failure.status)
    suppressions.suppress(connection, gone)
    sentence = f"delivery {sent.id} came back ({failure.status}): its address gets nothing more"
    return Outcome(True, sentence)


def _code(failure: Failure) -> str:
    return failure.status or "no status"
