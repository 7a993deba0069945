"""Bytes that are sent again and again: the kernel takes them from a file in memory, without copying."""

import os

WORTH_KEEPING = 2**18


class KeptBytes(bytes):
    """Bytes that lie in a file in memory too, with the descriptor ``file`` until they are gone."""

    file: int

    def __del__(self) -> None:
        os.close(self.file)


def kept(content: bytes) -> bytes:
    """The bytes, as KeptBytes where that is worth a descriptor and the system has such files (Linux)."""
    if len(content) < WORTH_KEEPING or not hasattr(os, "memfd_create"):
        return content
    try:
        file = os.memfd_create("kept")
    except OSError:
        return content
    made = KeptBytes(content)
    made.file = file
    with os.fdopen(os.dup(file), "wb") as writer:
        writer.write(content)
    return made
