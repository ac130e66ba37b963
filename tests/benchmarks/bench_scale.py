"""Gradients of large formulas, printing included, against sympy.diff a variable and symengine's diff a variable.

    python tests/benchmarks/bench_scale.py [rosenbrock|chain|logistic|determinant ...]

The figures to hold: at least 10 times faster than sympy.diff, at most 3 times the time of symengine's (differentiation
and printing; `pip install symengine`, skipped with a message where it is missing). sympy's derivatives are timed on a
few variables, spread evenly, and scaled up; printing them is left out, in their favour.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

import sympy
from sympy.combinatorics import Permutation
from sympy.core.cache import clear_cache

from gdcli.calculus.gradient import gradient
from gdcli.calculus.lengthy import pages
from gdcli.language.atoms import softplus
from gdcli.language.recursion import deep

SAMPLE = 3
Problem = tuple[sympy.Expr, Sequence[sympy.Symbol]]


def rosenbrock(n: int = 2000) -> Problem:
    """sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock 1960, chained)."""
    x = sympy.symbols(f"x1:{n + 1}", real=True)
    return sympy.Add(*(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1))), x


def chain(depth: int = 200) -> Problem:
    """sin, exp(-u/2) and (1 + u^2)/2 in turn, one inside the other."""
    x = sympy.Symbol("x", real=True)
    u = x
    for k in range(depth):
        u = (sympy.sin(u), sympy.exp(-u / 2), (1 + u**2) / 2)[k % 3]
    return u, [x]


def logistic(rows: int = 1000, d: int = 10) -> Problem:
    """The logistic risk, a mean of softplus(-y theta.x), in d parameters."""
    draw = random.Random(1)
    theta = sympy.symbols(f"theta1:{d + 1}", real=True)
    margins = (sympy.Add(*(sympy.Rational(draw.randint(-999, 999), 500) * v for v in theta)) for _ in range(rows))
    return sympy.Add(*(softplus(-margin) for margin in margins)) / rows, theta


def determinant(n: int = 7) -> Problem:
    """The determinant of an n x n matrix of variables as the sum over all permutations."""
    a = [sympy.symbols(f"a{i}_1:{n + 1}", real=True) for i in range(1, n + 1)]
    terms = (
        sympy.Mul(Permutation(list(p)).signature(), *(row[k] for row, k in zip(a, p, strict=True)))
        for p in itertools.permutations(range(n))
    )
    return sympy.Add(*terms), [v for row in a for v in row]


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "rosenbrock": rosenbrock,
    "chain": chain,
    "logistic": logistic,
    "determinant": determinant,
}


def seconds(work: Callable[[], object]) -> float:
    """The wall time of one run from an empty cache."""
    clear_cache()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ours(expr: sympy.Expr, x: Sequence[sympy.Symbol]) -> int:
    """Differentiate and print; the letters printed."""
    names = [v.name for v in x]
    with deep():
        found = pages(dict(zip(names, gradient(expr, x), strict=True)), names, expand=False, with_latex=False)
    return sum(len(piece.text) for piece in (*found.partials.values(), *(found.tape or {}).values()))


def symengines(expr: sympy.Expr, x: Sequence[sympy.Symbol]) -> float | None:
    """Differentiate and print with symengine; None where it is missing."""
    if find_spec("symengine") is None:
        return None
    engine = import_module("symengine")
    plain = expr.replace(softplus, lambda u: sympy.log(1 + sympy.exp(u)))
    theirs, variables = engine.sympify(plain), [engine.sympify(v) for v in x]
    return seconds(lambda: [str(theirs.diff(v)) for v in variables])


def main() -> None:
    """Measure each problem and print the ratios."""
    for name in sys.argv[1:] or PROBLEMS:
        with deep():
            expr, x = PROBLEMS[name]()
            chosen = x[:: max(1, len(x) // SAMPLE)]
            own = seconds(lambda: ours(expr, x))  # noqa: B023
            forward = seconds(lambda: [expr.diff(v) for v in chosen]) * len(x) / len(chosen)  # noqa: B023
            engine = symengines(expr, x)
        theirs = "no symengine" if engine is None else f"symengine {engine:8.3f} s ({own / engine:5.2f} x)"
        print(f"{name:12} {own:8.3f} s   sympy.diff {forward:9.2f} s ({forward / own:7.1f} x)   {theirs}", flush=True)


if __name__ == "__main__":
    main()
