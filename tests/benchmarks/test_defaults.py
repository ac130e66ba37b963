"""The table that the defaults were chosen by is what the runs need: gradient descent's figures within a tenth."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from tests.benchmarks.bench_defaults import BUDGET, BUNDLED, DRAWING, FIGURES, GAPS, SETS, epochs, planned, remaining
from tests.benchmarks.engine.crew import ROOT

PLACE = {name: place for place, name in enumerate(SETS)}


def holds(name: str, method: str, least: float, most: float) -> None:
    for ours, figure in zip(epochs(name, method), FIGURES[method][PLACE[name]], strict=True):
        assert math.isnan(ours) if math.isnan(figure) else least <= ours / figure <= most


@pytest.mark.parametrize("name", BUNDLED)
def test_gradient_descent_takes_the_epochs_of_the_table(name: str) -> None:
    holds(name, "gd", 0.9, 1.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SETS if name not in BUNDLED])
def test_gradient_descent_takes_the_epochs_of_the_table_on_sets_of_scikit_learn(name: str) -> None:
    holds(name, "gd", 0.9, 1.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["polyak", "adgd", "nesterov", "lbfgs"])
def test_no_other_method_takes_a_tenth_more(name: str, method: str) -> None:
    holds(name, method, 0.0, 1.1)


@pytest.mark.parametrize("name", ["diabetes", "wine alcohol"])
def test_gradient_descent_takes_the_steps_of_the_closed_form(name: str) -> None:
    """gap_t = sum lambda_i (1 - lambda_i/L)^(2t) c_i^2/2, theta* = sum c_i v_i in the Hessian's eigenvectors."""
    data = SETS[name]()
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    curvatures, vectors = np.linalg.eigh(X.T @ X / len(X))
    best = vectors.T @ np.linalg.lstsq(X, data.y)[0]
    t = np.arange(BUDGET)[:, None]
    gaps = (curvatures * (1.0 - curvatures / curvatures[-1]) ** (2 * t) * best**2 / 2.0).sum(axis=1)
    assert epochs(name, "gd") == tuple(int(np.argmax(gaps <= gap * gaps[0])) for gap in GAPS)


def test_rows_are_used_as_often_as_was_said() -> None:
    plan = planned("wine alcohol", "saga", epochs=3.0)
    assert plan.steps == 3 * plan.risk.rows


@pytest.mark.slow
def test_saga_reaches_a_thousandth_on_four_sets_and_sgd_on_one() -> None:
    reached = {method: sum(remaining(name, method)[0] <= 1e-3 for name in SETS) for method in DRAWING}
    assert reached == {"sgd": 1, "saga": 4}


def test_the_table_is_printed() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.bench_defaults", "newton"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    head, rule, row = done.stdout.splitlines()
    assert head.count("|") == rule.count("|") == row.count("|") == len(SETS) + 2
    assert row.startswith("| newton | 3 / 3 (2 / 2): 1.50 / 1.50 |")
