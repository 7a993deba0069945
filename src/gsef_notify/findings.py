"""The findings about a program as other programs read them: JSON, GitHub annotations, SARIF. Pure."""

from collections.abc import Sequence
from typing import Any

import msgspec

from gsef_notify.program.problems import Problem

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(problems: Sequence[Problem]) -> str:
    """``{"problems": [{"path", "line", "column", "severity", "code", "message", "remedy"}]}``."""
    return _formatted({"problems": [_flat(problem) for problem in sorted(problems)]})


def as_github(problems: Sequence[Problem]) -> str:
    """A workflow command each, which GitHub shows beside the line."""
    return "\n".join(_command(problem) for problem in sorted(problems))


def as_sarif(problems: Sequence[Problem]) -> str:
    """A SARIF 2.1.0 log of one run."""
    rules = [{"id": code} for code in sorted({problem.code for problem in problems})]
    driver = {"name": "gsef-notify", "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in sorted(problems)]}
    return _formatted({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


def _flat(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "spot": problem.place.spot,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _command(problem: Problem) -> str:
    at = problem.place
    properties = {"file": at.path, "line": str(at.line), "col": str(at.column), "title": problem.code}
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{problem.severity} {told}::{_escaped(f'{problem.message} - {problem.remedy}')}"


def _escaped(text: str, more: str = "") -> str:
    for sign in f"%\r\n{more}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _result(problem: Problem) -> dict[str, Any]:
    at = problem.place
    location = {
        "artifactLocation": {"uri": at.path.replace("\\", "/")},
        "region": {"startLine": at.line, "startColumn": at.column},
    }
    return {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": f"{problem.message} - {problem.remedy}"},
        "locations": [{"physicalLocation": location}],
    }


def _formatted(content: object) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()
