"""The softmax loss of K classes as a formula, and as one array program for every K.

phi(p, y) = logsumexp(p1, ..., pK) - (y1 p1 + ... + yK pK), y the class as a vector of one 1 and zeros. The calculus
derives dphi/dp_k = s_k - y_k with s_k = exp(p_k - logsumexp(p)), and d2phi/dp_k dp_l = s_k ([k = l] - s_l). The program
computes these in a form whose relative error stays small: the texts that it shows are what `calculus.gradient` derives
for K = 2, 3, 4 letter by letter, and its numbers are those of the derived expressions at 50 digits (a test).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.losses import SOFTMAX, Loss

Codes = NDArray[np.intp]
Pairs = NDArray[np.bool_]
# Up to so many classes the formula names each of them.
FEW = 4


def formula(classes: int) -> str:
    """phi in the variables p1, ..., pK and y1, ..., yK, all of them written out."""
    own = " + ".join(f"y{k}*p{k}" for k in range(1, classes + 1))
    return f"{_total(classes, classes)} - ({own})"


def shown(classes: int) -> tuple[str, str, str]:
    """phi, dphi/dp_k and d2phi/dp_k dp_l as texts, with dots for many classes."""
    total = _total(classes, FEW)
    phi = formula(classes) if classes <= FEW else f"{total} - (y1*p1 + ... + y{classes}*p{classes})"
    second = f"exp(p_k - {total}) - exp(2*p_k - 2*{total}) if k = l else -exp(p_k + p_l - 2*{total})"
    return phi, f"exp(p_k - {total}) - y_k", second


def loss(classes: int) -> Loss:
    """phi and what is proven of it: a covariance of 0 and 1 is at most 1/2, and |grad phi| < sqrt 2.

    |D^3 phi[d,d,d]| <= max_{k,l} |d_k - d_l| D^2 phi[d,d]: a third central moment is at most range times variance.
    """
    return Loss(SOFTMAX, formula(classes), "classes", curvature=0.5, concordance=1.0, lipschitz=math.sqrt(2.0))


def _total(classes: int, few: int) -> str:
    names = [f"p{k}" for k in range(1, classes + 1)]
    return f"logsumexp({', '.join(names if classes <= few else [names[0], '...', names[-1]])})"


@dataclass(frozen=True)
class Softmax:
    """The loss at predictions Z (K, N): `top` = max_k z_k, `total` = sum_k exp(z_k - top), `P` = s_k."""

    Z: Matrix
    y: Codes
    top: Vector
    P: Matrix
    total: Vector

    @classmethod
    def at(cls, Z: Matrix, y: Codes, active: Pairs | None = None) -> Softmax:
        """At the predictions Z; classes that are not `active` (K, N) for a row count for nothing there."""
        if active is not None:
            Z = np.where(active, Z, -np.inf)
        top = Z.max(axis=0)
        E = np.exp(Z - top)
        total = E.sum(axis=0)
        return cls(Z, y, top, E / total, total)

    @cached_property
    def own(self) -> tuple[Codes, Codes]:
        """The index of each row's own class in (K, N)."""
        return self.y, np.arange(len(self.y))

    @cached_property
    def missed(self) -> Vector:
        """1 - s_y as the sum of the other classes' s_k: no digits cancel where it is small."""
        others = self.P.copy()
        others[self.own] = 0.0
        return np.asarray(others.sum(axis=0))

    @property
    def values(self) -> Vector:
        """phi, (N,): -log(1 - missed) where the row's own class leads, else a sum of two terms >= 0."""
        missed = self.missed
        led = self.top - self.Z[self.own] + np.log(self.total)
        return np.where(missed <= 0.5, -np.log1p(-np.minimum(missed, 0.5)), led)

    @property
    def slopes(self) -> Matrix:
        """dphi/dp_k = s_k - [k = y], (K, N)."""
        slopes = self.P.copy()
        slopes[self.own] = -self.missed
        return slopes

    @property
    def rests(self) -> Matrix:
        """1 - s_k, (K, N), the largest s_k's as the sum of the others."""
        rests = 1.0 - self.P
        leader = (self.P.argmax(axis=0), self.own[1])
        others = self.P.copy()
        others[leader] = 0.0
        rests[leader] = others.sum(axis=0)
        return rests


def hessian(F: Matrix, P: Matrix, rests: Matrix) -> Matrix:
    """(1/N) sum_i (diag(p_i) - p_i p_i^T) (x) f_i f_i^T, for rows F (N, r) and s_k of some classes P (m, N)."""
    (m, N), r = P.shape, F.shape[1]
    found = np.zeros((m * r, m * r))
    for start in range(0, N, BLOCK):
        rows = slice(start, start + BLOCK)
        weighted = (P[:, rows].T[:, :, None] * F[rows, None, :]).reshape(len(F[rows]), m * r)
        found -= weighted.T @ weighted
    for k in range(m):
        # p (1 - p), which p - p^2 would lose where p is near 1.
        found[k * r : (k + 1) * r, k * r : (k + 1) * r] = (F.T * (P[k] * rests[k])) @ F
    return np.asarray(found / N)


# Rows whose products with all classes are held at once.
BLOCK = 2048
