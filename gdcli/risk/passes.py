"""Passes over the rows of X (N, k) in blocks: beside X they need no more than a block's numbers.

The blocks depend on k alone, so the sums are the same bits on every machine that multiplies alike; one block holds all
rows of small data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdcli.data.room import blocks, room
from gdcli.risk.empirical import Matrix, Vector

Mask = NDArray[np.bool_]
# Rows of a product of matrices at a time: a block and its weighted copy stay in the cache, and it is no work to share.
PRODUCT = 1024


def columns(X: Matrix, which: Mask) -> Matrix:
    """The columns that are marked, in a matrix of their own."""
    found = room((len(X), int(np.count_nonzero(which))))
    for rows in blocks(X):
        found[rows] = X[rows][:, which]
    return found


def product(X: Matrix, v: Matrix) -> Matrix:
    """X v for v (k,) or (k, m)."""
    found = room((len(X), *v.shape[1:]))
    for rows in blocks(X):
        np.matmul(X[rows], v, out=found[rows])
    return found


def transposed(X: Matrix, v: Vector) -> Vector:
    """X^T v for v (N,)."""
    total = np.zeros(X.shape[1])
    for rows in blocks(X):
        total += v[rows] @ X[rows]
    return total


def absolute(X: Matrix, v: Vector) -> Vector:
    """|X| v for v (k,)."""
    found = room((len(X),))
    for rows in blocks(X):
        found[rows] = np.abs(X[rows]) @ v
    return found


def absolute_transposed(X: Matrix, v: Vector) -> Vector:
    """|X|^T v for v (N,)."""
    total = np.zeros(X.shape[1])
    for rows in blocks(X):
        total += v[rows] @ np.abs(X[rows])
    return total


def gram(X: Matrix) -> Matrix:
    """X^T X."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for rows in blocks(X):
        total += X[rows].T @ X[rows]
    return total


def weighted_gram(X: Matrix, weights: Vector) -> Matrix:
    """X^T diag(weights) X."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for rows in blocks(X, PRODUCT):
        part = X[rows]
        total += (part * weights[rows, None]).T @ part
    return total


def lengths(X: Matrix, v: Matrix | None = None) -> Vector:
    """||x_i||, or ||x_i^T v|| for v (k, m), (N,)."""
    found = room((len(X),))
    for rows in blocks(X):
        found[rows] = np.linalg.norm(X[rows] if v is None else X[rows] @ v, axis=1)
    return found


def longest_square(X: Matrix) -> float:
    """max ||x_i||^2."""
    return max(float(np.max(np.einsum("ij,ij->i", X[rows], X[rows]))) for rows in blocks(X))


def sizes_of_columns(X: Matrix) -> Vector:
    """max_i |x_ij|, (k,)."""
    sizes = np.zeros(X.shape[1])
    for rows in blocks(X):
        np.maximum(sizes, np.abs(X[rows]).max(axis=0), out=sizes)
    return sizes


def triangle(X: Matrix, ones: bool = False) -> Matrix:
    """R of X = QR, of [X 1] with `ones`: blocks of rows one after the other, each below the R of those before it."""
    R = np.empty((0, X.shape[1] + ones))
    for rows in blocks(X):
        part = X[rows]
        below = np.column_stack([part, np.ones(len(part))]) if ones else part
        R = np.asarray(np.linalg.qr(np.vstack([R, below]), mode="r"))
    return R
