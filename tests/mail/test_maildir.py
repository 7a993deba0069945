"""What is delivered is a file that any mail program reads, once."""

import mailbox
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.transport import DeliveryError, Envelope

ENVELOPE = Envelope(
    sender="reminders@example.org",
    recipient="eric@example.org",
    content=b"Subject: one\r\nMessage-ID: <1@example.org>\r\n\r\nhello\r\n",
    message_id="<1@example.org>",
    date=datetime(2021, 10, 8, 9, 11, tzinfo=UTC),
)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_message_is_found_by_the_standard_reader(tmp_path: Path) -> None:
    proof = await MaildirTransport(tmp_path).send(ENVELOPE)
    [message] = mailbox.Maildir(tmp_path, create=False)
    assert (message["Subject"], message.get_payload()) == ("one", "hello\n")
    assert files(tmp_path) == [proof]


async def test_line_ends_are_those_of_the_machine(tmp_path: Path) -> None:
    proof = await MaildirTransport(tmp_path).send(ENVELOPE)
    assert (tmp_path / proof).read_bytes() == ENVELOPE.content.replace(b"\r\n", b"\n")


async def test_the_file_is_as_old_as_the_message(tmp_path: Path) -> None:
    proof = await MaildirTransport(tmp_path).send(ENVELOPE)
    assert (tmp_path / proof).stat().st_mtime == ENVELOPE.date.timestamp()


async def test_nobody_else_may_read_the_mail(tmp_path: Path) -> None:
    proof = await MaildirTransport(tmp_path / "mail").send(ENVELOPE)
    assert (tmp_path / "mail" / proof).stat().st_mode & 0o077 == 0
    assert (tmp_path / "mail" / "new").stat().st_mode & 0o077 == 0


async def test_a_message_that_is_sent_twice_is_there_once(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    proofs = {await transport.send(ENVELOPE), await MaildirTransport(tmp_path).send(ENVELOPE)}
    assert files(tmp_path) == list(proofs)


async def test_a_message_that_was_read_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    first = await transport.send(ENVELOPE)
    read = tmp_path / f"{first.replace('new/', 'cur/')}:2,S"
    (tmp_path / first).rename(read)
    second = await transport.send(ENVELOPE)
    assert files(tmp_path) == [second] == [str(read.relative_to(tmp_path))]


async def test_two_messages_are_two_files(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    proofs = [await transport.send(replace(ENVELOPE, message_id=f"<{n}@example.org>")) for n in range(2)]
    assert files(tmp_path) == sorted(proofs)


async def test_a_message_is_found_again_by_its_proof(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    proof = await transport.send(ENVELOPE)
    assert transport.path(proof) == tmp_path / proof
    read = tmp_path / f"{proof.replace('new/', 'cur/')}:2,S"
    (tmp_path / proof).rename(read)
    assert transport.path(proof) == transport.path(str(read.relative_to(tmp_path))) == read
    read.unlink()
    assert transport.path(proof) is None


@pytest.mark.parametrize("missing", ["tmp", "new"])
async def test_a_folder_that_went_away_defers_the_message_and_leaves_nothing(
    tmp_path: Path, missing: str
) -> None:
    transport = MaildirTransport(tmp_path)
    (tmp_path / missing).rmdir()
    with pytest.raises(DeliveryError, match="No such file or directory - name a folder") as caught:
        await transport.send(ENVELOPE)
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert files(tmp_path) == []


async def test_a_message_appears_only_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    transport = MaildirTransport(tmp_path)
    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(DeliveryError, match="No space left on device"):
        await transport.send(ENVELOPE)
    assert files(tmp_path) == []
