"""The benchmark of the engine runs at all, and what it computes itself is right."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import SGDRegressor

from tests.benchmarks.engine.__main__ import README, updated
from tests.benchmarks.engine.crew import ROOT, Outcome, Times
from tests.benchmarks.engine.data import ETA, gradient, plain, risk, sample
from tests.benchmarks.engine.report import WORSE, Section, mark, pivot
from tests.benchmarks.engine.roofline import Point, Roof, draw


def run(*parts: str) -> str:
    only = [word for part in parts for word in ("--only", part)]
    command = [sys.executable, "-m", "tests.benchmarks.engine", "--quick", *only]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sgd_beside_scikit_learn_ends_at_one_risk() -> None:
    lines = [line.split(" | ") for line in run("sgd").splitlines() if ", in order, " in line]
    assert {line[0].split(",")[0] for line in lines} >= {"| gdcli", "| scikit-learn"}
    for line in lines:
        at_end, plainly = (float(cell.strip(" |")) for cell in line[-2:])
        assert at_end == pytest.approx(plainly, rel=1e-4)


def test_full_gradients_are_drawn_below_the_roof_and_none_is_wrong() -> None:
    said = run("full")
    assert "flop/byte" in said
    errors = [float(line.split(" | ")[-1].strip(" |")) for line in said.splitlines() if ", squared d=" in line]
    assert errors
    assert all(error < 1e-9 for error in errors)


@pytest.mark.slow
def test_the_other_parts_run() -> None:
    said = run("formula", "read", "process", "log")
    for title in ("by formula**", "**Reading**", "**Whole process**", "**The log**"):
        assert title in said
    reading = [line for line in said.splitlines() if line.endswith((" yes |", " no |"))]
    assert reading
    assert all(line.endswith(" yes |") for line in reading)


@pytest.mark.parametrize("loss", ["logistic", "squared"])
def test_the_gradient_all_are_compared_with_is_that_of_the_risk(loss: str) -> None:
    X, y = sample(loss, 50, 3)
    theta, h = np.array([0.3, -0.2, 0.1]), 1e-6
    found = gradient(loss, X, y, theta)
    for j, e in enumerate(np.eye(3)):
        change = risk(loss, X, y, theta + h * e) - risk(loss, X, y, theta - h * e)
        assert found[1 + j] == pytest.approx(change / (2 * h), rel=1e-6)


def test_plain_sgd_is_that_of_scikit_learn() -> None:
    X, y = sample("squared", 200, 4)
    fixed = {"alpha": 0.0, "penalty": None, "learning_rate": "constant", "eta0": ETA, "max_iter": 1, "tol": None}
    model = SGDRegressor(fit_intercept=False, shuffle=False, **fixed).fit(X, y)
    assert plain("squared", (X, y), [200])[200] == pytest.approx(model.coef_, rel=1e-9)


def test_ratios_are_taken_round_by_round_and_for_a_row() -> None:
    base = Times([1.0, 4.0, 2.0], Outcome([0.0], 10))
    other = Times([2.0, 4.0, 3.0], Outcome([0.0], 5))
    assert other.over(base) == 3.0


def test_a_worse_risk_is_marked_and_one_that_is_no_number() -> None:
    assert [mark(value, 1.0) for value in (0.5, 1.0, 1.009, 1.02, math.nan)] == ["", "", "", WORSE, WORSE]


def test_the_roof_is_the_lower_of_both() -> None:
    roof = Roof(bandwidth=20.0, peak=80.0)
    assert [roof.at(intensity) for intensity in (0.5, 4.0, 16.0)] == [10.0, 80.0, 80.0]
    drawing = draw(roof, [Point("gdcli", "d=20", 0.5, 5.0)])
    assert "50%" in drawing.splitlines()[-1]
    (line,) = (line for line in drawing.splitlines() if "g" in line.partition("|")[2])
    # 5 GFLOP/s lie between 4 and 8, nearest to 2^2.5; 0.5 flop/byte two doublings right of 1/8.
    assert line.index("g") == line.index("|") + 1 + 20


def test_the_readme_is_changed_between_its_markers_alone() -> None:
    section = Section("T", pivot("", {("a", "b"): "1"}), ("note",), details=[["hidden"]])
    new = updated("x\n<!-- benchmark -->\nold\n<!-- /benchmark -->\ny\n", "head", [section])
    assert new.startswith("x\n<!-- benchmark -->\nhead\n")
    assert new.endswith("\n<!-- /benchmark -->\ny\n")
    assert "| a | 1 |" in new
    assert "old" not in new
    assert "hidden" not in new
    with pytest.raises(SystemExit):
        updated("no markers", "head", [section])


def test_the_readme_has_its_markers() -> None:
    text = README.read_text(encoding="utf-8")
    assert updated(text, "head", []) != text
