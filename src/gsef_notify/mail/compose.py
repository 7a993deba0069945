"""What a mail says: a letter and the templates -> a message. Pure, once the templates are loaded."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from gsef_notify.errors import SettingsError
from gsef_notify.mail.mime import Attachment, Mailbox, Message
from gsef_notify.mail.words import Reader, left, neighbour, person_line
from gsef_notify.mail.wrapping import wrapped
from gsef_notify.program.model import Person, Segment, Session

PARTS = ("subject.txt", "body.txt", "body.html")


class TemplateError(SettingsError):
    """A template is missing or can not be rendered: file, line and what is wrong with it."""


@dataclass(frozen=True)
class Forum:
    """Who invites. ``contact`` is whom to ask: an address of the organizers, or a page."""

    name: str
    url: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Recipient:
    """Who is written to, and in which zone they are told times."""

    name: str
    address: str
    timezone: str
    timezone_is_known: bool
    language: str


@dataclass(frozen=True)
class Letter:
    """One mail before its words. ``kind`` is a folder of the mail templates, ``person`` the recipient's entry
    in the program, ``corrects`` the beginning that they were told before, if that is no longer true."""

    kind: str
    session: Session
    segment: Segment | None
    person: Person | None
    recipient: Recipient
    now: datetime
    forum: Forum
    sender: Mailbox
    session_url: str
    calendar_url: str
    message_id: str
    attachments: tuple[Attachment, ...] = ()
    corrects: datetime | None = None


class Templates:
    """The mail templates of a folder, one folder a kind, ready to be rendered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._parts = {kind: [self._load(f"{kind}/{part}") for part in PARTS] for kind in self._kinds()}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of mail that there are templates for."""
        return tuple(self._parts)

    def render(self, kind: str, context: dict[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML. Raises TemplateError."""
        if kind not in self._parts:
            known = ", ".join(self._parts) or "none"
            raise TemplateError(
                f"{self._folder / kind}: there is no such template - the templates are {known}"
            )
        subject, text, html = (self._render(template, context) for template in self._parts[kind])
        return " ".join(subject.split()), wrapped(text), html

    def check(self, letters: Iterable[Letter]) -> None:
        """See that every name in the templates is known, and that letters can be rendered.

        Raises TemplateError.
        """
        checked: set[str] = set()
        for letter in letters:
            if letter.kind not in checked:
                self._check_names(letter.kind, set(context(letter)))
                checked.add(letter.kind)
            compose(letter, self)

    def _check_names(self, kind: str, known: set[str]) -> None:
        """Rendering does not see what stands outside of the blocks of an extended template."""
        for part in PARTS if kind in self._parts else ():
            file = self._folder / kind / part
            for name, line in unknown_names(self._environment, file.read_text(encoding="utf-8"), known):
                raise TemplateError(f"{file}:{line}: {name!r} is undefined - {_what_there_is(known)}")

    def _kinds(self) -> Iterator[str]:
        if not self._folder.is_dir():
            raise TemplateError(
                f"{self._folder}: there is no such folder - name one with mail templates in it"
            )
        folders = (path for path in sorted(self._folder.iterdir()) if path.is_dir())
        yield from (path.name for path in folders if not path.name.startswith(("_", ".")))

    def _load(self, name: str) -> Template:
        try:
            return self._environment.get_template(name)
        except TemplateNotFound as error:
            raise TemplateError(f"{self._folder / name}: {error.name} is missing - add it") from None
        except TemplateSyntaxError as error:
            where = f"{error.filename or self._folder / name}:{error.lineno}"
            raise TemplateError(f"{where}: {error.message} - mend the template") from None
        except UnicodeDecodeError:
            raise TemplateError(f"{self._folder / name}: not UTF-8 - save it as UTF-8 text") from None

    def _render(self, template: Template, context: dict[str, Any]) -> str:
        try:
            return template.render(context)
        except UndefinedError as error:
            raise TemplateError(f"{_where(error, template)}: {error} - {_what_there_is(context)}") from None
        except (JinjaError, ArithmeticError, TypeError, ValueError) as error:
            raise TemplateError(f"{_where(error, template)}: {error} - mend the template") from None


def compose(letter: Letter, templates: Templates) -> Message:
    """The message of a letter. Raises TemplateError."""
    subject, text, html = templates.render(letter.kind, context(letter))
    return Message(
        sender=letter.sender,
        recipient=Mailbox(letter.recipient.address, letter.recipient.name),
        reply_to=Mailbox(letter.forum.contact, letter.forum.name) if "@" in letter.forum.contact else None,
        subject=subject,
        date=letter.now,
        message_id=letter.message_id,
        text=text,
        html=html,
        language="en",
        attachments=letter.attachments,
    )


def context(letter: Letter) -> dict[str, Any]:
    """What the templates know: texts, numbers, and lists and mappings of them; no addresses of others."""
    session = letter.session
    segments = own_segments(session, letter.segment, letter.person)
    reader = Reader(letter.recipient.timezone, session.timezone)
    begins = segments[0].start if segments else session.start
    return {
        "name": letter.recipient.name,
        "left": left(letter.now, begins, reader.timezone),
        "has_begun": begins <= letter.now,
        "zone_is_known": letter.recipient.timezone_is_known,
        "corrects": reader.span(letter.corrects, letter.corrects) if letter.corrects else None,
        "session": {"title": session.title, **reader.span(session.start, session.end)},
        "slots": [_slot(session, segment, reader) for segment in segments],
        "order": reader.order(session, {segment.id for segment in segments}),
        "people": [person_line(person) for person in session.people if person != letter.person],
        "moderators": [p.name for p in session.with_role("moderator") if p != letter.person],
        "join_url": session.join_url or letter.session_url,
        "joins_at_page": session.join_url is None,
        "session_url": letter.session_url,
        "calendar_url": letter.calendar_url,
        "forum": {"name": letter.forum.name, "url": letter.forum.url, "contact": letter.forum.contact},
    }


def unknown_names(environment: Environment, source: str, known: Container[str]) -> Iterator[tuple[str, int]]:
    """The names that a template uses and nobody defines, with their lines."""
    tree = environment.parse(source)
    own = set(_names_of_its_own(tree))
    undeclared = find_undeclared_variables(tree)
    for name in tree.find_all(nodes.Name):
        if name.name in undeclared and name.name not in known and name.name not in own:
            yield name.name, name.lineno


def _names_of_its_own(tree: nodes.Template) -> Iterator[str]:
    """What a template imports or sets for all its blocks."""
    for imported in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in imported.names)
    yield from (name.name for name in tree.find_all(nodes.Name) if name.ctx == "store")
    yield from (macro.name for macro in tree.find_all(nodes.Macro))


def _what_there_is(known: Iterable[str]) -> str:
    return f"what there is: {', '.join(sorted(known))}"


def own_segments(session: Session, segment: Segment | None, person: Person | None) -> tuple[Segment, ...]:
    """The reader's own segments that a mail is about: the one that it reminds of, else all of a speaker's."""
    if segment is not None:
        return (segment,)
    return session.segments_of(person.id) if person and person.role == "speaker" else ()


def _slot(session: Session, segment: Segment, reader: Reader) -> dict[str, Any]:
    return {
        "title": segment.title,
        **reader.span(segment.start, segment.end),
        "before": neighbour(session, segment, -1),
        "after": neighbour(session, segment, 1),
    }


def _where(error: BaseException, template: Template) -> str:
    """File and line of the template in which an error arose, out of its traceback."""
    place, trace = f"{template.filename}", error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename.endswith((".txt", ".html")):
            place = f"{filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
