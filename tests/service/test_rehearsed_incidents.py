"""A rehearsal with everything that can go wrong: what people get, and how it is shown."""

import re
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from gsef_notify import readers, runs
from gsef_notify.errors import SettingsError
from gsef_notify.program.amendments import AmendmentRefused
from gsef_notify.readers import contact_list
from gsef_notify.service.incidents import script
from gsef_notify.settings import Settings
from tests.conftest import SAMPLE
from tests.service.test_rehearsal import ALL_TIME, mails, text, when
from tests.web.test_in_a_browser import CHROMIUM, QUIET

SESSION = "gsef-2021-alliances"
FAB_CITY = "fab-city-global-initiative-and-sse"
OUTAGE = ("outage", "2021-10-08T07:59Z..2021-10-08T08:20Z")
LATE = ("late", f"{SESSION}:10@2021-10-08T09:05Z")
Rehearsed = tuple[Path, str]


def rehearsed(folder: Path, *happens: tuple[str, str]) -> str:
    """The summary of a rehearsal of the sample, with what is to happen, for people who never sleep."""
    program = readers.read([SAMPLE]).accept()
    contacts = contact_list.read(SAMPLE.with_name("people.csv")).accept()
    awake = Settings(quiet_hours="none")
    return runs.play_rehearsal(awake, program, contacts, folder, ALL_TIME, script(happens))


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    """The mail server is down an hour before the session, which then runs late."""
    folder = tmp_path_factory.mktemp("bad-day") / "out"
    yield folder, rehearsed(folder, OUTAGE, LATE)


def shown(folder: Path) -> str:
    page = (folder / "index.html").read_text()
    return re.sub(r"\s+", " ", re.sub(r"<style>.*</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def to(folder: Path, name: str) -> list[EmailMessage]:
    return [m for m in mails(folder) if m["To"].addresses[0].display_name == name]


def test_no_mail_goes_out_while_the_server_is_down_and_none_is_lost(bad_day: Rehearsed) -> None:
    folder, _ = bad_day
    times = Counter(f"{when(m):%H:%M}" for m in mails(folder) if f"{when(m):%d}" == "08")
    assert not [time for time in times if "07:59" <= time < "08:20"]
    assert times["08:31"] == 8


def test_a_late_mail_says_how_long_it_really_is_until_then(bad_day: Rehearsed) -> None:
    folder, _ = bad_day
    (late,) = [m for m in to(folder, "Young Kim") if f"{when(m):%H:%M}" == "08:31"]
    assert late["Subject"].startswith("In 40 minutes: be ready, you speak at 18:11 (Seoul time)")
    (listener,) = [m for m in to(folder, "Awa Ndiaye") if f"{when(m):%H:%M}" == "08:31"]
    assert "29 minutes" in text(listener)


def test_that_it_runs_late_is_told_at_once_to_those_whom_it_concerns(bad_day: Rehearsed) -> None:
    folder, _ = bad_day
    told = {m["To"].addresses[0].display_name: m for m in mails(folder) if f"{when(m):%H:%M}" == "09:05"}
    assert set(told) == {
        "Dara Huot",
        "Young Kim",
        "Eric Leyton Inostroza",
        "Bernard Luyiga",
        "Martin Van Den Borre",
    }
    assert "06:31" in told["Eric Leyton Inostroza"]["Subject"]


def test_the_summary_says_what_happened_and_how_late_mails_were(bad_day: Rehearsed) -> None:
    _, summary = bad_day
    assert summary.splitlines()[-3:-1] == [
        "1 outage of the mail server: 8 mails were late, by 31 minutes at most",
        f"2021-10-08 09:05 UTC: {SESSION} runs 10 minutes late (revision 2; 5 people are to be told)",
    ]


def test_the_page_shows_what_was_late_and_what_answers_what_by_each_readers_clock(bad_day: Rehearsed) -> None:
    page = shown(bad_day[0])
    assert (
        "Fri 16:59 Seoul until 17:20 2021-10-08 07:59 to 2021-10-08 08:20 UTC The mail server is down" in page
    )
    eric = page[page.index("Eric Leyton Inostroza speaker, Santiago time (UTC-03:00)") :]
    eric = eric[: eric.index("Martin Van Den Borre speaker")]
    assert re.search(
        r"05:31 Fri 8 Oct In 50 minutes: .*? night 31 minutes late speaker-1-hour; due 05:00", eric
    )
    assert "deferred by the outage until 05:31" in eric
    assert re.search(r"06:05 Fri 8 Oct New time: .*? answers Fri 05:31: In 50 minutes: ", eric)


def test_every_link_of_the_page_leads_somewhere(bad_day: Rehearsed) -> None:
    folder, _ = bad_day
    page = (folder / "index.html").read_text()
    names = re.findall(r'id="([^"]+)"', page)
    assert len(names) == len(set(names))
    for link in re.findall(r'href="([^"]+)"', page):
        assert link[1:] in names if link.startswith("#") else (folder / link).exists(), link
    assert "<script" not in page
    assert "@example.org" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium")
def test_the_page_fits_a_phone_and_is_read_without_scripts(bad_day: Rehearsed) -> None:
    folder, _ = bad_day
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = chromium.new_page(viewport={"width": 320, "height": 800}, java_script_enabled=False)
        page.goto(f"file://{folder}/index.html")
        eric = page.locator("section", has=page.get_by_role("heading", name="Eric Leyton Inostroza"))
        eric.locator("summary").last.click()
        expect(eric.get_by_text("06:31-06:41 Santiago time (UTC-03:00)").last).to_be_visible()
        too_wide = "all => all.filter(each => each.getBoundingClientRect().right > 320).length"
        wide = page.locator("body *").evaluate_all(too_wide)
        chromium.close()
    assert wide == 0


def test_what_can_not_be_sent_in_time_is_shown_with_its_reason(tmp_path: Path) -> None:
    summary = rehearsed(tmp_path / "out", ("outage", "2021-10-08T09:00Z..2021-10-08T12:00Z"))
    assert summary.startswith("24 mails to 8 people: 4 expired, 20 sent")
    assert "1 outage of the mail server: 4 mails were not sent because it was too late" in summary
    assert "The mail server is down 4 mails were not sent" in shown(tmp_path / "out")
    reason = "expired it could not be sent in time: can not reach the mail server"
    assert shown(tmp_path / "out").count(reason) == 2 * 4


def test_who_was_told_is_told_of_a_cancellation_and_that_it_takes_place_after_all(tmp_path: Path) -> None:
    folder, part = tmp_path / "out", f"{SESSION}:{FAB_CITY}"
    rehearsed(
        folder, ("cancel", f"{part}@2021-10-08T08:30Z"), ("reinstate", f"{part}@2021-10-08T08:45Z"), OUTAGE
    )
    assert [
        (f"{when(m):%H:%M}", m["Subject"].partition(":")[0]) for m in to(folder, "Martin Van Den Borre")[2:]
    ] == [
        ("08:30", "Cancelled"),
        ("08:45", "It takes place after all"),
        ("09:31", "In 10 minutes"),
    ]
    assert "cancelled the program has changed" in shown(folder)


def test_an_edited_file_is_published_and_one_with_errors_is_not(tmp_path: Path) -> None:
    sheet = SAMPLE.read_text()
    broken, edited = tmp_path / "broken.md", tmp_path / SAMPLE.name
    broken.write_text(sheet.replace("18:21-18:31", "18:21-18:11"))
    edited.write_text(sheet.replace("18:21-18:31", "18:23-18:31"))
    edits = [f"{broken}@2021-10-08T08:10Z", f"{edited}@2021-10-08T08:30Z", f"{edited}@2021-10-09T08:30Z"]
    summary = rehearsed(tmp_path / "out", *(("edit", edit) for edit in edits))
    assert "broken.md says (not published: it has errors, and the last good program stays)" in summary
    assert re.search(rf"  {re.escape(str(broken))}:\d+:\d+: error ", summary)
    assert re.search(rf"{SAMPLE.name} says \(revision 2; \d (person is|people are) to be told\)", summary)
    assert "2021-10-09 08:30 UTC: the program is what gsef-2021-alliances.md says (nothing has changed)" in (
        summary
    )
    assert "06:23" in to(tmp_path / "out", "Eric Leyton Inostroza")[-1]["Subject"]


def test_what_makes_no_sense_at_its_time_ends_the_rehearsal_with_a_sentence(tmp_path: Path) -> None:
    play = partial(rehearsed, tmp_path / "out")
    with pytest.raises(
        AmendmentRefused, match=r"^at 2021-10-08 08:30 UTC, gsef is .* write one like gsef-2021"
    ):
        play(("cancel", "gsef@2021-10-08T08:30Z"))
    with pytest.raises(SettingsError, match=r"--edit none\.md: there is no such file"):
        play(("edit", "none.md@2021-10-08T08:30Z"))
