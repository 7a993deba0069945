"""What SpamAssassin makes of mails of every kind, in every language, as a server receives them."""

import os
import re
import shutil
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest

from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail.stored import parsed
from tests.mail.busy import KINDS, Posted, posted

SPAMASSASSIN = shutil.which("spamassassin")
HIGHEST = 1.0
_STATUS = re.compile(r"score=(-?[0-9.]+) required=\S+ tests=(.*?) *(?:autolearn=|version=)")

pytestmark = pytest.mark.skipif(
    SPAMASSASSIN is None, reason="SpamAssassin is missing: apt-get install spamassassin"
)


def received(mail: Posted) -> bytes:
    """The mail with what the server of its reader writes above it."""
    message = parsed(mail.content)
    line = (
        "Received: from gsef.example.org (gsef.example.org [185.46.212.25])\r\n"
        "\tby mx.example.net (Postfix) with ESMTPS id 4ABCDEF123\r\n"
        f"\tfor <{message['To'].addresses[0].addr_spec}>; {message['Date']}\r\n"
    )
    return line.encode() + mail.content


def judged(folder: Path, mails: dict[str, bytes]) -> dict[str, tuple[float, str]]:
    """The score of each mail, and the rules that it met, by one process that asks nobody."""
    files = [folder / name for name in mails]
    for file in files:
        file.write_bytes(mails[file.name])
    command = [SPAMASSASSIN or "", "--local", "--nocreate-prefs", "--cf=report_safe 0", *map(str, files)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    answer = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    return {mail["X-Name"]: _verdict(mail) for mail in _mails_of(answer)}


def _mails_of(answer: bytes) -> list[EmailMessage]:
    """Those that were judged, which come one after the other."""
    begins = re.compile(rb"^X-Spam-Checker-Version:", re.MULTILINE)
    places = [found.start() for found in begins.finditer(answer)]
    return [parsed(answer[a:b]) for a, b in zip(places, [*places[1:], len(answer)], strict=True)]


def _verdict(mail: EmailMessage) -> tuple[float, str]:
    found = _STATUS.search(" ".join(mail["X-Spam-Status"].split()))
    assert found, mail["X-Spam-Status"]
    return float(found[1]), found[2].replace(" ", "")


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, str]]:
    """By kind and language, of the longest mail of each."""
    longest: dict[str, Posted] = {}
    for mail in posted(tmp_path_factory.mktemp("busy")):
        name = f"{mail.kind}.{mail.language}"
        longest[name] = max(longest.get(name, mail), mail, key=lambda each: len(each.content))
    mails = {name: f"X-Name: {name}\r\n".encode() + received(mail) for name, mail in longest.items()}
    return judged(tmp_path_factory.mktemp("judged"), mails)


def test_no_mail_looks_like_spam(scores: dict[str, tuple[float, str]]) -> None:
    assert set(scores) == {f"{kind}.{language}" for kind in KINDS for language in LANGUAGES}
    assert {name: found for name, found in scores.items() if found[0] >= HIGHEST} == {}


def test_what_looks_like_spam_is_noticed(tmp_path: Path) -> None:
    spam = b"X-Name: spam\r\nSubject: YOU HAVE WON\r\n\r\nCLICK HERE http://192.0.2.1/\r\n"
    (score, _) = judged(tmp_path, {"spam": spam})["spam"]
    assert score >= HIGHEST
