"""numpy by hand: full gradients, and how fast this memory and these cores are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from tests.benchmarks.engine.data import Given, Outcome, gradient, slope

TITLE = "numpy"
BLOCK = 4096
# Three arrays of these are several times any cache.
STREAM = 20_000_000


def two_passes(given: Given) -> Callable[[], Outcome]:
    """X theta, then X^T phi', as anybody would write it."""
    X, y = given.rows()
    theta = np.full(X.shape[1], 0.1)

    def job() -> Outcome:
        p = X @ theta
        value = np.mean(np.logaddexp(0.0, -y * p) if given.loss == "logistic" else (p - y) ** 2 / 2)
        return Outcome(np.concatenate([[value], X.T @ slope(given.loss, p, y) / len(y)]), len(y))

    return job


def blocks(given: Given) -> Callable[[], Outcome]:
    """The same in blocks that stay in the cache."""
    X, y = given.rows()
    theta = np.full(X.shape[1], 0.1)
    parts = [(X[first : first + BLOCK], y[first : first + BLOCK]) for first in range(0, len(y), BLOCK)]

    def job() -> Outcome:
        sums = sum(len(b) * gradient(given.loss, a, b, theta) for a, b in parts)
        return Outcome(sums / len(y), len(y))

    return job


def add(given: Given) -> Callable[[], Outcome]:
    """c = a + b as STREAM has it: 24 bytes an element."""
    size = given.options.get("size", STREAM)
    a, b, c = np.ones(size), np.ones(size), np.zeros(size)
    return _together(given, size, lambda part: np.add(a[part], b[part], out=c[part]))


def read(given: Given) -> Callable[[], Outcome]:
    """Reading alone, a . a: 8 bytes an element."""
    size = given.options.get("size", STREAM)
    a = np.ones(size)
    return _together(given, size, lambda part: a[part] @ a[part])


def multiply(given: Given) -> Callable[[], Outcome]:
    """A product of n x n matrices, 2 n^3 operations: what the cores can do."""
    n = given.options.get("n", 1000)
    A = np.ones((n, n))

    def job() -> Outcome:
        return Outcome((A @ A)[0, :1], n)

    return job


def _together(given: Given, size: int, work: Callable[[slice], Any]) -> Callable[[], Outcome]:
    """The work on a share of the elements for each thread."""
    cuts = [size * n // given.threads for n in range(given.threads + 1)]
    shares = [slice(*pair) for pair in pairwise(cuts)]
    pool = ThreadPoolExecutor(given.threads)

    def job() -> Outcome:
        list(pool.map(work, shares))
        return Outcome([0.0], size)

    return job


JOBS = {"gradient": two_passes, "gradient in blocks": blocks, "add": add, "read": read, "multiply": multiply}
