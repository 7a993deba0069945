"""Findings for other programs."""

import json

import pytest

from gsef_notify import cli, findings
from gsef_notify.program.problems import Place, Problem
from tests.conftest import SAMPLE

PROBLEMS = [
    Problem(Place("b.md", 3, 2), "warning", "NIGHT", "it is late: 100%", "sleep"),
    Problem(Place("a,b.md", 1, 1), "error", "NO_DATE", "two\nlines", "mend"),
]


def test_json_has_every_part() -> None:
    first, second = json.loads(findings.as_json(PROBLEMS))["problems"]
    assert first["path"] == "a,b.md"
    assert second == {
        "path": "b.md",
        "line": 3,
        "column": 2,
        "spot": "",
        "severity": "warning",
        "code": "NIGHT",
        "message": "it is late: 100%",
        "remedy": "sleep",
    }


def test_github_commands_are_escaped() -> None:
    assert findings.as_github(PROBLEMS).splitlines() == [
        "::error file=a%2Cb.md,line=1,col=1,title=NO_DATE::two%0Alines - mend",
        "::warning file=b.md,line=3,col=2,title=NIGHT::it is late: 100%25 - sleep",
    ]


def test_sarif_names_rule_and_place() -> None:
    log = json.loads(findings.as_sarif(PROBLEMS))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["NIGHT", "NO_DATE"]
    result = run["results"][1]
    assert (result["ruleId"], result["level"]) == ("NIGHT", "warning")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "b.md"},
        "region": {"startLine": 3, "startColumn": 2},
    }


@pytest.mark.parametrize(
    ("options", "begins"),
    [
        (["--json"], "{"),
        (["--format", "json"], "{"),
        (["--format", "sarif"], "{"),
        (["--format", "github"], "::warning file="),
    ],
)
def test_check_writes_them(options: list[str], begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(SAMPLE), *options]) == 0
    assert capsys.readouterr().out.startswith(begins)
