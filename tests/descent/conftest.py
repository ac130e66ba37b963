from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gdcli.data.dataset import Dataset, Origin
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.descent.run import Run, Step


def dataset(X: object, y: object, labels: tuple[str, ...] | None = None) -> Dataset:
    X = np.ascontiguousarray(np.array(X, dtype=float))
    columns = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    return Dataset(X, np.array(y, dtype=float), columns, "y", labels, Origin("here", len(X), "0", True, ","), ())


def sample(loss: str = "squared", N: int = 24, d: int = 3, seed: int = 8) -> Dataset:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, d))
    if loss == "logistic":
        return dataset(X, rng.uniform(size=N) < 0.5, ("no", "yes"))
    if loss == "softmax":
        return dataset(X, rng.permutation(N) % 3, ("blue", "green", "red"))
    return dataset(X, X @ np.arange(1.0, d + 1.0) + rng.normal(size=N))


def run_plan(plan: Plan) -> tuple[Run, list[Step]]:
    run = Run(plan, lambda: 0.0)
    return run, list(run)


@pytest.fixture
def data() -> Callable[..., Dataset]:
    return dataset


@pytest.fixture
def problem() -> Callable[..., Dataset]:
    return sample


@pytest.fixture
def go() -> Callable[..., tuple[Run, list[Step]]]:
    return lambda dataset, **options: run_plan(prepare(dataset, Options(**options)))
