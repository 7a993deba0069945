"""Why nothing may be sent to somebody."""

from sqlalchemy import Connection

from gsef_notify.store import suppressions, unsubscribed


def obstacle(connection: Connection, contact_id: int, email: str, role: str, session: str) -> str | None:
    """The reason against a mail about a session to a contact in that role, None where there is none."""
    if reason := suppressions.reason_of(connection, email):
        return f"nothing is sent to this address any more: {reason}"
    without = unsubscribed.sessions_of(connection, contact_id)
    if role == "participant" and without & {session, unsubscribed.ALL_SESSIONS}:
        return "they want no such mails"
    return None
