"""The service and its peers, each started on a port of loopback, with one feed to serve."""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from gsef_notify.program.model import Program
from gsef_notify.writers.yaml_program import program_as_yaml

PEERS = Path(__file__).parent.parent / ".venv" / "peers" / "bin"
RUNS, SECONDS, CONNECTIONS = 3, 4, 64
STATIC = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
app = Starlette(routes=[Mount("/", StaticFiles(directory=sys.argv[1]))])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=False, log_level="warning")
"""
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
  types {{ text/calendar ics; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/files; gzip_static on; etag on; }} }}
"""


def served(program: Program, folder: Path) -> Iterator[str]:
    """Lines of a table: what each server answers a second, and the ratio to nginx."""
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(service(program, folder))
        content, _ = fetched(ours)
        files = folder / "files"
        files.mkdir()
        folder.chmod(0o755)
        (files / "calendar.ics").write_bytes(content)
        subprocess.run(["gzip", "-k9", str(files / "calendar.ics")], check=True)
        servers = {"nginx": stack.enter_context(nginx(folder)), "gsef-notify": ours}
        servers["StaticFiles"] = stack.enter_context(static_files(files))
        if radicale := shutil.which("radicale", path=str(PEERS)):
            servers["Radicale"] = stack.enter_context(collection(radicale, folder, content))
        yield f"serving {len(content) / 1e3:.0f} kB to wrk -t1 -c{CONNECTIONS}; medians of {RUNS}, a second"
        for kind, header in (("200", ""), ("gzip", "Accept-Encoding: gzip"), ("304", "If-None-Match: {}")):
            yield from compared(kind, header, servers)


def compared(kind: str, header: str, servers: dict[str, str]) -> Iterator[str]:
    """One row a server, all of them measured in turn several times."""
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(RUNS):
        for name, url in servers.items():
            tag = fetched(url)[1] if kind == "304" else ""
            rates[name].append(rate(url, header.format(tag)))
    limit = statistics.median(rates["nginx"])
    for name, runs in rates.items():
        median = statistics.median(runs)
        spread = (max(runs) - min(runs)) / median
        yield f"  {kind:5} {name:12} {median:9.0f}  {median / limit:6.3f} of nginx  spread {spread:.0%}"


def rate(url: str, header: str) -> float:
    """Answers a second; those that are no success are not counted."""
    command = [
        *_on_core(1),
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        *(["-H", header] if header else []),
        url,
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    if bad := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
        raise AssertionError(f"{url}: {bad[0]}")
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    return float(found[1]) if found else 0.0


def fetched(url: str) -> tuple[bytes, str]:
    """The content and its entity tag."""
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 our own ports
        return answer.read(), answer.headers.get("ETag", "")


@contextlib.contextmanager
def service(program: Program, folder: Path) -> Iterator[str]:
    """The service as a user starts it."""
    (folder / "schedules").mkdir()
    (folder / "schedules" / "conference.yaml").write_text(program_as_yaml(program), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "gsef_notify", "serve", "--port", str(port), "schedules"]
    with running(command, folder, port):
        yield f"http://127.0.0.1:{port}/calendar.ics"


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """One worker, with the file in gzip beside the file."""
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    with running(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], folder, port):
        yield f"http://127.0.0.1:{port}/calendar.ics"


@contextlib.contextmanager
def static_files(files: Path) -> Iterator[str]:
    """Starlette's files on uvicorn."""
    port = free_port()
    with running([sys.executable, "-c", STATIC, str(files), str(port)], files, port):
        yield f"http://127.0.0.1:{port}/calendar.ics"


@contextlib.contextmanager
def collection(radicale: str, folder: Path, content: bytes) -> Iterator[str]:
    """Radicale with the events in one collection."""
    port, place = free_port(), folder / "radicale"
    options = [f"--server-hosts=127.0.0.1:{port}", "--auth-type=none", "--web-type=none"]
    options += [f"--storage-filesystem-folder={place}", "--logging-level=error"]
    (place / "collection-root" / "forum").mkdir(parents=True)
    (place / "rights").write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n", encoding="utf-8")
    options += ["--rights-type=from_file", f"--rights-file={place / 'rights'}"]
    with running([radicale, *options], folder, port):
        url = f"http://127.0.0.1:{port}/forum/calendar/"
        asked = urllib.request.Request(url, content, {"Content-Type": "text/calendar"}, method="PUT")
        urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310
        yield url


@contextlib.contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[int]:
    """A server from when it listens on the port until the end; the number of its process."""
    environment = {**os.environ, "PYTHONTZPATH": ""}
    with (folder / f"{port}.log").open("wb") as log:
        pinned = [*_on_core(0), *command]
        process = subprocess.Popen(pinned, cwd=folder, stdout=log, stderr=log, env=environment)
        try:
            wait_for(port, process)
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def _on_core(number: int) -> list[str]:
    """The servers take turns on one core and wrk has another, so that none is moved about."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[number])] if len(cores) > 1 else []


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r}: nothing listens on port {port}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
