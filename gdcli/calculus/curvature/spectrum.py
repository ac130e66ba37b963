"""A proven lower bound on the eigenvalues of every symmetric matrix between two ends.

With the midpoint C and radius R of the interval matrix, lambda_min >= lambda_min(C) - rho(R) (Rohn, "Bounds on
eigenvalues of interval matrices", ZAMM 78, 1998), rho(R) <= max_i (R v)_i / v_i for any v > 0 (Collatz, Wielandt).
lambda_min(C) is proven: with V from Jacobi rotations in doubles, A = V^T C V and G = V^T V are enclosed in intervals;
Gershgorin's circles hold A's eigenvalues, and by Ostrowski's theorem C's are those divided by numbers in
[1 - e, 1 + e], e = ||G - I||.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gdcli.calculus.interval.arithmetic import Interval, above, absolute, add, below, multiply, negate, reciprocal

Row = dict[int, Interval]
"""The entries of a row that are not identically 0, by column."""
Rows = Sequence[Row]

DENSE = 8
"""Rows up to which Rohn's bound is worked out; beyond, Gershgorin's circles on the interval entries."""
_SWEEPS = 12


def least(rows: Rows) -> float:
    """A number below every eigenvalue of every symmetric matrix within the entries."""
    if not rows:
        return 0.0
    simple = _circles(rows)
    if len(rows) > DENSE or not all(math.isfinite(end) for row in rows for entry in row.values() for end in entry):
        return simple
    return max(simple, _rohn(rows))


def _circles(rows: Rows) -> float:
    """Gershgorin: min_i (h_ii - sum_j |h_ij|), the lower ends of h_ii and the largest |h_ij|."""
    return min(_row_bound(i, row) for i, row in enumerate(rows))


def _row_bound(i: int, row: Row) -> float:
    total = row.get(i, (0.0, 0.0))
    for j, entry in row.items():
        if j != i:
            total = add(total, negate(absolute(entry)))
    return total[0]


def _rohn(rows: Rows) -> float:
    n = len(rows)
    dense = [[row.get(j, (0.0, 0.0)) for j in range(n)] for row in rows]
    middle = [[_centre(row, j) for j in range(n)] for row in rows]
    radius = [
        [_radius(entry, c) for entry, c in zip(row, line, strict=True)] for row, line in zip(dense, middle, strict=True)
    ]
    centre = point_least(middle)
    return add((centre, centre), (-_perron(radius), 0.0))[0]


def _radius(entry: Interval, centre: float) -> float:
    low, high = add((centre, centre), (-entry[0], -entry[0]))[1], add(entry, (-centre, -centre))[1]
    return max(low, high, 0.0)


def _perron(radius: Sequence[Sequence[float]]) -> float:
    """An upper bound on the spectral radius of a matrix of numbers >= 0."""
    n = len(radius)
    v = [1.0] * n
    for _ in range(8):
        w = [sum(r * x for r, x in zip(row, v, strict=True)) for row in radius]
        top = max(w)
        if top == 0.0:
            return 0.0
        # A floor keeps v > 0 where a row of the radius is 0.
        v = [max(x / top, 1e-3) for x in w]
    # Each quotient has at most 2 n + 2 roundings of a relative 2^-53.
    worst = max(sum(r * x for r, x in zip(row, v, strict=True)) / x0 for row, x0 in zip(radius, v, strict=True))
    return above(worst * (1.0 + (2 * n + 4) * 2.0**-52))


def point_least(matrix: Sequence[Sequence[float]]) -> float:
    """A number below the least eigenvalue of a symmetric matrix of doubles, near it."""
    vectors = jacobi(matrix)
    n = len(matrix)
    exact = [[(x, x) for x in row] for row in matrix]
    columns = [[(x, x) for x in row] for row in vectors]
    images = [[_dot(row, column) for row in exact] for column in columns]
    a = [[_dot(columns[i], images[j]) for j in range(n)] for i in range(n)]
    g = [[_dot(columns[i], columns[j]) for j in range(n)] for i in range(n)]
    error = max(_row_error(i, row) for i, row in enumerate(g))
    bound = min(_row_bound(i, dict(enumerate(row))) for i, row in enumerate(a))
    if error >= 0.5:
        return -math.inf
    if error == 0.0:
        return bound
    return below(bound / (below(1.0 - error) if bound < 0.0 else above(1.0 + error)))


def _row_error(i: int, row: Sequence[Interval]) -> float:
    """An upper bound on the sum over j of |g_ij - delta_ij|."""
    total = (0.0, 0.0)
    for j, entry in enumerate(row):
        total = add(total, absolute(add(entry, (-1.0, -1.0) if i == j else (0.0, 0.0))))
    return above(total[1]) if total[1] else 0.0


def _dot(a: Sequence[Interval], b: Sequence[Interval]) -> Interval:
    total = (0.0, 0.0)
    for x, y in zip(a, b, strict=True):
        total = add(total, multiply(x, y))
    return total


def jacobi(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """Approximate unit eigenvectors, one a row, by cyclic Jacobi rotations (Golub and Van Loan, 8.5)."""
    n = len(matrix)
    a = [list(row) for row in matrix]
    v = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(_SWEEPS):
        size = sum(abs(a[i][j]) for i in range(n) for j in range(i))
        if size <= 1e-17 * sum(abs(a[i][i]) for i in range(n)):
            break
        for p in range(n):
            for q in range(p + 1, n):
                _rotate(a, v, p, q)
    return v


def _rotate(a: list[list[float]], v: list[list[float]], p: int, q: int) -> None:
    """Make a_pq zero."""
    if a[p][q] == 0.0:
        return
    tau = (a[q][q] - a[p][p]) / (2.0 * a[p][q])
    t = math.copysign(1.0, tau) / (abs(tau) + math.hypot(1.0, tau))
    c = 1.0 / math.hypot(1.0, t)
    s = t * c
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
    v[p], v[q] = (
        [c * x - s * y for x, y in zip(v[p], v[q], strict=True)],
        [s * x + c * y for x, y in zip(v[p], v[q], strict=True)],
    )


def rayleigh(rows: Rows, direction: Sequence[float]) -> Interval:
    """The enclosure of d^T H d / d^T d."""
    total = (0.0, 0.0)
    for i, row in enumerate(rows):
        for j, entry in row.items():
            weight = multiply((direction[i],) * 2, (direction[j],) * 2)
            total = add(total, multiply(weight, entry))
    square = _dot([(x, x) for x in direction], [(x, x) for x in direction])
    return multiply(total, reciprocal(square))


def lowest_direction(rows: Rows) -> list[float]:
    """A direction along which the midpoints are low: an approximate eigenvector, for many rows one of two places."""
    n = len(rows)
    if n > DENSE:
        return _low_pair(rows)
    middle = [[_centre(row, j) for j in range(n)] for row in rows]
    if not all(math.isfinite(x) for row in middle for x in row):
        return [1.0] + [0.0] * (n - 1)
    vectors = jacobi(middle)
    return min(vectors, key=lambda v: sum(v[i] * v[j] * middle[i][j] for i in range(n) for j in range(n)))


def _low_pair(rows: Rows) -> list[float]:
    """The lowest eigenvector among the 2 x 2 blocks of entries i, j."""
    best, found = math.inf, (0, 0, 1.0, 0.0)
    for i, row in enumerate(rows):
        for j in row:
            block = [[_centre(rows[a], b) for b in (i, j)] for a in (i, j)]
            c, s = jacobi(block)[0] if i != j else (1.0, 0.0)
            for u, v in ((c, s), (-s, c)) if i != j else ((1.0, 0.0),):
                value = u * u * block[0][0] + 2 * u * v * block[0][1] + v * v * block[1][1] * (i != j)
                if value < best:
                    best, found = value, (i, j, u, v)
    direction = [0.0] * len(rows)
    i, j, u, v = found
    direction[j], direction[i] = v, u
    return direction


def _centre(row: Row, j: int) -> float:
    low, high = row.get(j, (0.0, 0.0))
    return low + (high - low) / 2 if low != high else low
