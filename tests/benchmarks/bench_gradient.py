"""The gradient of Rosenbrock's function in 500 variables: reverse accumulation against one sympy.diff a variable.

    python tests/benchmarks/bench_gradient.py [variables]

Prints medians and their ratio. The figure to hold: less than 2 %. The forward derivatives are timed on a sample of the
variables, spread evenly, and scaled up: all of them would take half a minute.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import sympy
from sympy.core.cache import clear_cache

from gdcli.calculus.gradient import gradient

RUNS = 5
SAMPLE = 10


def rosenbrock(n: int) -> tuple[sympy.Expr, tuple[sympy.Symbol, ...]]:
    """sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock 1960, chained)."""
    x = sympy.symbols(f"x1:{n + 1}", real=True)
    return sympy.Add(*(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1))), x


def median(work: Callable[[], object]) -> float:
    """The median wall time of RUNS runs, each from an empty cache."""
    times = []
    for _ in range(RUNS):
        clear_cache()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure both and print the ratio."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    expr, x = rosenbrock(n)
    chosen = x[:: max(1, n // SAMPLE)]
    ours = median(lambda: gradient(expr, x))
    theirs = median(lambda: [expr.diff(v) for v in chosen]) * n / len(chosen)
    print(f"gradient, {n} variables       {ours:8.3f} s")
    print(f"sympy.diff for each variable  {theirs:8.3f} s  ({len(chosen)} timed)")
    print(f"ratio                         {100 * ours / theirs:8.2f} %")


if __name__ == "__main__":
    main()
