"""What must not change the risks of a run: units, signs and order of columns, order and repetition of rows.

Powers of two are exact in doubles, so there the whole log is the same to the last bit; elsewhere R* is, to rounding.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.inprocess import run

RNG = np.random.default_rng(8)
X = RNG.normal(size=(24, 3)) * [1.0, 30.0, 0.02] + [0.0, 5.0, 0.3]
TARGETS = {
    "squared": X @ [1.0, 0.1, 20.0] + RNG.normal(size=24),
    "logistic": (RNG.uniform(size=24) < 0.5).astype(float),
    "absolute": X @ [1.0, 0.1, 20.0] + RNG.normal(size=24),
    "hinge": (RNG.uniform(size=24) < 0.5).astype(float),
    "poisson": RNG.integers(0, 6, size=24).astype(float),
}
FULL = ("gd", "nesterov", "lbfgs", "newton")
SMOOTH = ("squared", "logistic")


def went(folder: Path, x: Any, y: Any, *args: str, names: str = "abc") -> list[dict[str, Any]]:
    """The documents of a run on these columns; the last is the run's."""
    file = folder / "data.csv"
    rows = [[*map(float, row), float(target)] for row, target in zip(x, y, strict=True)]
    text = "\n".join(",".join(map(repr, row)) for row in rows)
    file.write_text(f"{','.join([*names, 'y'])}\n{text}\n", encoding="ascii")
    code, out, err = run("descend", str(file), "--format", "ndjson", "--steps", "40", *args)
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def log(documents: list[dict[str, Any]], *keys: str) -> list[tuple[float, ...]]:
    return [tuple(step[key] for key in keys) for step in documents if step["kind"] == "step"]


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("method", ["gd", "sgd", "adam", "svrg"])
@pytest.mark.parametrize("power", [-200, -3, 40, 200])
def test_units_of_standardised_columns(loss: str, method: str, power: int, tmp_path: Path) -> None:
    y, own = TARGETS[loss], ["--loss", loss, "--method", method, "--eta", "0.01"]
    plain = went(tmp_path, X, y, *own)
    scaled = went(tmp_path, X * [1.0, 2.0**power, 1.0], y, *own)
    assert log(scaled, "step", "risk", "gradient_norm") == log(plain, "step", "risk", "gradient_norm")
    assert scaled[-1]["risk_optimum"] == pytest.approx(plain[-1]["risk_optimum"], rel=1e-12)
    for name, factor in (("a", 1.0), ("b", 2.0**-power), ("c", 1.0)):
        assert scaled[-1]["theta"][name] == plain[-1]["theta"][name] * factor


@pytest.mark.parametrize("loss", TARGETS)
def test_the_sign_of_a_column(loss: str, tmp_path: Path) -> None:
    y = TARGETS[loss]
    plain, turned = (went(tmp_path, x, y, "--loss", loss) for x in (X, X * [1.0, 1.0, -1.0]))
    risks, others = (np.array(log(found, "risk")) for found in (plain, turned))
    np.testing.assert_allclose(others, risks, rtol=1e-12)
    assert turned[-1]["risk_optimum"] == pytest.approx(plain[-1]["risk_optimum"], rel=1e-12)


@pytest.mark.parametrize("method", FULL)
@pytest.mark.parametrize("loss", SMOOTH)
def test_the_order_of_rows_and_of_columns(loss: str, method: str, tmp_path: Path) -> None:
    y, rows, columns = TARGETS[loss], RNG.permutation(24), [2, 0, 1]
    plain = went(tmp_path, X, y, "--loss", loss, "--method", method)
    mixed = went(tmp_path, X[rows][:, columns], y[rows], "--loss", loss, "--method", method, names="cab")
    assert len(mixed) == len(plain)
    np.testing.assert_allclose(np.array(log(mixed, "risk")), np.array(log(plain, "risk")), rtol=1e-10)
    assert mixed[-1]["risk_optimum"] == pytest.approx(plain[-1]["risk_optimum"], rel=1e-12)
    for name in "abc":
        assert mixed[-1]["theta_optimum"][name] == pytest.approx(plain[-1]["theta_optimum"][name], rel=1e-9)


@pytest.mark.parametrize("loss", TARGETS)
def test_the_optimum_knows_no_order_of_rows(loss: str, tmp_path: Path) -> None:
    y, rows = TARGETS[loss], RNG.permutation(24)
    plain, mixed = went(tmp_path, X, y, "--loss", loss)[-1], went(tmp_path, X[rows], y[rows], "--loss", loss)[-1]
    assert mixed["risk_optimum"] == pytest.approx(plain["risk_optimum"], rel=1e-12)


@pytest.mark.parametrize("loss", TARGETS)
def test_rows_that_are_there_twice(loss: str, tmp_path: Path) -> None:
    """R is a mean over rows: each row twice is the same risk."""
    y = TARGETS[loss]
    once, twice = (went(tmp_path, np.vstack([X] * n), np.tile(y, n), "--loss", loss)[-1] for n in (1, 2))
    assert twice["risk_optimum"] == pytest.approx(once["risk_optimum"], rel=1e-12)


@pytest.mark.parametrize("shift", [-1024.0, 1.0, 2.0**20])
@pytest.mark.parametrize("loss", ["squared", "absolute"])
def test_a_shift_of_the_target_is_the_intercepts(loss: str, shift: float, tmp_path: Path) -> None:
    y = TARGETS[loss]
    plain, moved = (went(tmp_path, X, target, "--loss", loss)[-1] for target in (y, y + shift))
    assert moved["risk_optimum"] == pytest.approx(plain["risk_optimum"], rel=1e-9 * math.hypot(1.0, shift))
    if loss == "squared":
        best, other = plain["theta_optimum"], moved["theta_optimum"]
        assert other["intercept"] == pytest.approx(best["intercept"] + shift, rel=1e-9)
        assert other["b"] == pytest.approx(best["b"], rel=1e-8 * math.hypot(1.0, shift))


@pytest.mark.parametrize("power", [-200, -1, 30, 200])
@pytest.mark.parametrize(("loss", "degree"), [("squared", 2), ("absolute", 1)])
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_the_unit_of_the_target(loss: str, degree: int, method: str, power: int, tmp_path: Path) -> None:
    """y -> 2^k y scales R by 2^(k degree), bit for bit; the step size of a kinked loss is in the target's unit."""
    y, unit = TARGETS[loss], 2.0**power
    etas = (1.0 / 64.0, 1.0 / 64.0 if loss == "squared" else unit / 64.0)
    plain, scaled = (
        went(tmp_path, X, target, "--loss", loss, "--method", method, "--gap", "0", "--eta", repr(eta))
        for target, eta in zip((y, y * unit), etas, strict=True)
    )
    assert [risk for (risk,) in log(scaled, "risk")] == [risk * unit**degree for (risk,) in log(plain, "risk")]
    factor = unit**degree
    assert scaled[-1]["risk_optimum"] == pytest.approx(plain[-1]["risk_optimum"] * factor, rel=1e-12)


@pytest.mark.parametrize("engine", ["interpret", "auto"])
def test_the_same_bytes_again(engine: str, tmp_path: Path) -> None:
    args = ("--method", "sgd", "--seed", "5", "--engine", engine)
    first, again = (went(tmp_path, X, TARGETS["logistic"], *args) for _ in range(2))
    keys = ("step", "risk", "gap", "gap_lower", "gap_upper", "gradient_norm", "eta")
    assert log(first, *keys) == log(again, *keys)
    assert first[-1]["theta"] == again[-1]["theta"]
