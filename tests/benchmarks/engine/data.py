"""The rows that all run on, and R(theta) by which all are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ETA = 0.002
BATCH = 64
# A risk above that of plain SGD after as many steps by more than this share is marked: its speed does not count.
TOLERANCE = 0.01


@dataclass(frozen=True)
class Given:
    """What a job is made from: X (N, d) and y (N,) lie in `folder`, labels of logistic loss are -1 and +1."""

    folder: str
    loss: str
    threads: int = 1
    options: dict[str, Any] = field(default_factory=dict, hash=False)

    def rows(self, limit: int | None = None) -> tuple[Any, Any]:
        """X and y, the first `limit` rows."""
        X, y = (np.load(Path(self.folder) / f"{name}.npy") for name in "Xy")
        return (X, y) if limit is None else (np.ascontiguousarray(X[:limit]), y[:limit].copy())

    def spec(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


@dataclass(frozen=True)
class Outcome:
    """theta and the intercept after `rows` rows; or R and its gradient as one vector."""

    vector: Any
    rows: int
    intercept: float = 0.0


def sample(loss: str, rows: int, width: int) -> tuple[Any, Any]:
    """Rows of independent normal numbers, and targets with noise."""
    rng = np.random.default_rng(width)
    X = rng.standard_normal((rows, width))
    clean = X @ (np.ones(width) / np.sqrt(width))
    if loss == "logistic":
        return X, np.where(rng.uniform(size=rows) < 1 / (1 + np.exp(-2 * clean)), 1.0, -1.0)
    return X, clean + 0.5 * rng.standard_normal(rows)


def put(folder: Path, X: Any, y: Any) -> None:
    """Write the rows where `Given.rows` finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)


def risk(loss: str, X: Any, y: Any, theta: Any, intercept: float = 0.0) -> float:
    """R(theta), by numpy alone."""
    p = X @ np.asarray(theta) + intercept
    return float(np.mean(np.logaddexp(0.0, -y * p) if loss == "logistic" else (p - y) ** 2 / 2))


def slope(loss: str, p: Any, y: Any) -> Any:
    """phi'(p, y)."""
    return -y / (1.0 + np.exp(y * p)) if loss == "logistic" else p - y


def gradient(loss: str, X: Any, y: Any, theta: Any) -> Any:
    """R and its gradient, (1 + d,)."""
    return np.concatenate([[risk(loss, X, y, theta)], slope(loss, X @ theta, y) @ X / len(y)])


def plain(loss: str, rows: tuple[Any, Any], marks: Sequence[int], batch: int = 1) -> dict[int, Any]:
    """theta of SGD in order as anybody would write it, after so many rows: what all others are compared with.

    The step size grows with the batch, so that as many rows lead as far.
    """
    X, y = rows
    theta, found = np.zeros(X.shape[1]), {}
    for first in range(0, max(marks, default=0), batch):
        x = X[first : first + batch]
        theta = theta - ETA * (slope(loss, x @ theta, y[first : first + batch]) @ x)
        if first + len(x) in marks:
            found[first + len(x)] = theta
    return found
