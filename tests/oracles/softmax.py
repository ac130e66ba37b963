"""The softmax risk in 50-digit sums over a risk's very doubles, its minimiser, and its pairs by linear programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
from scipy.optimize import linprog

from gdcli.risk.models.softmax import SoftmaxRisk

DIGITS = 50
Numbers = list[mpmath.mpf]


def risk(
    X: Any, y: Any, classes: int, l2: float = 0.0, *, intercept: bool = True, penalise_intercept: bool = False
) -> SoftmaxRisk:
    """The risk over X, with a column of ones where asked, which is not penalised unless asked."""
    X = np.asarray(X, dtype=float)
    X = np.column_stack([X, np.ones(len(X))]) if intercept else np.ascontiguousarray(X)
    penalty = np.full(X.shape[1], l2)
    if intercept and not penalise_intercept:
        penalty[-1] = 0.0
    return SoftmaxRisk(X, np.asarray(y, dtype=np.intp), classes, np.tile(penalty, classes))


def sample(kind: str, classes: int, N: int, d: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """X (N, d), full-rank, and random labels that no direction separates if N is large beside K d."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, d))
    y = rng.permutation(np.arange(N) % classes)
    if kind == "scales":
        X = X * 10.0 ** np.linspace(-8, 8, d)
    elif kind == "correlated":
        X[:, 1] = X[:, 0] + 1e-4 * X[:, 1]
    elif kind == "offset":
        X = X + 1e4
    elif kind == "outlier":
        X[0] *= 100.0
    return X, y


class Truth:
    """R at 50 digits, and its minimiser by Newton on parameters that sum to 0 over the classes."""

    def __init__(self, X: Sequence[Numbers], y: Sequence[int], classes: int, ridge: Numbers) -> None:
        self.X, self.y, self.K, self.ridge = X, y, classes, ridge

    @classmethod
    def of(cls, risk: SoftmaxRisk) -> Truth:
        """The truth of a risk's own doubles."""
        with mpmath.workdps(DIGITS):
            X = [[mpmath.mpf(v) for v in row] for row in risk.X.tolist()]
            return cls(X, risk.y.tolist(), risk.classes, [mpmath.mpf(v) for v in risk.ridge.tolist()])

    def value(self, theta: Any) -> mpmath.mpf:
        with mpmath.workdps(DIGITS):
            T = self._matrix(theta)
            losses = []
            for x, y in zip(self.X, self.y, strict=True):
                z = [mpmath.fdot(x, t) for t in T]
                losses.append(mpmath.log1p(mpmath.fsum(mpmath.exp(v - z[y]) for k, v in enumerate(z) if k != y)))
            return mpmath.fsum(losses) / len(losses) + self._penalty(T)

    def derivatives(self, theta: Any) -> tuple[mpmath.matrix, mpmath.matrix]:
        """grad R (K k, 1) and the Hessian (K k, K k)."""
        with mpmath.workdps(DIGITS):
            T, k = self._matrix(theta), len(self.ridge)
            g, H = mpmath.zeros(self.K * k, 1), mpmath.zeros(self.K * k)
            for x, y in zip(self.X, self.y, strict=True):
                z = [mpmath.fdot(x, t) for t in T]
                e = [mpmath.exp(v - max(z)) for v in z]
                s = [v / mpmath.fsum(e) / len(self.X) for v in e]
                outer = [[a * b for b in x] for a in x]
                for a in range(self.K):
                    own = mpmath.mpf(a == y) / len(self.X)
                    for i in range(k):
                        g[a * k + i] += (s[a] - own) * x[i]
                    for b in range(self.K):
                        w = (s[a] if a == b else 0) - s[a] * s[b] * len(self.X)
                        for i in range(k):
                            for j in range(k):
                                H[a * k + i, b * k + j] += w * outer[i][j]
            for a in range(self.K):
                for i in range(k):
                    g[a * k + i] += self.ridge[i] * T[a][i]
                    H[a * k + i, a * k + i] += self.ridge[i]
            return g, H

    def minimise(self, start: np.ndarray) -> Numbers:
        """Newton at 50 digits from a start near the minimiser (a full-rank problem)."""
        k, K = len(self.ridge), self.K
        with mpmath.workdps(DIGITS):
            T = self._matrix(start.tolist())
            means = [mpmath.fsum(t[i] for t in T) / K for i in range(k)]
            theta = mpmath.matrix([t[i] - means[i] for t in T for i in range(k)])
            E = mpmath.zeros(K * k, (K - 1) * k)
            for i in range((K - 1) * k):
                E[i, i] = 1
                E[(K - 1) * k + i % k, i] = -1
            for _ in range(10):
                g, H = self.derivatives(list(theta))
                move = E * mpmath.lu_solve(E.T * H * E, E.T * g)
                theta = theta - move
                if mpmath.norm(move) < mpmath.mpf(10) ** -40 * (1 + mpmath.norm(theta)):
                    break
            return list(theta)

    def _matrix(self, theta: Any) -> list[Numbers]:
        flat, k = [mpmath.mpf(v) for v in theta], len(self.ridge)
        return [flat[a * k : (a + 1) * k] for a in range(self.K)]

    def _penalty(self, T: list[Numbers]) -> mpmath.mpf:
        return mpmath.fsum(w * t[i] ** 2 for t in T for i, w in enumerate(self.ridge)) / 2


def separable_pairs(X: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """(K, N): has some D all margins (d_{y_i} - d_k) . x_i >= 0, and >= 1 for this pair? A linear program each."""
    N, k = X.shape
    rows, pairs = [], []
    for i in range(N):
        for other in range(classes):
            if other != y[i]:
                row = np.zeros((classes, k))
                row[y[i]], row[other] = X[i], -X[i]
                rows.append(row.ravel())
                pairs.append((other, i))
    A = np.array(rows)
    found = np.zeros((classes, N), dtype=bool)
    for n, pair in enumerate(pairs):
        least = np.zeros(len(A))
        least[n] = 1.0
        bounds = [(None, None)] * A.shape[1]
        answer = linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-least, bounds=bounds, method="highs")
        found[pair] = answer.status == 0
    return found
