"""Delivery into a Maildir: a folder that any mail program opens, and no server is needed for."""

import asyncio
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from gsef_notify.errors import SettingsError
from gsef_notify.mail.transport import DeliveryError, Envelope, Room

_REMEDY = "name a folder that this user may write to"


class MaildirTransport:
    """Writes each message as a file of ``new/`` below ``folder``, whose folders it makes at once.

    The file's name comes from the Message-ID, so a message that is sent again replaces itself. Raises
    SettingsError where nothing can be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            for part in ("tmp", "new", "cur"):
                (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder / "tmp"):
                pass
        except OSError as error:
            raise SettingsError(
                f"mail: can not write to {folder}: {error.strerror or error} - {_REMEDY}"
            ) from None

    def room(self) -> Room:
        """One message after another: the disk is the limit."""
        return Room(1)

    async def send(self, envelope: Envelope) -> str:
        """Write the message and see it safe on the disk. Returns its file's name below the Maildir."""
        try:
            return await asyncio.to_thread(self._deliver, envelope)
        except OSError as error:
            raise DeliveryError(
                f"can not write to the mail folder {self._folder}: {error.strerror or error} - {_REMEDY}",
                permanent=False,
            ) from None

    async def close(self) -> None:
        """Nothing is held open."""

    def path(self, proof: str) -> Path | None:
        """The file of a message, wherever a mail program has moved it; None where it is gone."""
        name = Path(proof).name.partition(":")[0]
        places = (self._folder / "new" / name, *(self._folder / "cur").glob(f"{name}:*"))
        return next((path for path in places if path.is_file()), None)

    def _deliver(self, envelope: Envelope) -> str:
        name = _file_name(envelope)
        if (known := self.path(name)) and known.parent.name == "cur":
            return f"cur/{known.name}"
        written = self._write(envelope)
        try:
            written.replace(self._folder / "new" / name)
        except OSError:
            written.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder / "new")
        return f"new/{name}"

    def _write(self, envelope: Envelope) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self._folder / "tmp", prefix="gsef-notify.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(envelope.content.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(descriptor)
            os.utime(name, (envelope.date.timestamp(),) * 2)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        return Path(name)


def _file_name(envelope: Envelope) -> str:
    return f"{sha256(envelope.message_id.encode()).hexdigest()[:40]}.gsef-notify"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
