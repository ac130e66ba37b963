"""Data sets and 50-digit truth for the risk. mpmath's sums know nothing of the code under test."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.linear import LinearRisk

DIGITS = 50


Three = tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]


def phi(name: str, p: mpmath.mpf, y: mpmath.mpf) -> Three:
    """phi, phi' and phi'' by hand."""
    one, m = mpmath.mpf(1), y * p
    if name == "squared":
        return (p - y) ** 2 / 2, p - y, one
    if name == "logistic":
        return (
            mpmath.log1p(mpmath.exp(-m)),
            -y / (1 + mpmath.exp(m)),
            y * y / (1 + mpmath.exp(m)) / (1 + mpmath.exp(-m)),
        )
    if name == "huber":
        u = p - y
        return (u * u / 2, u, one) if abs(u) <= 1 else (abs(u) - one / 2, mpmath.sign(u), 0 * one)
    if name == "absolute":
        return abs(p - y), mpmath.sign(p - y), 0 * one
    if name == "quantile":
        return abs(p - y) / 2, mpmath.sign(p - y) / 2, 0 * one
    if name == "hinge":
        return (1 - m, -y, 0 * one) if m < 1 else (0 * one, 0 * one, 0 * one)
    if name == "logcosh":
        u = p - y
        size = abs(u) + mpmath.log1p(mpmath.exp(-2 * abs(u))) - mpmath.log(2)
        return size, mpmath.tanh(u), mpmath.sech(u) ** 2
    if name == "squared_hinge":
        return ((1 - m) ** 2, -2 * y * (1 - m), 2 * y * y) if m < 1 else (0 * one, 0 * one, 0 * one)
    if name == "exponential":
        return mpmath.exp(-m), -y * mpmath.exp(-m), y * y * mpmath.exp(-m)
    if name == "poisson":
        return mpmath.exp(p) - m, mpmath.exp(p) - y, mpmath.exp(p)
    raise KeyError(name)


class Truth:
    """R, its gradient and Hessian in 50-digit sums over the very doubles of a risk; its minimiser by Newton."""

    def __init__(self, risk: LinearRisk) -> None:
        self.name = risk.kernel.loss.name
        with mpmath.workdps(DIGITS):
            self.X = [[mpmath.mpf(v) for v in row] for row in risk.X.tolist()]
            self.y = [mpmath.mpf(v) for v in risk.y.tolist()]
            self.penalty = [mpmath.mpf(v) for v in risk.penalty.tolist()]

    def evaluate(self, theta: list[mpmath.mpf]) -> tuple[mpmath.mpf, mpmath.matrix, mpmath.matrix]:
        """R, grad R (k, 1) and the Hessian (k, k)."""
        with mpmath.workdps(DIGITS):
            k, N = len(theta), len(self.X)
            theta = [mpmath.mpf(v) for v in theta]
            value, g, H = mpmath.mpf(0), mpmath.zeros(k, 1), mpmath.zeros(k, k)
            for x, y in zip(self.X, self.y, strict=True):
                v, first, second = phi(self.name, mpmath.fdot(x, theta), y)
                value += v / N
                for a in range(k):
                    g[a] += first * x[a] / N
                    for b in range(k):
                        H[a, b] += second * x[a] * x[b] / N
            for a in range(k):
                value += self.penalty[a] * theta[a] ** 2 / 2
                g[a] += self.penalty[a] * theta[a]
                H[a, a] += self.penalty[a]
            return value, g, H

    def value(self, theta: list[mpmath.mpf]) -> mpmath.mpf:
        with mpmath.workdps(DIGITS):
            terms = [phi(self.name, mpmath.fdot(x, theta), y)[0] for x, y in zip(self.X, self.y, strict=True)]
            penalty = sum(p * mpmath.mpf(t) ** 2 for p, t in zip(self.penalty, theta, strict=True)) / 2
            return mpmath.fsum(terms) / len(terms) + penalty

    def minimise(self, start: np.ndarray, steps: int = 8) -> list[mpmath.mpf]:
        """Newton at 50 digits from a start near the minimiser (a full-rank problem)."""
        with mpmath.workdps(DIGITS):
            theta = mpmath.matrix([mpmath.mpf(v) for v in start.tolist()])
            for _ in range(steps):
                _, g, H = self.evaluate(list(theta))
                move = mpmath.lu_solve(H, g)
                theta = theta - move
                if mpmath.norm(move) < mpmath.mpf(10) ** -40 * (1 + mpmath.norm(theta)):
                    break
            return list(theta)


def build(
    name: str, X: np.ndarray, y: np.ndarray, l2: float = 0.0, intercept: bool = True, free: bool = True
) -> LinearRisk:
    """The risk of a loss over X (with a column of ones where asked); the intercept is not penalised."""
    X = np.asarray(X, dtype=float)
    X = np.column_stack([X, np.ones(len(X))]) if intercept else np.ascontiguousarray(X)
    penalty = np.full(X.shape[1], l2)
    if intercept and free:
        penalty[-1] = 0.0
    return LinearRisk(X, np.asarray(y, dtype=float), compile_loss(LOSSES[name]), penalty)


def sample(name: str, kind: str, N: int = 17, d: int = 3, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """X (N, d) and a target that suits the loss; every kind is full-rank and not separable."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, d))
    signal = X @ np.arange(1.0, d + 1.0)
    if kind == "scales":
        X = X * 10.0 ** np.linspace(-8, 8, d)
    elif kind == "correlated":
        X[:, 1] = X[:, 0] + 1e-4 * X[:, 1]
    elif kind == "offset":
        X = X + 1e4
    elif kind == "outlier":
        X[0] *= 100.0
    if LOSSES[name].target == "signs":
        # Balanced coin flips, fixed so that no hyperplane parts them.
        return X, np.where(rng.uniform(size=N) < 0.5, -1.0, 1.0)
    if LOSSES[name].target == "counts":
        return X, rng.poisson(np.exp(signal / d)).astype(float)
    return X, signal + rng.normal(size=N)


@pytest.fixture
def truth() -> Callable[[LinearRisk], Truth]:
    return Truth


@pytest.fixture
def make() -> Callable[..., LinearRisk]:
    return build


@pytest.fixture
def data() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    return sample
