"""A proxy that is as slow as the network to a server far away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 65536


@asynccontextmanager
async def delaying(port: int, seconds: float) -> AsyncIterator[int]:
    """The port of a proxy to a port of this machine, where each byte arrives ``seconds`` after it was sent,
    in either direction; bytes under way do not hold each other up."""
    pumps: set[asyncio.Task[None]] = set()

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        for source, target in ((reader, far_writer), (far_reader, writer)):
            pumps.add(asyncio.create_task(_pump(source, target, seconds)))

    server = await asyncio.start_server(welcome, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            loop.call_later(seconds, _write, writer, data)
    loop.call_later(seconds, writer.close)


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)
