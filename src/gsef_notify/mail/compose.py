"""What a mail says: a letter and the templates -> a message. Pure, once the templates are loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.digest import DigestMatter
from gsef_notify.mail.matter import Recipient, SessionMatter
from gsef_notify.mail.mime import Attachment, Invitation, Mailbox, Message
from gsef_notify.mail.speech import Speech
from gsef_notify.mail.templates import Templates


@dataclass(frozen=True)
class Forum:
    """Who invites. ``contact`` is whom to ask: an address of the organizers, or a page."""

    name: str
    url: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Letter:
    """One mail before its words. ``kind`` is a folder of the mail templates, ``invitation`` what a calendar
    program asks its reader about, ``answers`` the Message-ID of the mail that it takes back, ``headers`` are
    further ones, by name and value."""

    kind: str
    matter: SessionMatter | DigestMatter
    recipient: Recipient
    now: datetime
    forum: Forum
    sender: Mailbox
    message_id: str
    invitation: Invitation | None = None
    attachments: tuple[Attachment, ...] = ()
    answers: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def check(templates: Templates, letters: Iterable[Letter]) -> None:
    """See that every name in the templates is known, and that letters can be rendered in every language.

    Raises TemplateError.
    """
    checked: set[str] = set()
    for letter in letters:
        if letter.kind not in checked:
            templates.check_names(letter.kind, set(context(letter, templates.speech("en"))))
            checked.add(letter.kind)
        for language in LANGUAGES:
            compose(replace(letter, recipient=replace(letter.recipient, language=language)), templates)


def compose(letter: Letter, templates: Templates) -> Message:
    """The message of a letter. Raises TemplateError."""
    speech = templates.speech(letter.recipient.language)
    subject, text, html = templates.render(letter.kind, speech.tag, context(letter, speech))
    return Message(
        sender=letter.sender,
        recipient=Mailbox(letter.recipient.address, letter.recipient.name),
        reply_to=Mailbox(letter.forum.contact, letter.forum.name) if "@" in letter.forum.contact else None,
        subject=subject,
        date=letter.now,
        message_id=letter.message_id,
        text=text,
        html=html,
        language=speech.tag,
        invitation=letter.invitation,
        attachments=letter.attachments,
        headers=(*_threaded(letter), *letter.headers),
    )


def _threaded(letter: Letter) -> list[tuple[str, str]]:
    return [(name, letter.answers) for name in ("In-Reply-To", "References") if letter.answers]


def context(letter: Letter, speech: Speech) -> dict[str, Any]:
    """What the templates know."""
    return {
        "name": letter.recipient.name,
        "language": speech.tag,
        "forum": {"name": letter.forum.name, "url": letter.forum.url, "contact": letter.forum.contact},
        **letter.matter.context(letter.recipient, letter.now, speech),
    }
