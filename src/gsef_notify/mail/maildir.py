"""Delivery into a Maildir, which any mail program can open."""

import asyncio
import hashlib
import os
import socket
from pathlib import Path

from gsef_notify.errors import SettingsError
from gsef_notify.mail.transport import DeliveryError, Envelope


class MaildirTransport:
    """Stores each message as a file below ``folder``. The name derives from the Message-ID, so a message that
    is sent again replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            for part in ("tmp", "new", "cur"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            probe = folder / "tmp" / f"probe.{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            remedy = "name a folder that this user may write, like maildir:var/mail"
            raise SettingsError(f"mail: {folder}: {error.strerror} - {remedy}") from None

    async def send(self, envelope: Envelope) -> str:
        """Store the message durably; the name of its file is the proof."""
        try:
            return await asyncio.to_thread(self._store, envelope)
        except OSError as error:
            raise DeliveryError(f"{self._folder}: {error.strerror}") from None

    async def close(self) -> None:
        """Nothing is held open."""

    def path(self, proof: str) -> Path | None:
        """The file of a stored message, also when a mail program has moved it to ``cur``; None if gone."""
        name = Path(proof).name
        found = (self._folder / "new" / name, *(self._folder / "cur").glob(f"{name}:2,*"))
        return next((path for path in found if path.is_file()), None)

    def _store(self, envelope: Envelope) -> str:
        name = _file_name(envelope)
        draft = self._folder / "tmp" / f"{name}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(draft, (envelope.date.timestamp(), envelope.date.timestamp()))
        draft.replace(self._folder / "new" / name)
        _sync_folder(self._folder / "new")
        return f"new/{name}"


def _file_name(envelope: Envelope) -> str:
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]
    return f"{digest}.{socket.gethostname().replace('/', '-').replace(':', '-')}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
