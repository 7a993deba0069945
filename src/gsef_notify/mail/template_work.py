"""How much work a template may ask for, in units of about a tenth of a microsecond or one sign of text.

What is not cheap is paid for before it is done. Outside of ``limited`` nothing is counted.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2 import TemplateRuntimeError

MOST_WORK = 2_000_000
CALL = 20  # what a call costs besides what it does
MOST_PLACES = 20  # in a sentence that is translated
_ELEMENT = 4  # what one element of a list or mapping costs
_LONGEST_NUMBER = 4096  # bits
_DIGITS = 100  # of a number that is rounded
_WIDE = re.compile(r"%(?:\([^)]*\))?[^A-Za-z%]*(?:\d{4}|\*)")


class TooMuch(TemplateRuntimeError):
    """A template that would take too long or become too large: what it does, and what to write instead."""


class _Budget:
    def __init__(self) -> None:
        self.left = MOST_WORK


_BUDGET: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """Within this, templates are loaded and rendered on one budget."""
    token = _BUDGET.set(_Budget())
    try:
        yield
    finally:
        _BUDGET.reset(token)


def spend(work: int) -> None:
    """Pay for work that is about to be done. Raises TooMuch."""
    budget = _BUDGET.get()
    if budget is None:
        return
    budget.left -= work
    if budget.left < 0:
        raise TooMuch("this takes too long or becomes too large - loop less, and make no long texts")


def size(value: Any) -> int:
    """The signs of a text; what the elements of a list or mapping cost."""
    if isinstance(value, str):
        return len(value)
    return _ELEMENT * len(value) if isinstance(value, list | tuple | dict | range) else 1


def deep(value: Any) -> int:
    """The size of a value with all that is in it; paid as far as it has been counted."""
    if not isinstance(value, list | tuple | dict):
        return size(value)
    total, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        total += size(each)
        if total > MOST_WORK:
            break
        if isinstance(each, dict):
            waiting.extend((*each, *each.values()))
        elif isinstance(each, list | tuple):
            waiting.extend(each)
    return total


def is_roomy(sentence: str) -> bool:
    """Whether what is filled into it may take much more room than it has itself."""
    return sentence.count("%") > MOST_PLACES or _WIDE.search(sentence) is not None


def operator_cost(operator: str, left: Any, right: Any) -> int:
    """What ``left operator right`` costs."""
    numbers = [each for each in (left, right) if isinstance(each, int)]
    if any(number.bit_length() > _LONGEST_NUMBER for number in numbers):
        return MOST_WORK + 1
    if operator == "*":
        return _product_cost(left, right)
    if operator == "**":
        return _power_cost(left, right)
    if operator == "%" and isinstance(left, str):
        return _format_cost(left, right)
    return 1 + size(left) + size(right)


def _product_cost(left: Any, right: Any) -> int:
    if isinstance(left, int) and isinstance(right, int):
        return 1
    many, what = (left, right) if isinstance(left, int) else (right, left)
    return 1 + size(what) * max(many, 1) if isinstance(many, int) else 1


def _power_cost(left: Any, right: Any) -> int:
    if not isinstance(left, int) or not isinstance(right, int):
        return 1
    return 1 if abs(right) * left.bit_length() <= _LONGEST_NUMBER else MOST_WORK + 1


def _format_cost(text: str, values: Any) -> int:
    return MOST_WORK + 1 if _WIDE.search(text) else len(text) + (1 + text.count("%")) * (1 + deep(values))


def call_cost(function: Any, args: tuple[Any, ...]) -> int:
    """What a function or method costs."""
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    cost = CALL + size(owner) + sum(map(size, args))
    if isinstance(owner, str) and name in _METHOD_COSTS:
        cost += _METHOD_COSTS[name](owner, *args)
    return cost


def _count(value: Any) -> int:
    return size(value) if hasattr(value, "__len__") else 1


def _indent_cost(value: str, width: int | str = 4, *_: Any, **__: Any) -> int:
    return (str(value).count("\n") + 2) * (width if isinstance(width, int) else len(width))


def _wordwrap_cost(value: str, width: int = 79, *args: Any, wrapstring: str | None = None, **_: Any) -> int:
    inserted = [text for text in (wrapstring, *args) if isinstance(text, str)]
    return len(value) * (10 + sum(map(len, inserted)))


def _join_cost(value: Any, d: str = "", *_: Any, **__: Any) -> int:
    return _count(value) * len(str(d))


def _replace_cost(value: str, old: str, new: str, *_: Any, **__: Any) -> int:
    return (1 + str(value).count(str(old))) * len(str(new))


def _format_filter_cost(value: str, *args: Any, **kwargs: Any) -> int:
    return _format_cost(str(value), [*args, *kwargs.values()])


def _groups_cost(value: Any, number: int, fill_with: Any = None) -> int:
    return _ELEMENT * abs(number)


def _sum_cost(value: Any, attribute: Any = None, start: Any = 0) -> int:
    return 1 if isinstance(start, int | float) else MOST_WORK + 1


def _round_cost(value: Any, precision: int = 0, method: str = "common") -> int:
    return 1 if abs(precision) <= _DIGITS else MOST_WORK + 1


def _chosen_cost(value: Any, *args: Any, **kwargs: Any) -> int:
    return _count(value) * (1 + sum(map(deep, (*args, *kwargs.values()))))


_METHOD_COSTS: Mapping[str, Callable[..., int]] = {
    "join": lambda text, value: _join_cost(value, text) + deep(value),
    "replace": _replace_cost,
}
FILTER_COSTS: Mapping[str, Callable[..., int]] = {
    "batch": _groups_cost,
    "center": lambda value, width=80: width,
    "format": _format_filter_cost,
    "indent": _indent_cost,
    "join": _join_cost,
    "replace": _replace_cost,
    "round": _round_cost,
    "slice": _groups_cost,
    "sum": _sum_cost,
    "wordwrap": _wordwrap_cost,
    **dict.fromkeys(("map", "reject", "rejectattr", "select", "selectattr"), _chosen_cost),
}
