"""Office files are zip archives, and those of strangers may be bombs."""

import io
import zlib
from zipfile import BadZipFile, ZipFile

from gsef_notify.readers.source import MEBIBYTE
from gsef_notify.readers.text import Unreadable

LARGEST_UNPACKED = 64 * MEBIBYTE
MOST_MEMBERS = 2000
_DAMAGED = (
    BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip


def check_archive(content: bytes) -> None:
    """Raises Unreadable for an archive that is none, is damaged, or would unpack to more than is sane.

    What a member claims is not believed: it is unpacked as far as the limit, and what comes out is counted.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _count(archive)
    except _DAMAGED as error:
        message = "this is no file of an office program, or a damaged one"
        raise Unreadable(message, "open it where it was made and save it again") from error


def _count(archive: ZipFile) -> None:
    members = archive.infolist()
    left = LARGEST_UNPACKED
    for member in members:
        with archive.open(member) as opened:
            while left >= 0 and (chunk := opened.read(MEBIBYTE)):
                left -= len(chunk)
    if len(members) > MOST_MEMBERS or left < 0:
        message = f"unpacked, it is larger than {LARGEST_UNPACKED // MEBIBYTE} MiB"
        raise Unreadable(message, "take out its pictures")
