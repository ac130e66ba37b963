"""Generated problems: pure functions ``name(seed, **params) -> (header, X, y)``; the header's last column is y.

Every number is rounded to six decimals before it is returned, so that the file is the same bytes whatever the last
bit of a platform's ``exp`` or dot product. Random numbers come from PCG64 alone (``random`` and ``standard_normal``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from gdcli.generator import generator

Floats = NDArray[np.float64]
Problem = tuple[list[str], Floats, list[float] | list[str]]

DECIMALS = 6


def spectrum(seed: int, *, rows: int, features: int, coefficient: float, noise: float) -> Problem:
    """Squared loss whose Hessian is diagonal with a log-uniform spectrum 1e-4 .. 1: both of the lecture's rates show.

    The columns are ``sqrt(lambda_k) h_k`` with h_k distinct columns of a Hadamard matrix, so ``X^T X / rows`` is
    ``diag(lambda_k)`` exactly; lambda_k is 10^(-4 + 4 k/(features - 1)), k = 0, 1, ..., its root rounded to five
    decimals. The target is ``coefficient * sum_k X_k + noise * h`` with h a further column of the matrix, orthogonal to
    all of X. Hence theta* = (coefficient, ..., coefficient), R* = noise^2/2, every row has the squared norm
    L_max = sum lambda_k, and with v_k = E (theta_k - theta*_k)^2 single-sample SGD, rows drawn with replacement, obeys

        v_k <- (1 - 2 eta lambda_k) v_k + eta^2 lambda_k (lambda.v + noise^2),    E gap = lambda.v / 2.

    GD's gap falls like 1/t, and the mean gap of SGD with eta = c/sqrt(t) like 1/sqrt(t). The seed shuffles the rows and
    picks the columns; `rows` is a power of two, at least features + 2.
    """
    random = generator(seed)
    # Column 0 of the matrix is constant: an intercept, if asked for, then stays orthogonal to everything.
    columns = 1 + np.argsort(random.random(rows - 1))[: features + 1]
    signs = _hadamard(rows)[np.ix_(np.argsort(random.random(rows)), columns)]
    roots = np.round(10.0 ** (-2.0 + 2.0 * np.arange(features) / (features - 1)), 5)
    X = _decimals(signs[:, :features] * roots)
    y = _decimals(coefficient * X.sum(axis=1) + noise * signs[:, features])
    return [*_names(features), "y"], X, y.tolist()


def powers(seed: int, *, rows: int, degree: int) -> Problem:
    """Squared loss on x, x^2, ..., x^degree, x uniform in [0, 1): standardising does not mend the condition."""
    random = generator(seed)
    x = _decimals(random.random(rows))
    X = _decimals(x[:, None] ** np.arange(1, degree + 1))
    y = _decimals(np.cos(3 * x) + 0.1 * random.standard_normal(rows))
    return ["x", *(f"x_{k}" for k in range(2, degree + 1)), "y"], X, y.tolist()


def clouds(seed: int, *, rows: int, distance: float) -> Problem:
    """Two classes in the plane on either side of x1 + x2 = 0, each row at least distance/2 away: separable."""
    random = generator(seed)
    side = np.where(np.arange(rows) % 2 == 0, -1.0, 1.0)
    across = side * (distance / 2 + np.abs(random.standard_normal(rows)))
    along = random.standard_normal(rows)
    # A margin of 1e-5 outlives the rounding of the coordinates.
    X = _decimals(np.column_stack([across + along, across - along]) / np.sqrt(2) + 1e-5 * side[:, None])
    return ["x1", "x2", "label"], X, ["minus" if s < 0 else "plus" for s in side]


def touching(seed: int, *, rows: int, undecided: int) -> Problem:
    """Two classes whose sign is that of x2, but for the first `undecided` rows, where x2 = 0 and x1 decides with noise.

    Quasi-separable: along theta_2 -> infinity the loss of the other rows tends to 0, and the infimum of R, not
    attained, is undecided/rows times the logistic risk of the undecided rows on x1 (and an intercept) alone.
    """
    random = generator(seed)
    x1 = random.standard_normal(rows)
    x2 = np.abs(random.standard_normal(rows)) + 0.05
    above = random.random(rows) < 0.5
    free = np.arange(rows) < undecided
    above = np.where(free, random.random(rows) < 1 / (1 + np.exp(-x1)), above)
    X = _decimals(np.column_stack([x1, np.where(free, 0.0, np.where(above, x2, -x2))]))
    return ["x1", "x2", "label"], X, ["yes" if a else "no" for a in above]


def logistic(seed: int, *, rows: int, features: int) -> Problem:
    """Independent normal features; the label is 1 with probability sigmoid(0.5 + sum_k (-1)^k x_k / k), else 0."""
    random = generator(seed)
    X = _decimals(random.standard_normal((rows, features)))
    k = np.arange(1, features + 1)
    chance = 1 / (1 + np.exp(-(0.5 + X @ ((-1.0) ** k / k))))
    return [*_names(features), "label"], X, ["1" if hit else "0" for hit in random.random(rows) < chance]


GENERATORS: dict[str, Callable[..., Problem]] = {
    function.__name__: function for function in (spectrum, powers, clouds, touching, logistic)
}


def write(stream: TextIO, problem: Problem) -> None:
    """Write `problem` as CSV: a header, then a row a line, floats as the shortest text that reads back the same."""
    header, X, y = problem
    out = csv.writer(stream, lineterminator="\n")
    out.writerow(header)
    out.writerows(_rows(X, y))


def _rows(X: Floats, y: Iterable[float | str]) -> Iterable[list[float | str]]:
    return ([*map(float, row), label] for row, label in zip(X, y, strict=True))


def _decimals(values: Floats) -> Floats:
    # Adding zero turns -0.0 into 0.0.
    return np.round(values, DECIMALS) + 0.0


def _names(features: int) -> list[str]:
    return [f"x{k}" for k in range(1, features + 1)]


def _hadamard(order: int) -> Floats:
    """Sylvester's matrix of signs, order a power of two: entry (i, j) is (-1)^(number of ones in i & j)."""
    if order < 1 or order & (order - 1):
        raise ValueError(f"a Hadamard matrix of this kind needs a power of two, not {order}")
    matrix = np.ones((1, 1))
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
