"""`gdcli grad -` on 1 000 small formulas against 10 processes of one formula each.

    python tests/benchmarks/bench_batch.py

Prints both times and their ratio, in alternation. The figure to hold: less than 2.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 3
FORMULAS = 1000
PROCESSES = 10
SHAPES = (
    "x1^2*x2 + {k}*x1",
    "sin({k}*x)^2 + x",
    "exp(-x^2/{k})*y",
    "log(x^2 + {k})/y",
    "sqrt(x^2 + y^2 + {k})",
    "(x + {k})/(y^2 + 1)",
    "sigmoid(x*y - {k})",
    "max(x, {k}*y)",
)


def formulas() -> list[str]:
    """Small formulas, all different."""
    return [SHAPES[k % len(SHAPES)].format(k=k + 1) for k in range(FORMULAS)]


def seconds(args: list[str], text: str) -> float:
    """Wall time of one process, and a check that it answered every line."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "gdcli", "grad", *args], input=text, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    if done.returncode != 0 or (args == ["-"] and done.stdout.count("\n") != text.count("\n")):
        raise SystemExit(f"gdcli grad {args} failed: {done.stderr}")
    return elapsed


def main() -> None:
    """Measure in alternation, print medians and their ratio."""
    wanted = formulas()
    batches, singles = [], []
    for _ in range(RUNS):
        batches.append(seconds(["-"], "\n".join(wanted) + "\n"))
        singles.append(sum(seconds([formula, "--json"], "") for formula in wanted[:PROCESSES]))
    batch, single = statistics.median(batches), statistics.median(singles)
    print(f"{FORMULAS} formulas, one process     {batch:8.2f} s  ({1000 * batch / FORMULAS:.1f} ms each)")
    print(f"{PROCESSES} formulas, {PROCESSES} processes      {single:8.2f} s")
    print(f"ratio                          {batch / single:8.2f}")


if __name__ == "__main__":
    main()
