"""The mail templates, one folder a kind, in each language."""

from collections.abc import Container, Iterable, Iterator, Sequence
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
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_undeclared_variables

from gsef_notify.errors import SettingsError
from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.speech import Speech, speech, tag_of
from gsef_notify.mail.template_limits import LimitedEnvironment, joined
from gsef_notify.mail.template_work import TooMuch, limited
from gsef_notify.mail.wrapping import wrapped

PARTS = ("subject.txt", "body.txt", "body.html")
_GETTEXT = ("_", "gettext", "ngettext")


class TemplateError(SettingsError):
    """A template is missing or can not be rendered: file, line and what is wrong with it."""


class Templates:
    """The templates, ready to be rendered. Their sentences are in English, and in other languages by the
    catalogs beside them. In HTML all values are escaped but those that a template itself marks as ``safe``;
    what it does is limited in time and size."""

    def __init__(self, *folders: Path) -> None:
        """A file of the first folder stands in place of the file of that name in the next."""
        self._folders = folders
        self._names = tuple(sorted({kind for folder in folders for kind in _kinds(folder)}))
        self._speeches = {tag: speech(folders, tag) for tag in LANGUAGES}
        self._environments = {tag: _environment(folders, each) for tag, each in self._speeches.items()}
        self._parts = {
            (tag, kind): [self._load(environment, f"{kind}/{part}") for part in PARTS]
            for tag, environment in self._environments.items()
            for kind in self._names
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of mail that there are templates for."""
        return self._names

    def speech(self, language: str) -> Speech:
        """How somebody of that language (a BCP 47 tag) is spoken to."""
        return self._speeches[tag_of(language)]

    def render(self, kind: str, language: str, context: dict[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML. Raises TemplateError."""
        parts = self._parts.get((tag_of(language), kind))
        if parts is None:
            known = ", ".join(self._names) or "none"
            raise TemplateError(
                f"{self._folders[0] / kind}: there is no such template - the templates are {known}"
            )
        subject, text, html = (_rendered(template, context) for template in parts)
        return " ".join(subject.split()), wrapped(text), html

    def check_names(self, kind: str, known: set[str]) -> None:
        """See that a kind uses no other names than ``known``: rendering does not see what stands outside of
        the blocks of an extended template. Raises TemplateError."""
        for part in PARTS if kind in self._names else ():
            file, environment = self._file(f"{kind}/{part}"), self._environments["en"]
            source = file.read_text(encoding="utf-8")
            for name, line in unknown_names(environment, source, {*known, *_GETTEXT}):
                raise TemplateError(f"{file}:{line}: {name!r} is undefined - {_what_there_is(known)}")

    def sentences(self) -> Iterator[str]:
        """What catalogs translate: the sentences of all templates, those that are shared too."""
        environment = self._environments["en"]
        for file in sorted(file for folder in self._folders for file in folder.glob("*/*.*")):
            if file.suffix in (".txt", ".html"):
                source = file.read_text(encoding="utf-8")
                for _, _, message in environment.extract_translations(source):  # type: ignore[attr-defined]
                    yield message if isinstance(message, str) else message[0]

    def _file(self, name: str) -> Path:
        return next((file for folder in self._folders if (file := folder / name).is_file()), Path(name))

    def _load(self, environment: Environment, name: str) -> Template:
        try:
            with limited():
                return environment.get_template(name)
        except TemplateNotFound as error:
            where = self._folders[0] / name
            raise TemplateError(f"{where}: {error.name} is missing - add it") from None
        except TemplateSyntaxError as error:
            where = Path(error.filename or name)
            raise TemplateError(f"{where}:{error.lineno}: {error.message} - mend the template") from None
        except UnicodeDecodeError:
            raise TemplateError(f"{self._file(name)}: not UTF-8 - save it as UTF-8 text") from None
        except (RecursionError, MemoryError, SyntaxError):
            raise TemplateError(f"{self._file(name)}: too much within each other - nest less") from None


def unknown_names(environment: Environment, source: str, known: Container[str]) -> Iterator[tuple[str, int]]:
    """The names that a template uses and nobody defines, with their lines."""
    tree = environment.parse(source)
    own = set(_names_of_its_own(tree))
    undeclared = find_undeclared_variables(tree)
    for name in tree.find_all(nodes.Name):
        if name.name in undeclared and name.name not in known and name.name not in own:
            yield name.name, name.lineno


def _kinds(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        raise TemplateError(f"{folder}: there is no such folder - name one with mail templates in it")
    folders = (path for path in sorted(folder.iterdir()) if path.is_dir())
    yield from (path.name for path in folders if not path.name.startswith(("_", ".")))


def _environment(folders: Sequence[Path], spoken: Speech) -> LimitedEnvironment:
    environment = LimitedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install(spoken.translations)
    return environment


def _rendered(template: Template, context: dict[str, Any]) -> str:
    try:
        with limited():
            return joined(template.generate(context))
    except TooMuch as error:
        raise TemplateError(f"{_where(error, template)}: {error}") from None
    except RecursionError as error:
        raise TemplateError(f"{_where(error, template)}: this calls itself without end - end it") from None
    except UndefinedError as error:
        raise TemplateError(f"{_where(error, template)}: {error} - {_what_there_is(context)}") from None
    except Exception as error:
        raise TemplateError(f"{_where(error, template)}: {error} - mend the template") from None


def _names_of_its_own(tree: nodes.Template) -> Iterator[str]:
    """What a template imports or sets for all its blocks."""
    for imported in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in imported.names)
    yield from (name.name for name in tree.find_all(nodes.Name) if name.ctx == "store")
    yield from (macro.name for macro in tree.find_all(nodes.Macro))


def _what_there_is(known: Iterable[str]) -> str:
    return f"what there is: {', '.join(sorted(known))}"


def _where(error: BaseException, template: Template) -> str:
    """File and line of the template in which an error arose, out of its traceback."""
    place, trace = f"{template.filename}", error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename.endswith((".txt", ".html")):
            place = f"{filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
