"""Imports point one way, and what is kept in one place stays there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "gsef_notify"

# Each room may import the rooms below it; rooms of one line know nothing of each other.
FLOORS = (
    ("__main__",),
    ("cli",),
    ("intake", "runs"),
    ("findings", "show", "stage", "wiring"),
    ("settings",),
    ("web", "service"),
    ("store", "mail", "readers"),
    ("feeds", "reminders", "writers"),
    ("program",),
    ("tzids", "wall_clock"),
    ("zones", "addresses"),
    ("cities", "countries"),
    ("clock", "durations", "errors", "folding", "kept_bytes", "zone_names"),
)
PURE = (
    "program",
    "feeds",
    "writers",
    "reminders",
    "addresses.py",
    "mail/calendar_method.py",
    "mail/compose.py",
    "mail/digest.py",
    "mail/matter.py",
    "mail/calendar_object.py",
    "mail/mime.py",
    "mail/reply.py",
    "mail/bounces.py",
    "mail/inbound.py",
    "mail/parts.py",
    "mail/stored.py",
    "mail/words.py",
    "service/incidents.py",
    "service/letters.py",
    "service/sample_notices.py",
    "service/tokens.py",
    "findings.py",
)
ASKS_FOR_THE_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic",
}  # fmt: skip
DOES_IO = {
    "os",
    "socket",
    "subprocess",
    "urllib",
    "asyncio",
    "sqlalchemy",
    "tempfile",
    "shutil",
    "logging",
}


def room(module: str) -> str:
    """``gsef_notify.mail.smtp`` is in the room mail; the package itself is none."""
    return module.split(".")[1] if "." in module else ""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    relative = path.relative_to(SOURCE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module imported, with whether that happens for type checkers only."""
    for node, typing_only in walk(ast.parse(path.read_text(encoding="utf-8")), typing_only=False):
        if isinstance(node, ast.Import):
            yield from ((alias.name, typing_only) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from ((n if node.module == "gsef_notify" else str(node.module), typing_only) for n in names)


def walk(node: ast.AST, *, typing_only: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        is_guard = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        yield child, typing_only
        yield from walk(child, typing_only=typing_only or is_guard)


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_downwards(path: Path) -> None:
    here = room_of(path)
    if here == "__init__":
        return
    for module, _ in imports(path):
        if module.startswith("gsef_notify.") and room(module) != here:
            assert floor(room(module)) > floor(here), f"{here} may not import {module}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_zones_knows_pytz(path: Path) -> None:
    names = {module.split(".")[0] for module, _ in imports(path)}
    assert "pytz" not in names or path.name == "zones.py"
    assert "zoneinfo" not in names or path == SOURCE / "__init__.py"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_clock_knows_what_time_it_is(path: Path) -> None:
    if path.name == "clock.py":
        return
    calls = {ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)}
    assert calls & ASKS_FOR_THE_TIME == set()


@pytest.mark.parametrize("name", PURE)
def test_the_pure_rooms_do_no_input_or_output(name: str) -> None:
    place = SOURCE / name
    for path in [place] if place.is_file() else place.rglob("*.py"):
        used = {module for module, typing_only in imports(path) if not typing_only} - {"urllib.parse"}
        assert {module.split(".")[0] for module in used} & DOES_IO == set(), path


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(path) for path in modules()} - {"__init__"}
    assert rooms == {name for floor_ in FLOORS for name in floor_}


def test_an_import_that_points_upwards_is_noticed(tmp_path: Path) -> None:
    turned = tmp_path / "turned.py"
    turned.write_text("from gsef_notify.web import app\nfrom gsef_notify import runs\nimport pytz\n")
    assert list(imports(turned)) == [("gsef_notify.web", False), ("gsef_notify.runs", False), ("pytz", False)]
    assert floor(room("gsef_notify.web")) < floor("program")
    assert floor(room("gsef_notify.runs")) < floor("web")
