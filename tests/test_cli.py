"""The commands as people type them, and one sentence for each of their mistakes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest

from gsef_notify import cli
from tests.conftest import ERIC, ROOT, SAMPLE, shared

Captured = pytest.CaptureFixture[str]

YAML = """
sessions:
  - title: T
    date: "2021-10-08"
    time: "18:00-19:30"
    timezone: Asia/Seoul
    segments:
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder, without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GSEF_NOTIFY_")]:
        monkeypatch.delenv(name)


def written(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("empty.md", "", "empty.md:1:1: error UNREADABLE the file is empty"),
        ("blank.yaml", " \n\n", "blank.yaml:1:1: error UNREADABLE the file is empty"),
        (
            "renamed.md",
            b"%PDF-1.7\n\x00",
            "renamed.md:1:1: error UNREADABLE this is a PDF under another name",
        ),
        (
            "latin.md",
            "Título".encode("latin-1"),
            "latin.md:1:1: error UNREADABLE byte 1 (line 1) is not UTF-8",
        ),
        (
            "sheet.odt",
            b"PK\x03\x04",
            "sheet.odt:1:1: error FORMAT_UNKNOWN files that end in '.odt' are not read",
        ),
        (
            "zone.yaml",
            YAML.replace("Asia/Seoul", "Asia/Soul") + '      - {time: "18:00-18:10", title: A}\n',
            "zone.yaml:6:15: error ZONE_UNKNOWN_NAME unknown time zone 'Asia/Soul': did you mean Asia/Seoul",
        ),
        (
            "back.yaml",
            YAML + '      - {time: "18:20-18:10", title: A}\n',
            "back.yaml:8:16: error SEGMENT_BACKWARDS the segment 'A' ends at 18:10, not after it begins",
        ),
        (
            "twice.yaml",
            YAML
            + '      - {time: "18:00-18:10", title: A, id: x}\n'
            + '      - {time: "18:10-18:20", title: B, id: x}\n',
            "twice.yaml:9:16: error ID_TWICE the id 'x' is taken already at twice.yaml:8",
        ),
        (
            "unquoted.yaml",
            YAML + "      - time: 10:30\n        title: A\n",
            "unquoted.yaml:8:15: error TIME_UNQUOTED 10:30 is one unquoted time; many YAML readers make "
            'a number of it (10:30 becomes 630) - write a range in quotes, "10:30-11:30"',
        ),
        (
            "gap.yaml",
            YAML.replace("2021-10-08", "2021-09-05")
            .replace("18:00-19:30", "00:30-02:00")
            .replace("Asia/Seoul", "America/Santiago"),
            "gap.yaml:6:15: error TIME_NONEXISTENT 2021-09-05 00:30 does not exist in America/Santiago",
        ),
        ("list.yaml", "- a\n", "list.yaml:1:1: error YAML_SHAPE a mapping is expected, not a list"),
        (
            "typo.yaml",
            "sesions: []\n",
            "typo.yaml:1:1: error KEY_UNKNOWN the key 'sesions' is unknown - did you mean",
        ),
        ("tab.yaml", "sessions:\n\t- x\n", "tab.yaml:2:1: error YAML_SYNTAX"),
    ],
)
def test_a_bad_file_is_one_finding_at_its_place(
    name: str, content: str, finding: str, capsys: Captured
) -> None:
    assert cli.main(["check", written(name, content)]) == 1
    printed = capsys.readouterr()
    errors = [line for line in printed.out.splitlines() if " error " in line]
    assert len(errors) == 1
    assert errors[0].startswith(finding)
    assert " - " in errors[0]
    assert printed.err.startswith("1 errors")


def test_a_file_that_is_not_there(capsys: Captured) -> None:
    assert cli.main(["show", "nowhere.md"]) == 1
    finding = "error NO_FILE there is no such file - name a file or folder that exists"
    assert capsys.readouterr().err == f"gsef-notify: nowhere.md:1:1: {finding}\n"


def test_all_problems_are_told_at_once(capsys: Captured) -> None:
    bad = (
        YAML + '      - {time: "18:20-18:10", title: A}\n      - {time: noon, title: B}\n      - {title: C}\n'
    )
    assert cli.main(["check", written("bad.yaml", bad)]) == 1
    codes = [line.split()[2] for line in capsys.readouterr().out.splitlines()]
    assert codes == ["SEGMENT_BACKWARDS", "TIME_UNREADABLE", "NO_TIME"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["feed", str(SAMPLE), "--timezone", "Santigo"], 1, "unknown time zone 'Santigo': did you mean"),
        (["feed", str(SAMPLE), "--session", "x"], 1, "the program has no session 'x'"),
        (["feed", str(SAMPLE), "--output", "/proc/x"], 2, "/proc/x: "),
        (["plan", str(SAMPLE), "--from", "yesterday"], 2, "'yesterday' is no time"),
        (["plan", str(SAMPLE), "--people", "none.csv"], 1, "none.csv:1:1: error UNREADABLE"),
        (["people", "import", "none.csv"], 1, "none.csv:1:1: error UNREADABLE No such file or directory"),
        (
            ["--config", "none.toml", "status"],
            2,
            "none.toml: No such file or directory - name a settings file",
        ),
        (["rehearse", str(SAMPLE), "--output", "/proc/x"], 2, "/proc/x: "),
        (
            ["rehearse", str(SAMPLE), "--output", "out", "--outage", "noon..midnight"],
            2,
            "--outage noon..midnight: 'noon' is no time - write for example --outage 2021-10-08T07:59:00Z..",
        ),
        (
            ["rehearse", str(SAMPLE), "--output", "out", "--edit", "none.md@2021-10-08T08:00Z"],
            2,
            "--edit none.md: there is no such file - name a program file or folder",
        ),
        (["plan", str(SAMPLE), "--diff", "--until", "2021-10-08"], 2, "--until does not go with --diff"),
        (
            ["serve", str(SAMPLE), "--port", "99999"],
            2,
            "can not listen on 127.0.0.1:99999: a port is a number",
        ),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], code: int, sentence: str, capsys: Captured) -> None:
    assert cli.main(arguments) == code
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith(f"gsef-notify: {sentence}")


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DATABASE", "sqlite:////proc/none/x.db", "database sqlite:////proc/none/x.db: "),
        ("DATABASE", "shelf", "database 'shelf' is no database URL"),
        ("MAIL", "gopher://x", "mail: "),
        ("MAIL", "smtp://mail.example.org", "mail: "),
        ("MAIL", "smtps://me:hush@mail.example.org:no", "mail: "),
        ("SENDER", "nobody", "sender: 'nobody' is no e-mail address"),
        (
            "DKIM",
            '[{domain = "example.org", selector = "mail", key_file = "none.pem"}]',
            "dkim: can not read 'none.pem': No such file or directory - name a PEM file",
        ),
        ("PORT", "many", "gsef-notify.toml: Expected `int`"),
        ("TEMPLATES", "mine", "mine/mail/speaker-day/body.txt:7: 'nope' is undefined"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    variable: str, value: str, sentence: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "templates", "mine")
    template = Path("mine/mail/speaker-day/body.txt")
    template.write_text(template.read_text().replace("details %}\n", "details %}\n{{ nope }}\n", 1))
    monkeypatch.setenv(f"GSEF_NOTIFY_{variable}", value)
    assert cli.main(["serve", str(SAMPLE)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"gsef-notify: {sentence}")
    assert "hush" not in said


@pytest.mark.parametrize(
    ("part", "added", "sentence"),
    [
        (
            "body.html",
            "\n{{ nope }}",
            "'nope' is undefined - what there is: answer, answer_url, calendar_url",
        ),
        ("subject.txt", "{{ session.nope }}", "'dict object' has no attribute 'nope' - what there is"),
        ("body.txt", "{% if %}", "Expected an expression"),
        ("body.txt", "{% include 'gone.txt' %}", "gone.txt"),
    ],
)
def test_a_template_with_a_mistake_is_named_with_its_line(
    part: str, added: str, sentence: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "templates", "mine")
    template = Path("mine/mail/participant-session", part)
    template.write_text(template.read_text() + added)
    line = template.read_text().count("\n") + 1
    monkeypatch.setenv("GSEF_NOTIFY_TEMPLATES", "mine")
    assert cli.main(["rehearse", str(SAMPLE), "--output", "out"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"gsef-notify: {template}:{line}: ")
    assert sentence in said


@pytest.mark.parametrize(
    ("notice", "subject", "said"),
    [
        (
            "changed",
            "New time: Fri 8 Oct, 06:21 (Santiago time) - ",
            "We told you 05:51 on Friday 8 October 2021",
        ),
        ("cancelled", "Cancelled: Fri 8 Oct, 06:21 (Santiago time) - ", "it has been cancelled"),
        (
            "reinstated",
            "It takes place after all: Fri 8 Oct, 06:21 (Santiago time) - ",
            "it takes place after all",
        ),
    ],
)
def test_notices_can_be_looked_at_before_there_is_a_reason(
    notice: str, subject: str, said: str, capsys: Captured
) -> None:
    arguments = ["preview", str(SAMPLE), "--to", "eric.leyton@example.org", "--rule", notice]
    assert cli.main(arguments) == 0
    text = capsys.readouterr().out
    assert text.startswith(subject)
    assert said in " ".join(text.split())


def test_check_names_what_is_wrong_in_each_template_of_ones_own(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("speaker-day", "changed"):
        folder = Path("mine/mail") / kind
        folder.mkdir(parents=True)
        (folder / "subject.txt").write_text("Hello\n{{ nobody }}", encoding="utf-8")
    monkeypatch.setenv("GSEF_NOTIFY_TEMPLATES", "mine")
    assert cli.main(["check", str(SAMPLE)]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if " error TEMPLATE " in line]
    assert [line.partition(" - ")[0] for line in found] == [
        "mine/mail/changed/subject.txt:2:1: error TEMPLATE 'nobody' is undefined",
        "mine/mail/speaker-day/subject.txt:2:1: error TEMPLATE 'nobody' is undefined",
    ]


def test_a_template_that_is_missing_for_a_rule_is_named(capsys: Captured) -> None:
    rule = (
        '[[rules]]\nname = "r"\nrole = "speaker"\nwhen = "1 hour before the session"\ntemplate = "telegram"\n'
    )
    config = written("settings.toml", rule)
    assert cli.main(["--config", config, "rehearse", str(SAMPLE), "--output", "out"]) == 2
    assert "rule 'r': there is no template 'telegram'" in capsys.readouterr().err


def test_show_gives_the_promised_json(capsys: Captured) -> None:
    assert cli.main(["show", str(SAMPLE), "--json"]) == 0
    text = capsys.readouterr().out
    (session,) = json.loads(text)["sessions"]
    assert list(session)[:8] == ["id", "title", "start", "end", "timezone", "language", "people", "segments"]
    assert (session["start"], session["end"]) == ("2021-10-08T18:00:00+09:00", "2021-10-08T19:30:00+09:00")
    assert list(session["people"][0])[:6] == ["id", "name", "role", "organization", "country", "timezone"]
    assert session["segments"][4] == {
        "id": "work-integration-social-enterprises",
        "title": "Work Integration Social Enterprises & International Cooperation",
        "start": "2021-10-08T18:21:00+09:00",
        "end": "2021-10-08T18:31:00+09:00",
        "people": [ERIC],
    }
    assert "@" not in text


def test_addresses_are_shown_when_asked_for(capsys: Captured) -> None:
    assert cli.main(["show", str(SAMPLE), "--json", "--private"]) == 0
    people = json.loads(capsys.readouterr().out)["sessions"][0]["people"]
    assert [person["email"] for person in people] == ["dara.huot@example.org", None, None, None, None]


def test_the_real_sheet_gives_ten_segments_and_five_people(capsys: Captured) -> None:
    assert cli.main(["show", str(shared("sheets/gsef-2021-alliances.md")), "--json"]) == 0
    (session,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (len(session["segments"]), len(session["people"])) == (10, 5)


def test_show_prints_a_table_in_any_zone(capsys: Captured) -> None:
    assert cli.main(["show", str(SAMPLE), "--timezone", "america/santiago"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Friday 8 October 2021, Santiago time (UTC-03:00)"
    (eric,) = [line for line in lines if "06:21-06:31" in line]
    assert eric.split()[-3:] == ["Eric", "Leyton", "Inostroza"]


def test_check_is_content_with_the_sample_and_its_contact_list(capsys: Captured) -> None:
    assert cli.main(["check", str(SAMPLE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == [
        "NIGHT_SPREAD",
        "NIGHT",
        "TITLE_DIFFERS",
        "NIGHT",
        "TIME_STRAY_SIGN",
        "ZONE_UNKNOWN",
    ]
    assert lines[-1] == (
        f"{SAMPLE.with_name('people.csv')}:9:1: warning ZONE_UNKNOWN Lucas Weber has no known time zone: "
        "they are told times in each session's zone - fill in the column timezone"
    )


def test_check_names_those_without_zone_and_strangers(capsys: Captured) -> None:
    people = written("people.csv", "name,email,role\nNobody,n@example.org,speaker\n")
    assert cli.main(["check", str(SAMPLE), "--people", people]) == 0
    codes = [line.split()[2] for line in capsys.readouterr().out.splitlines()]
    assert codes == ["ZONE_UNKNOWN"] * 3 + ["TITLE_DIFFERS", "TIME_STRAY_SIGN", "STRANGER"]


def test_feed_writes_a_calendar_to_a_file() -> None:
    arguments = [
        "feed",
        str(SAMPLE),
        "--person",
        ERIC,
        "--timezone",
        "America/Santiago",
        "--output",
        "eric.ics",
    ]
    assert cli.main(arguments) == 0
    (event,) = icalendar.Calendar.from_ical(Path("eric.ics").read_bytes()).walk("VEVENT")
    assert f"{event.decoded('DTSTART'):%Y-%m-%d %H:%M}" == "2021-10-08 06:21"


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("yaml", 'time: "18:21-18:31"'),
        ("ics", "BEGIN:VEVENT\r\n"),
        ("xml", "<date>2021-10-08T18:21:00+09:00</date>"),
        ("json", '"date": "2021-10-08T18:21:00+09:00"'),
        ("csv", "2021-10-08,18:21,18:31,Asia/Seoul,,,en,"),
    ],
)
def test_convert_writes_other_formats(to: str, expected: str) -> None:
    assert cli.main(["convert", str(SAMPLE), "--to", to, "--output", "converted"]) == 0
    text = Path("converted").read_bytes().decode()
    assert expected in text
    assert ("@example.org" in text) == (to == "yaml")


def test_plan_lists_every_mail_and_why(capsys: Captured) -> None:
    assert cli.main(["plan", str(SAMPLE), "--json"]) == 0
    mails = json.loads(capsys.readouterr().out)["mails"]
    assert len(mails) == 24
    (last,) = [
        m for m in mails if m["email"] == "eric.leyton@example.org" and m["rule"] == "speaker-10-minutes"
    ]
    assert (last["due"], last["local_due"], last["why"]) == (
        "2021-10-08T09:11:00Z",
        "2021-10-08 06:11",
        "speakers are told 10 minutes before their segment",
    )


def test_plan_says_where_quiet_hours_moved_a_mail_from_and_lists_those_to_organizers(
    capsys: Captured,
) -> None:
    people = written(
        "people.csv",
        "name,email,timezone,role\n"
        "Eric Leyton Inostroza,e@example.org,America/Santiago,speaker\n"
        "Olga Organizer,o@example.org,Europe/Paris,organizer\n",
    )
    assert cli.main(["plan", str(SAMPLE), "--people", people, "--json"]) == 0
    mails = [mail for mail in json.loads(capsys.readouterr().out)["mails"] if mail["email"]]
    (early,) = [mail for mail in mails if mail["rule"] == "speaker-1-day"]
    assert (early["due"], early["unmoved"]) == ("2021-10-07T00:59:00Z", "2021-10-07T09:00:00Z")
    assert (early["priority"], early["useless_from"]) == ("normal", "2021-10-08T08:00:00Z")
    assert early["why"].endswith("moved from 06:00 on Thu 7 Oct by quiet hours (22:00-07:00)")
    digests = [mail for mail in mails if mail["rule"] == "organizer-morning"]
    assert {mail["local_due"][-5:] for mail in digests} == {"08:00"}
    assert {mail["session"] for mail in digests} == {""}
    assert cli.main(["plan", str(SAMPLE), "--people", people]) == 0
    assert re.search(
        r"Olga Organizer +o@example.org +the program +organizers are told", capsys.readouterr().out
    )


def test_plan_names_those_whom_nobody_can_reach(capsys: Captured) -> None:
    people = written("people.csv", "name,email,role\nYoung Kim,k@example.org,speaker\n")
    assert cli.main(["plan", str(SAMPLE), "--people", people]) == 0
    summary = capsys.readouterr().out.splitlines()[-1]
    unreached = "Bernard Luyiga, Eric Leyton Inostroza, Martin Van Den Borre"
    assert summary == f"6 mails to 2 people; no address is known of {unreached}"


def test_preview_shows_a_mail_in_a_language_and_zone(capsys: Captured) -> None:
    eric = ["preview", str(SAMPLE), "--to", "eric.leyton@example.org", "--rule", "speaker-10-minutes"]
    assert cli.main(eric) == 0
    assert capsys.readouterr().out.startswith("In 10 minutes: you are on at 06:21 (Santiago time) - Work ")
    assert cli.main([*eric, "--language", "fr", "--timezone", "Asia/Seoul", "--format", "html"]) == 0
    html = capsys.readouterr().out
    assert '<html lang="fr">' in html
    assert "heure de Séoul (UTC+09:00)" in html
    assert cli.main([*eric, "--format", "eml", "--output", "mail.eml"]) == 0
    assert Path("mail.eml").read_bytes().startswith(b"Date: Fri, 08 Oct 2021 09:11:00 +0000\r\n")


def test_preview_of_no_mail_says_which_there_are(capsys: Captured) -> None:
    assert cli.main(["preview", str(SAMPLE), "--to", "x@example.org", "--rule", "daily"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "gsef-notify: no mail of the rule daily would go to x@example.org - the rules are "
    )
    assert "eric.leyton@example.org" in said


def test_people_are_imported_and_listed(capsys: Captured) -> None:
    assert cli.main(["people", "import", str(SAMPLE.with_name("people.csv"))]) == 0
    assert cli.main(["people", "list"]) == 0
    printed = capsys.readouterr().out
    assert "8 lines taken from" in printed
    assert "eric.leyton@example.org" in printed


def test_status_says_how_things_stand(capsys: Captured) -> None:
    assert cli.main(["status", "--json"]) == 0
    expected: object = {
        "revision": None,
        "next_due": None,
        "deliveries": {"planned": 0},
        "suppressed": 0,
        "troubled": [],
        "amendments": [],
        "unconfirmed": [],
    }
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["serve", "--speed", "0"], ["rehearse"]])
def test_wrong_usage_ends_with_two(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_without_a_program_of_ones_own_the_sample_is_used(capsys: Captured) -> None:
    assert cli.main(["show"]) == 0
    assert "Initiatives and alliances" in capsys.readouterr().out


def test_a_closed_pipe_is_no_error() -> None:
    shell = f"{sys.executable} -m gsef_notify feed {SAMPLE} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], capture_output=True, timeout=60, check=False
    )
    assert done.stderr == b""
    assert done.stdout == b"BEGIN:VCALENDAR\r\n"


def test_a_copy_of_the_database_is_made_and_not_made_over_another(capsys: Captured) -> None:
    assert cli.main(["backup", "copy.db"]) == 0
    assert capsys.readouterr().out == "the database is in copy.db\n"
    assert Path("copy.db").read_bytes().startswith(b"SQLite format 3")
    assert cli.main(["backup", "copy.db"]) == 2
    assert capsys.readouterr().err == "gsef-notify: copy.db exists already - name a new file\n"


def test_a_rehearsal_has_no_roles(capsys: Captured) -> None:
    assert cli.main(["serve", "--rehearse", "--role", "web"]) == 2
    assert "--rehearse plays everything in one process - leave --role out" in capsys.readouterr().err
