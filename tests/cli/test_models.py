"""gdcli descend --model, --theta0, --features by formula, --penalise-intercept and --steps 0 as commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.inprocess import run
from tests.oracles.nist_nonlinear import SETS


def report(*args: str) -> dict[str, Any]:
    code, out, err = run("descend", *args, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", ["Misra1a", "MGH09", "Thurber", "Nelson"])
def test_nist_by_command(tmp_path: Path, name: str, start: int) -> None:
    case = SETS[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(case.csv(), encoding="utf-8")
    found = report(str(path), "--model", case.model, "--theta0", case.start(start), "--steps", "0")
    assert found["optimum"]["status"] == "local"
    assert found["risk_optimum"] is None
    assert list(found["theta_local"]) == list(case.parameters)
    assert list(found["theta_local"].values()) == pytest.approx(case.certified, rel=1e-8)
    assert 2 * found["rows"] * found["optimum"]["local_minimum"] == pytest.approx(case.squares, rel=1e-8)
    assert (found["step"], found["reason"]) == (0, "steps")
    assert list(found["theta"].values()) == pytest.approx(case.starts[start], rel=1e-15)


def test_no_minimum_is_reported_as_not_converged(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    path.write_text("x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(1, 9)), encoding="utf-8")
    found = report(str(path), "--model", "a*x/(b + x)", "--steps", "5")
    assert found["optimum"]["local_minimum"] is None
    assert found["optimum"]["status"] == "not converged"
    code, out, err = run("descend", str(path), "--model", "a*x/(b + x)", "--steps", "5", "-v")
    assert code == 0
    assert "not converged" in out
    assert "no R* is claimed" in err


@pytest.fixture
def noisy(tmp_path: Path) -> str:
    path = tmp_path / "noisy.csv"
    path.write_text("x,z,y\n0,1,1\n1,4,3\n2,1,5\n3,2,8\n5,9,12\n", encoding="utf-8")
    return str(path)


def test_the_descent_reaches_the_local_minimum(noisy: str) -> None:
    args = ("--model", "a*x + b^2*z", "--gap", "1e-6")
    found = report(noisy, *args)
    assert found["reason"] == "local"
    assert found["above_local"] <= 1e-6
    assert found["risk"] == pytest.approx(found["optimum"]["local_minimum"], abs=1e-6)


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_text_says_what_the_model_is(noisy: str, method: str) -> None:
    code, out, _ = run("descend", noisy, "--model", "a*exp(b*x)", "--method", method, "--steps", "20", "-v")
    assert code == 0
    for expected in ("a*exp(b*x)", "parameters of the model: a, b", "df/db = a*x*exp(b*x)", "no R* is claimed"):
        assert expected in out


def test_features_by_formula(noisy: str) -> None:
    found = report(noisy, "--features", "x, x^2, max(x, z)", "--steps", "0")
    x, z, y = np.array([[0, 1, 1], [1, 4, 3], [2, 1, 5], [3, 2, 8], [5, 9, 12]], dtype=float).T
    theta, *_ = np.linalg.lstsq(np.column_stack([x, x**2, np.maximum(x, z), np.ones(5)]), y, rcond=None)
    assert found["columns"] == ["x", "x^2", "max(x, z)"]
    assert list(found["theta_optimum"].values()) == pytest.approx(theta, rel=1e-9)


def test_the_intercept_is_penalised_where_it_is_asked_for(noisy: str) -> None:
    found = report(noisy, "--raw", "--features", "x", "--l2", "0.5", "--penalise-intercept", "--steps", "0")
    A, y = np.array([[0, 1], [1, 1], [2, 1], [3, 1], [5, 1]], dtype=float), np.array([1, 3, 5, 8, 12], dtype=float)
    theta = np.linalg.solve(A.T @ A / 5 + 0.5 * np.eye(2), A.T @ y / 5)
    assert list(found["theta_optimum"].values()) == pytest.approx(theta, rel=1e-12)
    assert found["penalise_intercept"] is True


@pytest.mark.parametrize("args", [["diabetes"], ["diabetes", "--method", "sgd"], ["diabetes", "--loss", "absolute"]])
def test_no_step_finds_the_reference_alone(args: list[str]) -> None:
    found = report(*args, "--steps", "0")
    assert (found["step"], found["row_gradients"], found["reason"]) == (0, 0, "steps")
    assert found["risk_optimum"] < found["risk"]


def test_without_a_step_the_text_shows_where_the_reference_is(noisy: str) -> None:
    _, out, _ = run("descend", noisy, "--features", "x", "--steps", "0")
    # Least squares by hand: slope 33.2/14.8, intercept 5.8 - 2.2 slope.
    assert "theta*      x 2.243243243   intercept 0.8648648649" in out
    _, out, _ = run("descend", noisy, "--model", "a*exp(b*x)", "--steps", "0")
    assert "theta_loc   a " in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--model", "a*exp(b*x)", "--features", "x"], "--features is for the linear model"),
        (["--model", "a*exp(b*"], "a*exp(b*"),
        (["--model", "a*exp(b*x)", "--theta0", "a=1"], "no value for b"),
        (["--model", "a*log(x)"], "in data row 1, where x = 0"),
        (["--features", "log(x)"], "the feature log(x) is -inf in data row 1, where x = 0"),
        (["--model", "a*exp(b*x)", "--max-gap", "1", "--steps", "3"], "no R* is claimed"),
    ],
)
def test_messages(noisy: str, args: list[str], message: str) -> None:
    code, _, err = run("descend", noisy, *args)
    assert code in (1, 2)
    assert message in err
    assert "bug" not in err
