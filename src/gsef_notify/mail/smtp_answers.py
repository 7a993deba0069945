"""What the answers of an SMTP server, and its silence, mean for a message (RFC 5321 section 4.2)."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtplib import SMTPException, SMTPResponseException
from aiosmtplib.errors import SMTPAuthenticationError

from gsef_notify.mail.smtp_line import NoReply, Reply
from gsef_notify.mail.transport import DeliveryError

START_INPUT = 354
LONGEST_QUOTATION = 500
CLOSING = 421
_ASKS_FOR_LOGIN = frozenset({530, 534, 535, 538})
_STORAGE = 552
_FIX_LOGIN = "correct the user and password in the mail setting"
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Refused(DeliveryError):
    """The server answered no, and goes on listening."""


class Lost(DeliveryError):
    """The server closed the connection."""


def quoted(code: int, text: str) -> str:
    """An answer on one line, as far as anybody reads."""
    line = _UNREADABLE.sub(" ", f"{code} {text}".encode("utf-8", "replace").decode()).strip()
    return line if len(line) <= LONGEST_QUOTATION else f"{line[:LONGEST_QUOTATION]}..."


def refusal(server: str, about: str, answer: Reply, *, handed_over: bool = False) -> DeliveryError:
    """An answer that is no consent. Only a Refused leaves a connection that can be used."""
    reply = quoted(*answer)
    if answer.code == CLOSING:
        return Lost(f"{server} closed the connection: {reply}", of_server=True, reply=reply)
    if not 400 <= answer.code <= 599:
        return DeliveryError(
            f"{server} gave an answer that makes no sense: {reply}",
            unknown=handed_over,
            of_server=True,
            reply=reply,
        )
    if answer.code in _ASKS_FOR_LOGIN:
        return Refused(f"{server} wants a login: {reply} - {_FIX_LOGIN}", of_server=True, reply=reply)
    permanent = answer.code >= 500 and answer.code != _STORAGE
    return Refused(f"{server} refused {about}: {reply}", permanent=permanent, reply=reply)


@contextmanager
def listening(server: str, about: str, *, unknown: bool = False) -> Iterator[None]:
    """What goes wrong while waiting for an answer, as a DeliveryError; ``unknown`` once the message has gone
    out whole."""
    try:
        yield
    except TimeoutError:
        raise DeliveryError(
            f"{server} did not answer in time about {about}", unknown=unknown, of_server=True
        ) from None
    except NoReply as error:
        raise DeliveryError(
            f"{server} gave an answer that makes no sense: {quoted(-1, str(error))}",
            unknown=unknown,
            of_server=True,
        ) from None
    except OSError:
        raise Lost(
            f"{server} closed the connection instead of answering about {about}",
            unknown=unknown,
            of_server=True,
        ) from None


@contextmanager
def connecting(server: str) -> Iterator[None]:
    """What goes wrong before the first message, as a DeliveryError. None of it is the recipient's fault."""
    try:
        yield
    except SMTPAuthenticationError as error:
        reply = quoted(error.code, error.message)
        raise DeliveryError(
            f"{server} refused the login: {reply} - {_FIX_LOGIN}", of_server=True, reply=reply
        ) from None
    except SMTPResponseException as error:
        reply = quoted(error.code, error.message)
        raise DeliveryError(f"{server} takes no mail: {reply}", of_server=True, reply=reply) from None
    except (SMTPException, OSError, ValueError) as error:
        raise DeliveryError(_connection_trouble(server, error), of_server=True) from None


def _connection_trouble(server: str, error: Exception) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"{server} has a certificate that can not be trusted: {cause.verify_message} - correct the host "
            "name in the mail setting, or name the server's own authority with ?ca=FILE"
        )
    if isinstance(error, OSError):
        return f"can not reach {server}: {error}"
    return f"{server} can not be used as it is set up: {str(error).rstrip('.')} - correct the mail setting"
