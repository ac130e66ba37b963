"""Vowpal Wabbit: one pass over its binary cache with --sgd, a constant step size and no constant; single precision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.engine.data import ETA, Given, Outcome

TITLE = "Vowpal Wabbit"
# Writing and parsing its text takes longer than all else.
ROWS = 100_000


def write(path: Path, X: Any, y: Any) -> None:
    """Its text format: label | 0:value 1:value ..."""
    with path.open("w", encoding="utf-8") as file:
        for target, row in zip(y.tolist(), X.tolist(), strict=True):
            file.write(f"{target:g} | {' '.join(f'{j}:{value:.9g}' for j, value in enumerate(row))}\n")


def in_order(given: Given) -> Callable[[], Outcome]:
    """Its loss is (p - y)^2 without the half: half the step size."""
    from vowpalwabbit import Workspace

    X, y = given.rows(ROWS)
    path = Path(given.folder) / "data.vw"
    write(path, X, y)
    rate = ETA if given.loss == "logistic" else ETA / 2
    files = f"-d {path} --cache_file {path.with_suffix('.cache')} -b 10 --quiet"
    rule = f"--loss_function {given.loss} --sgd --noconstant --power_t 0 --initial_t 0 -l {rate}"

    def job() -> Outcome:
        model = Workspace(f"{files} {rule}")
        theta = [model.get_weight_from_name(str(j)) for j in range(X.shape[1])]
        model.finish()
        return Outcome(theta, len(y))

    return job


JOBS = {"in order": in_order}
