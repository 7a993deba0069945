"""A rehearsal can be watched: its clock, its mails, and nothing in them can act on the page."""

import pytest
from starlette.testclient import TestClient

from tests.web.gsef2021 import SESSION_ID, Played, mail_to_eric, seoul

MESSAGE = (
    b'From: GSEF <forum@example.org>\r\nTo: "Eric <b>" <eric@people.example.org>, dara@people.example.org\r\n'
    b"Subject: You are on <soon>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
    b"--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    b"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOn at 06:21 & not later\r\n"
    b"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<h1>On at 06:21</h1><script>alert(1)</script>\r\n--a--\r\n"
    b"--m\r\nContent-Type: text/calendar\r\nContent-Disposition: attachment; filename=slot.ics\r\n\r\n"
    b"BEGIN:VCALENDAR\r\n--m--\r\n"
)


def test_the_progress_is_the_virtual_time_and_the_mails_in_order(staged: TestClient, stage: Played) -> None:
    stage.sent += [mail_to_eric("1"), mail_to_eric("2/x")]
    answer = staged.get("/rehearsal.json")
    progress = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (progress["now"], progress["speed"]) == ("2021-10-08T09:25:00.000000Z", 60.0)
    assert [mail["path"] for mail in progress["mails"]] == ["/rehearsal/mails/1", "/rehearsal/mails/2%2Fx"]
    assert progress["mails"][0]["local"] == "Fri 8 Oct, 05:51 Santiago"


def test_the_page_says_that_it_is_a_rehearsal_and_lists_the_mails(staged: TestClient, stage: Played) -> None:
    stage.sent.append(mail_to_eric())
    page = staged.get("/").text
    assert "This is a rehearsal on a virtual clock." in page
    assert '<a href="/rehearsal/mails/7">You are on in 30 minutes, at 06:21</a>' in page


def test_without_a_rehearsal_nothing_speaks_of_one(client: TestClient) -> None:
    assert "rehearsal" not in client.get("/").text.lower()


def test_a_mail_shows_its_headers_texts_and_attachments(staged: TestClient, stage: Played) -> None:
    stage.messages["7"] = MESSAGE
    page = staged.get("/rehearsal/mails/7").text
    assert "<dd>You are on &lt;soon&gt;</dd>" in page
    assert "On at 06:21 &amp; not later" in page
    assert "slot.ics" in page
    assert "Message-ID" not in page
    assert 'sandbox src="/rehearsal/mails/7/html"' in page


def test_a_mail_names_its_recipients_without_their_addresses(staged: TestClient, stage: Played) -> None:
    stage.messages["7"] = MESSAGE
    page = staged.get("/rehearsal/mails/7").text
    assert "<dt>To</dt><dd>Eric &lt;b&gt;, somebody without a name</dd>" in page
    assert "people.example.org" not in page


def test_the_html_of_a_mail_is_sandboxed(staged: TestClient, stage: Played) -> None:
    stage.messages["7"] = MESSAGE
    answer = staged.get("/rehearsal/mails/7/html")
    assert "<h1>On at 06:21</h1>" in answer.text
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox", "default-src 'none'"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("message", [b"Subject: bare\r\n\r\nhello\r\n", b"\r\n", b"\xff\xfe"])
def test_a_mail_without_html_or_anything_is_shown_as_it_is(
    staged: TestClient, stage: Played, message: bytes
) -> None:
    stage.messages["7"] = message
    answer = staged.get("/rehearsal/mails/7")
    assert answer.status_code == 200
    assert "<iframe" not in answer.text


@pytest.mark.parametrize("path", ["/rehearsal/mails/8", "/rehearsal/mails/8/html"])
def test_a_mail_that_was_not_sent_is_not_there(staged: TestClient, path: str) -> None:
    assert staged.get(path).status_code == 404


def test_a_session_of_a_rehearsal_can_be_made_late(staged: TestClient, stage: Played) -> None:
    assert f'<option value="{SESSION_ID}">' in staged.get("/").text
    answer = staged.post(
        "/rehearsal/late", data={"session": SESSION_ID, "minutes": "10"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stage.lates == [(SESSION_ID, 10)]


def test_a_session_that_is_over_can_not_be_made_late(staged: TestClient, stage: Played) -> None:
    stage.at = seoul("19:30")
    assert "/rehearsal/late" not in staged.get("/").text


def test_lateness_that_makes_no_sense_is_one_sentence(staged: TestClient) -> None:
    answer = staged.post("/rehearsal/late", data={"session": "<b>", "minutes": "10"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text == f"there is no session '<b>' - write one like {SESSION_ID}\n"


@pytest.mark.parametrize("form", [{}, {"session": SESSION_ID}, {"session": SESSION_ID, "minutes": "ten"}])
def test_a_form_that_is_not_ours_is_refused(staged: TestClient, stage: Played, form: dict[str, str]) -> None:
    assert staged.post("/rehearsal/late", data=form).status_code == 400
    assert stage.lates == []


def test_another_site_can_not_make_a_session_late(staged: TestClient, stage: Played) -> None:
    form = {"session": SESSION_ID, "minutes": "10"}
    answer = staged.post("/rehearsal/late", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert stage.lates == []


def test_without_a_rehearsal_nobody_can_make_anything_late(client: TestClient) -> None:
    assert client.post("/rehearsal/late", data={"session": SESSION_ID, "minutes": "10"}).status_code == 404
