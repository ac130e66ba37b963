"""Products of a matrix and a vector to about 100 bits, by multiplications of doubles that round nothing.

Matrix and vector are cut into slices of so few bits that every sum of products of two slices is exact in doubles,
whatever order it is summed in (Ozaki, Ogita, Oishi and Rump, "Error-free transformations of matrix multiplication",
2012).
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.kernels import pairs
from gdcli.kernels.ball import Ball
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.passes import sizes_of_columns

# The bits that the slices hold together, counted from the largest entry.
BITS = 96
# Rows at a time: the slices stay in the cache.
BLOCK = 4096


def product(X: Matrix, v: Ball) -> Ball:
    """X v for X (N, k) and v (k,), with the error of the cuts and of v as radius."""
    k = max(1, X.shape[1])
    width = (53 - math.ceil(math.log2(k))) // 2
    count = math.ceil(BITS / width)
    sizes = _powers_of_two(sizes_of_columns(X))
    scaled = (v.high * sizes, v.low * sizes)
    unit = float(_powers_of_two(np.abs(scaled[0]).max(initial=0.0, keepdims=True))[0])
    pieces = _slices_of_pair((scaled[0] / unit, scaled[1] / unit), width, count)
    high, low = np.empty(len(X)), np.empty(len(X))
    for start in range(0, len(X), BLOCK):
        rows = slice(start, start + BLOCK)
        high[rows], low[rows] = _block(X[rows] / sizes, pieces, width, count)
    cut = unit * k * (count + 3) * 2.0 ** (-width * count)
    spread = float(np.sum(sizes * v.radius)) * 1.01
    return Ball(unit * high, unit * low, np.full(len(X), cut + pairs.UNIT * unit * k + spread))


def transposed(X: Matrix, v: Ball) -> Ball:
    """X^T v for X (N, k) and v (N,)."""
    sums = [product(X[rows].T, v[rows]) for rows in (slice(i, i + BLOCK) for i in range(0, len(X), BLOCK))]
    return sum(sums[1:], sums[0])


def _block(Z: Matrix, pieces: Matrix, width: int, count: int) -> pairs.Pair:
    """The sums of the products of all pairs of slices that matter, largest first."""
    total = np.zeros(len(Z)), np.zeros(len(Z))
    for i in range(count):
        cut = _rounded(Z, width * (i + 1))
        Z = Z - cut
        products = cut @ pieces[:, : count - i]
        for j in range(count - i):
            total = pairs.add(total, (products[:, j], 0.0))
    return total


def _slices_of_pair(v: pairs.Pair, width: int, count: int) -> Matrix:
    """v (k,) as the sum of the columns (k, count), each a multiple of its own power of two."""
    columns = []
    for i in range(count):
        cut = _rounded(v[0], width * (i + 1))
        v = pairs.two_sum(v[0] - cut, v[1])
        columns.append(cut)
    return np.stack(columns, axis=1)


def _rounded(values: Matrix, bits: int) -> Matrix:
    """The nearest multiples of 2^-bits of values in [-1, 1], as long as these are at most 2^(51 - bits)."""
    big = 1.5 * 2.0 ** (52 - bits)
    return np.asarray((values + big) - big)


def _powers_of_two(sizes: Vector) -> Vector:
    """Powers of two no smaller than the sizes; 1 for 0."""
    return np.where(sizes > 0.0, np.ldexp(1.0, np.frexp(sizes)[1]), 1.0)


def mean(values: Ball) -> Ball:
    """The mean over rows."""
    return total(values) * (1.0 / Ball(float(len(values.high))))


def total(values: Ball) -> Ball:
    """The sum over rows, its radius with the rounding of the sum."""
    values = values[:]
    rounding = pairs.UNIT * math.log2(len(values.high) + 1) * float(np.sum(values.size))
    high, low = pairs.total(values.middle)
    return Ball(high, low, (float(np.sum(values.radius)) + rounding) * 1.01)
