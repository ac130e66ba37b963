"""Whole-process start-up: `gdcli grad` against a bare `import sympy`, `gdcli descend` against a bare interpreter.

    python tests/benchmarks/bench_startup.py

Runs the commands in alternation and prints medians and ratios. The figure to hold: grad at most 1.5 times
`python -c "import sympy"`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import sympy": [sys.executable, "-c", "import sympy"],
    "gdcli --help": [sys.executable, "-m", "gdcli", "--help"],
    "gdcli grad": [sys.executable, "-m", "gdcli", "grad", "x1**2*x2"],
    "gdcli descend": [sys.executable, "-m", "gdcli", "descend", "diabetes", "--steps", "100"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one run of a process."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure in alternation after one warm-up, print medians and ratios."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            elapsed = seconds(command)
            if run > 0:
                times[name].append(elapsed)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:<16}{1000 * median:8.1f} ms   {median / medians['import sympy']:.2f} x import sympy")


if __name__ == "__main__":
    main()
