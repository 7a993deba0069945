"""Varnish, as deploy/feeds.vcl sets it up, keeps public feeds and nothing else."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.conftest import ROOT
from tests.service.running import free_port, service, wait_until

PROGRAMS = ("Google-Calendar-Importer", "iOS/18.0 dataaccessd/1.0", "Mozilla/5.0 Thunderbird/140.0")
OUTLOOK = "Microsoft Office/16.0 Outlook"


class Cache:
    """A running varnishd."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port, self._folder = port, folder

    def get(self, path: str, agent: str, **headers: str) -> tuple[int, dict[str, str]]:
        """Status and fields of an answer."""
        fields = {"User-Agent": agent, **{name.replace("_", "-"): value for name, value in headers.items()}}
        try:
            with urlopen(
                Request(f"http://127.0.0.1:{self._port}{path}", headers=fields), timeout=10
            ) as answer:
                return answer.status, dict(answer.headers.items())
        except HTTPError as error:
            return error.code, dict(error.headers.items())

    def asked_of_the_service(self) -> int:
        """How many requests it has passed on so far."""
        command = ["varnishstat", "-n", str(self._folder), "-1", "-f", "MAIN.backend_req"]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
        return int(said.split()[1])


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    if shutil.which("varnishd") is None:
        pytest.skip("varnishd is not here: install the Debian package varnish")
    folder = tmp_path_factory.mktemp("cache")
    with service(folder, str(ROOT / "schedules")) as running:
        running.wait_until_healthy()
        with varnish(folder, running.port) as started:
            yield started


@contextmanager
def varnish(folder: Path, service_port: int) -> Iterator[Cache]:
    rules, port = folder / "feeds.vcl", free_port()
    ours = (ROOT / "deploy" / "feeds.vcl").read_text(encoding="utf-8")
    rules.write_text(ours.replace('"8000"', f'"{service_port}"'), encoding="utf-8")
    command = ["varnishd", "-F", "-j", "none", "-n", str(folder / "varnish"), "-a", f"127.0.0.1:{port}"]
    command += ["-f", str(rules), "-s", "malloc,32m"]
    with (folder / "varnish.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    started = Cache(port, folder / "varnish")
    try:
        wait_until(lambda: answers(started), "varnishd")
        yield started
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(cache: Cache) -> bool:
    try:
        return cache.get("/healthz", "test")[0] == 200
    except OSError:
        return False


def test_one_copy_does_for_all_programs_and_another_for_outlook(cache: Cache) -> None:
    before = cache.asked_of_the_service()
    for agent in (*PROGRAMS, OUTLOOK, *PROGRAMS, OUTLOOK):
        for coding in ("gzip", "identity"):
            assert cache.get("/calendar.ics", agent, Accept_Encoding=coding)[0] == 200
    assert cache.asked_of_the_service() - before == 2


def test_outlook_never_gets_gzip_and_others_do(cache: Cache) -> None:
    for agent, coding in ((PROGRAMS[0], "gzip"), (OUTLOOK, None)):
        _, fields = cache.get("/calendar.ics?timezone=Asia/Seoul", agent, Accept_Encoding="gzip")
        assert {name.lower(): value for name, value in fields.items()}.get("content-encoding") == coding


def test_a_program_that_has_the_feed_gets_304_from_the_cache(cache: Cache) -> None:
    for coding in ("gzip", "identity"):
        _, fields = cache.get("/calendar.ics?lang=es", PROGRAMS[0], Accept_Encoding=coding)
        before = cache.asked_of_the_service()
        tag = next(value for name, value in fields.items() if name.lower() == "etag")
        again = cache.get("/calendar.ics?lang=es", PROGRAMS[1], Accept_Encoding=coding, If_None_Match=tag)
        assert again[0] == 304
        assert cache.asked_of_the_service() == before


@pytest.mark.parametrize("path", ["/my/token.ics", "/my/token", "/rsvp/token", "/unsubscribe/token", "/"])
def test_pages_and_what_is_personal_are_asked_of_the_service_each_time(cache: Cache, path: str) -> None:
    before = cache.asked_of_the_service()
    for agent in PROGRAMS:
        cache.get(path, agent)
    assert cache.asked_of_the_service() - before == len(PROGRAMS)


def test_the_rules_name_the_programs_that_the_service_knows() -> None:
    rules = (ROOT / "deploy" / "feeds.vcl").read_text(encoding="utf-8")
    known = (ROOT / "src/gsef_notify/web/conditional.py").read_text(encoding="utf-8")
    ours = re.search(r"_MICROSOFT = re\.compile\(r\"([^\"]+)\"", known)
    assert ours is not None
    assert f'"(?i){ours[1]}"' in rules
