"""When a delivery that was not taken is tried again. Pure."""

from datetime import timedelta

from gsef_notify.mail.transport import DeliveryError

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
GREYLIST_WAIT = timedelta(minutes=6)
_GREYLISTED = ("450", "451")


def wait_after(attempts: int, first: timedelta = FIRST_WAIT) -> timedelta:
    """How long to wait after that many vain tries: at first a minute, doubled each time, at most an hour."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(first * doubled, LONGEST_WAIT)


def wait_for(error: DeliveryError, attempts: int, left: timedelta) -> timedelta:
    """How long to wait after an error, where the mail is of use for so long as is ``left``.

    A server that lets strangers wait (greylisting) mostly does so for five minutes; but half of the time that
    is left is kept for further tries.
    """
    if error.reply[:3] not in _GREYLISTED:
        return wait_after(attempts)
    return max(FIRST_WAIT, min(wait_after(attempts, GREYLIST_WAIT), left / 2))
