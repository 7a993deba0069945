"""A Jinja sandbox that is limited in time and size: whatever a template says, it ends soon and stays small.

Jinja's own sandbox keeps a template from the rest of the program, but lets it count to any number. Here each
rendering has a budget of work, in units of about a tenth of a microsecond or one sign of text. Turns of
loops, macros, operators, filters and what is written out are paid from it, each before it is done.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from gettext import NullTranslations
from typing import Any

from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gsef_notify.mail.template_counting import LOOKED_AT, MADE, TURN, WALKED, Counting
from gsef_notify.mail.template_work import (
    CALL,
    FILTER_COSTS,
    MOST_PLACES,
    MOST_WORK,
    TooMuch,
    call_cost,
    deep,
    is_roomy,
    operator_cost,
    size,
    spend,
)

LONGEST_SOURCE = 64 * 1024
MOST_NODES = 5_000
LONGEST_RENDERED = 512 * 1024

_REFUSED_FILTERS = ("pprint", "random", "striptags", "tojson", "urlize", "xmlattr")
_REFUSED_GLOBALS = ("cycler", "joiner", "lipsum")
_PASSED_ON = {"batch", "count", "d", "default", "first", "items", "last", "length", "list", "reverse", "safe"}
_TEXT_METHODS = frozenset(
    {
        "capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdecimal",
        "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "join", "lower", "lstrip",
        "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit",
        "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }
)  # fmt: skip
_METHODS: tuple[tuple[type | tuple[type, ...], frozenset[str]], ...] = (
    (str, _TEXT_METHODS),
    (dict, frozenset({"get", "items", "keys", "values"})),
    ((list, tuple), frozenset({"count", "index"})),
    ((int, float, bytes), frozenset()),
)


def joined(pieces: Iterator[str]) -> str:
    """The text of a rendered part. Raises TooMuch for one that is too long."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > LONGEST_RENDERED:
            raise TooMuch(f"this makes more than {LONGEST_RENDERED // 1024} kB of text - write less")
        kept.append(piece)
    return "".join(kept)


class LimitedEnvironment(ImmutableSandboxedEnvironment):
    """Templates whose work is counted; outside of ``limited`` it is not."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=_written)
        self.filters = {
            name: _counted(name, function)
            for name, function in self.filters.items()
            if name not in _REFUSED_FILTERS
        }
        self.filters |= {TURN: _turn, WALKED: _walked, LOOKED_AT: _looked_at, MADE: _made}
        for name in _REFUSED_GLOBALS:
            self.globals.pop(name, None)
        self.globals["range"] = _range

    def install(self, translations: NullTranslations) -> None:
        """Let templates speak by these, which may not make texts long either."""
        checked = _Checked(translations)
        self.install_gettext_callables(checked.gettext, checked.ngettext, newstyle=True)  # type: ignore[attr-defined]
        names = ("_", "gettext", "ngettext")
        self._sentences = {id(self.globals[name]) for name in names}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source.encode("utf-8", "replace")) > LONGEST_SOURCE:
            raise TemplateSyntaxError(f"longer than {LONGEST_SOURCE // 1024} kB", 1, name, filename)
        tree = super()._parse(source, name, filename)
        if sum(1 for _ in tree.find_all(nodes.Node)) > MOST_NODES:
            raise TemplateSyntaxError(f"more than {MOST_NODES} expressions", 1, name, filename)
        counting: nodes.Template = Counting(self).visit(tree)
        return counting

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Texts, numbers, lists and mappings have those methods alone whose work is known."""
        for kind, methods in _METHODS:
            if isinstance(obj, kind):
                return attr in methods
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """``str.format`` is no method that a template may call."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator, once its work is paid."""
        spend(operator_cost(operator, left, right))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call, once its work is paid; a macro pays for itself."""
        if isinstance(obj, Macro):
            return super().call(context, obj, *args, **kwargs)
        if id(obj) in self._sentences:
            spend(CALL + MOST_PLACES * sum(map(deep, kwargs.values())))
            return super().call(context, obj, *args, **kwargs)
        spend(call_cost(obj, args))
        result = super().call(context, obj, *args, **kwargs)
        spend(size(result))
        return result


class _Checked:
    """Translations in which no placeholder asks for much room."""

    def __init__(self, translations: NullTranslations) -> None:
        self._translations = translations

    def gettext(self, message: str) -> str:
        return _checked(self._translations.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return _checked(self._translations.ngettext(singular, plural, number))


def _checked(sentence: str) -> str:
    if is_roomy(sentence):
        raise TooMuch(f"{sentence[:60]!r} leaves too much room - write placeholders as %(name)s, few of them")
    return sentence


@pass_context
def _turn(context: Context, cost: int) -> int:
    spend(cost)
    return cost


@pass_context
def _walked(context: Context, value: Any) -> Any:
    spend(size(value))
    return value


@pass_context
def _looked_at(context: Context, value: Any) -> Any:
    if isinstance(value, str):
        spend(len(value))
    elif isinstance(value, list | tuple | dict):
        spend(deep(value))
    return value


@pass_context
def _made(context: Context, value: Any) -> Any:
    spend(deep(value))
    return value


def _written(value: Any) -> Any:
    spend(len(value) if isinstance(value, str) else deep(value))
    return value


def _range(*args: int) -> range:
    made = range(*args)
    spend(size(made) if len(made[:MOST_WORK]) < MOST_WORK else MOST_WORK + 1)
    return made


def _counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which pays for what it reads before, and for what it makes after its work."""
    skipped = 1 if hasattr(function, "jinja_pass_arg") else 0
    measure = size if name in _PASSED_ON else deep
    cost = FILTER_COSTS.get(name)

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = args[skipped:]
        spend(CALL + sum(map(measure, (*given, *kwargs.values()))))
        if cost:
            spend(cost(*given, **kwargs))
        result = function(*args, **kwargs)
        if isinstance(result, Iterator):
            result = list(result)
        spend(size(result))
        return result

    return run
