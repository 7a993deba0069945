"""How long commands take to start, as multiples of the bare interpreter's start, in the same run.

``make benchmark`` prints the median of several runs. The limits are ``--help`` within 6 and ``check`` on the
sample within 25 times the bare interpreter.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 15
COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "gsef-notify --help": ["-m", "gsef_notify", "--help"],
    "gsef-notify check": ["-m", "gsef_notify", "check", str(ROOT / "schedules")],
    "gsef-notify feed": ["-m", "gsef_notify", "feed", str(ROOT / "schedules")],
}


def seconds(arguments: list[str]) -> float:
    """How long one run takes."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True, timeout=60)
    return time.perf_counter() - begun


def main() -> None:
    """Interleave the commands, so that a busy moment hits all alike, and print medians."""
    measured: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            measured[name].append(seconds(arguments))
    bare = statistics.median(measured["bare interpreter"])
    for name, runs in measured.items():
        median = statistics.median(runs)
        print(f"{name:20} {median * 1000:7.1f} ms  {median / bare:5.1f} times bare")


if __name__ == "__main__":
    main()
