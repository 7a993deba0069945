"""What a visitor in Santiago sees in Chromium, with scripts and without."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gsef_notify.web.app import create_app
from gsef_notify.web.sources import House
from tests.web.conftest import TEMPLATES
from tests.web.gsef2021 import PEOPLE, SESSION_ID, Played, house, mail_to_eric, seoul

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SESSION_PAGE = f"/sessions/{SESSION_ID}"
ADDRESS = f"gsef.example.org/sessions/{SESSION_ID}.ics?timezone="
FORBIDDEN_STORAGE = """
  Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
"""
OpenPage = Callable[..., Page]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def served(shown: House) -> Iterator[str]:
    """The address at which a house is answered for; requests wait in the socket until the server runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(shown, TEMPLATES), log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(house()) as address:
        yield address


@pytest.fixture
def stage_address(stage: Played) -> Iterator[str]:
    with served(house(stage=stage)) as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens pages as a visitor in Santiago; at the end none may have asked another host or complained, except
    where ``complains`` is said."""
    contexts, asked, complaints = [], list[str](), list[str]()

    def opened(url: str, *, before: str = "", complains: bool = False, **options: object) -> Page:
        settings = {"timezone_id": "America/Santiago", **options}
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(before)
        page.on("request", lambda request: asked.append(request.url))
        if not complains:
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [url for url in asked if not url.startswith("http://127.0.0.1:")]
    assert not complaints


def expect_eric(page: Page, times: str) -> None:
    segment = page.locator("[data-segment]", has_text="Eric Leyton Inostroza")
    expect(segment.locator(".times")).to_have_text(times)


@pytest.mark.parametrize("path", ["/", SESSION_PAGE])
def test_a_visitor_in_santiago_sees_erics_slot_at_06_21(open_page: OpenPage, address: str, path: str) -> None:
    page = open_page(address + path)
    expect_eric(page, "06:21–06:31")
    expect(page.locator("[data-segment]", has_text="Eric").locator(".own")).to_have_text(
        "18:21 Seoul", use_inner_text=True
    )
    expect(page.locator(".when")).to_contain_text("Friday 8 October 2021")
    expect(page.locator(".when")).to_contain_text("Santiago time (UTC-03:00)")


def test_another_zone_changes_the_times_and_the_links(open_page: OpenPage, address: str) -> None:
    page = open_page(address + SESSION_PAGE)
    page.get_by_label("Times in").select_option("Africa/Kampala")
    expect_eric(page, "12:21–12:31")
    links = page.locator("[data-subscribe]")
    expect(links.locator("[data-link=webcal]")).to_have_attribute("href", f"webcal://{ADDRESS}Africa/Kampala")
    expect(links.locator("[data-link=url]")).to_have_value(f"https://{ADDRESS}Africa/Kampala")
    for link in ("google", "outlook", "path"):
        expect(links.locator(f"[data-link={link}]")).to_have_attribute("href", re.compile("Africa.*Kampala"))
    expect(page.get_by_role("link", name="Calendar of Eric")).to_have_attribute(
        "href", "/people/eric-leyton-inostroza.ics?timezone=Africa/Kampala"
    )


@pytest.mark.parametrize("zone", ["America/Santiago", "Pacific/Honolulu", "Asia/Seoul", "Asia/Kathmandu"])
def test_script_and_server_make_the_same_page(open_page: OpenPage, address: str, zone: str) -> None:
    url = f"{address}{SESSION_PAGE}?timezone={zone}"
    scripted, plain = open_page(url), open_page(url, java_script_enabled=False)
    expect(scripted.locator("[data-zone-form] select")).to_have_value(zone)
    for part in (".when", ".order", ".subscribe .buttons", ".people"):
        own = "elements => elements.map(e => [e.innerText.replace('Copy', ''), "
        own += "[...e.querySelectorAll('a')].map(a => a.href)])"
        assert scripted.locator(part).evaluate_all(own) == plain.locator(part).evaluate_all(own)


def test_the_choice_is_kept_for_the_next_visit(open_page: OpenPage, address: str) -> None:
    page = open_page(f"{address}/?timezone=Asia/Seoul")
    page.get_by_label("Times in").select_option("America/Toronto")
    page.reload()
    expect_eric(page, "05:21–05:31")


def test_it_works_where_nothing_may_be_kept(open_page: OpenPage, address: str) -> None:
    page = open_page(address, before=FORBIDDEN_STORAGE)
    expect_eric(page, "06:21–06:31")
    page.get_by_label("Times in").select_option("Africa/Kampala")
    expect_eric(page, "12:21–12:31")


def test_the_day_is_named_where_it_differs(open_page: OpenPage, address: str) -> None:
    page = open_page(address, timezone_id="Pacific/Honolulu")
    expect(page.locator(".when")).to_contain_text("Thursday 7 October 2021")
    first, late = page.locator("[data-segment]").first, page.locator("[data-segment]").last
    expect(first.locator(".own")).to_have_text("Fri 8 Oct, 18:00 Seoul")
    expect(late.locator("[data-shift]")).to_have_text("+1 day")


def test_the_sessions_own_time_is_not_said_twice(open_page: OpenPage, address: str) -> None:
    page = open_page(address, timezone_id="Asia/Seoul")
    expect_eric(page, "18:21–18:31")
    expect(page.locator(".own").first).to_be_hidden()


def test_without_scripts_a_form_changes_the_zone(open_page: OpenPage, address: str) -> None:
    page = open_page(address + SESSION_PAGE, java_script_enabled=False)
    expect_eric(page, "18:21–18:31")
    page.get_by_label("Times in").fill("America/Santiago")
    page.get_by_role("button", name="Show").click()
    expect_eric(page, "06:21–06:31")
    expect(page.locator("[data-link=webcal]")).to_have_attribute(
        "href", f"webcal://{ADDRESS}America/Santiago"
    )


def test_no_address_of_a_person_is_in_a_page(open_page: OpenPage, address: str, stage_address: str) -> None:
    for url in (address, address + SESSION_PAGE, stage_address):
        source = open_page(url).content()
        assert not [person.email for person in PEOPLE if str(person.email) in source]


@pytest.mark.parametrize("path", ["/", SESSION_PAGE])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_has_to_be_scrolled_sideways(
    open_page: OpenPage, address: str, path: str, width: int
) -> None:
    page = open_page(address + path, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_rehearsal_shows_its_clock_and_what_is_on(open_page: OpenPage, stage_address: str) -> None:
    page = open_page(stage_address)
    expect(page.locator("[data-stage]")).to_contain_text("This is a rehearsal on a virtual clock.")
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"Fri,? 8 Oct,? 06:2\d:\d\d Santiago"))
    expect(page.locator("[aria-current=time]")).to_contain_text("Eric Leyton Inostroza")


def test_a_rehearsal_is_made_late_with_a_button(
    open_page: OpenPage, stage_address: str, stage: Played
) -> None:
    page = open_page(stage_address)
    page.get_by_label("runs late by").fill("12")
    page.get_by_role("button", name="Running late").click()
    expect(page.locator("[data-stage]")).to_contain_text("This is a rehearsal on a virtual clock.")
    assert stage.lates == [(SESSION_ID, 12)]


def test_mails_are_listed_as_they_go_out(open_page: OpenPage, stage_address: str, stage: Played) -> None:
    stage.sent.append(mail_to_eric("1"))
    page = open_page(stage_address)
    mails = page.locator("[data-mails] li")
    expect(mails).to_have_count(1)
    stage.messages["2"] = b"Subject: On\r\nContent-Type: text/html\r\n\r\n<p>Half an hour</p>"
    stage.sent.append(mail_to_eric("2"))
    stage.at = seoul("18:35")
    expect(mails).to_have_count(2)
    expect(mails.first).to_contain_text("Fri 8 Oct, 05:51 Santiago · to Eric Leyton Inostroza (speaker)")
    expect(page.locator("[aria-current=time]")).to_contain_text("Bernard Luyiga")
    mails.first.get_by_role("link").click()
    expect(page.frame_locator("iframe").get_by_text("Half an hour")).to_be_visible()


def test_a_script_in_a_mail_does_not_run(open_page: OpenPage, stage_address: str, stage: Played) -> None:
    script = b"<p id=a>still</p><script>document.getElementById('a').textContent = 'ran'</script>"
    stage.messages["1"] = b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + script
    page = open_page(f"{stage_address}/rehearsal/mails/1/html", complains=True)
    expect(page.locator("#a")).to_have_text("still")
