"""A delivery becomes a mail with the calendar of its reader."""

from datetime import timedelta

import pytest

from gsef_notify.feeds.events import Site
from gsef_notify.mail.compose import Forum
from gsef_notify.mail.matter import SessionMatter
from gsef_notify.mail.mime import Mailbox
from gsef_notify.program.changes import first_publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.plan import plan
from gsef_notify.service.letters import Letterhead, draft
from gsef_notify.service.tokens import Tokens
from gsef_notify.store.outbox import Delivery
from tests.conftest import ERIC, RESTLESS
from tests.service.conftest import START

HEAD = Letterhead(
    Site("GSEF", "https://gsef.example.org", "gsef.example.org"),
    Forum("GSEF"),
    Mailbox("us@example.org"),
    Tokens(bytes(32)),
)


@pytest.mark.parametrize(
    ("language", "joins", "link"),
    [(None, "Join: ", ""), ("en-GB", "Join: ", ""), ("es-CL", "Enlace: ", "&lang=es"),
     ("ko", "참여: ", "&lang=ko"), ("km", "Join: ", "")],
)  # fmt: skip
def test_the_calendar_speaks_the_language_of_the_mail(
    program: Program, language: str | None, joins: str, link: str
) -> None:
    reminder = next(each for each in plan(program, RESTLESS) if each.person == ERIC)
    delivery = Delivery(
        id=1, attempts=1, reminder=reminder, email="eric@example.org", name="Eric",
        timezone="America/Santiago", language=language, contact_id=1,
    )  # fmt: skip
    mail = draft(HEAD, first_publication(program, START), delivery, START + timedelta(hours=1)).letter
    assert isinstance(mail.matter, SessionMatter)
    assert mail.invitation is not None
    assert f":{joins}https://meet" in mail.invitation.content.decode()
    assert mail.matter.links.calendar == (
        f"https://gsef.example.org/people/{ERIC}.ics?timezone=America/Santiago{link}"
    )
