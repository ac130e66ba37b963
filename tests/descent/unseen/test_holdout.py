"""Rows held out change nothing but the number that is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.data.readers import read
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.unseen.split import split
from gdcli.errors import UsageError
from tests.descent.keep.runs import begin, content, go, write

METHODS: list[dict[str, Any]] = [
    {"method": "gd"},
    {"method": "sgd", "seed": 3},
    {"method": "lbfgs", "loss": "huber", "l2": 0.1},
    {"method": "gd", "model": "a*x1 + b*x2 + c*x3"},
    {"method": "lbfgs", "model": "a*x1 + exp(b*x2/9)"},
]


def rows_of(path: Path) -> np.ndarray:
    return np.loadtxt(path, delimiter=",", skiprows=1)


def numbers_held(path: Path, share: float, seed: int) -> list[int]:
    """Which rows of the file are held out, by their content."""
    kept, held = split(read(str(path)), share, seed)
    every = rows_of(path)[:, :-1].tolist()
    found = sorted(every.index(row) for row in held.X.tolist())
    assert sorted(found + [every.index(row) for row in kept.X.tolist()]) == list(range(len(every)))
    return found


@pytest.mark.parametrize("options", METHODS, ids=str)
def test_the_rows_held_out_never_enter(options: dict[str, Any], table: Path, tmp_path: Path) -> None:
    """Other numbers in them, and every bit of the run stays, but for their own risk."""
    held = numbers_held(table, 0.3, options.get("seed", 0))
    go(begin(table, tmp_path / "run", holdout=0.3, steps=40, **options))
    lines = table.read_text(encoding="utf-8").splitlines()
    for row in held:
        lines[1 + row] = ",".join(repr(float(cell) * 2.0 + 1.0) for cell in lines[1 + row].split(","))
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    go(begin(table, tmp_path / "other", holdout=0.3, steps=40, **options))
    first, second = content(tmp_path / "run"), content(tmp_path / "other")
    assert first["state"] == second["state"]
    for one, two in zip([*first["lines"], first["result"]], [*second["lines"], second["result"]], strict=True):
        different = {key for key in one if one[key] != two[key]}
        assert different <= {"risk_holdout", "sha256"}
        assert "risk_holdout" in different


@pytest.mark.parametrize("options", METHODS[:2], ids=str)
def test_their_risk_is_their_mean_loss(options: dict[str, Any], table: Path, tmp_path: Path) -> None:
    held = numbers_held(table, 0.3, options.get("seed", 0))
    go(begin(table, tmp_path / "run", holdout=0.3, steps=40, l2=0.5, **options))
    result = json.loads((tmp_path / "run" / "result.json").read_bytes())
    theta, rows = result["theta"], rows_of(table)[held]
    p = theta["intercept"] + rows[:, :3] @ [theta["x1"], theta["x2"], theta["x3"]]
    assert result["risk_holdout"] == pytest.approx(float(np.mean((p - rows[:, 3]) ** 2)) / 2, rel=1e-12)
    assert (result["rows_holdout"], result["rows"]) == (9, 21)


@pytest.mark.parametrize("loss", ["logistic", "softmax"])
def test_a_validation_file(loss: str, tmp_path: Path) -> None:
    """The same file as the data has the risk of the run itself, where there is no penalty."""
    data = write(tmp_path / "data.csv", classes=2 if loss == "logistic" else 4)
    go(begin(data, tmp_path / "run", steps=30, validate=str(data)))
    for line in content(tmp_path / "run")["lines"]:
        assert line["risk_holdout"] == pytest.approx(line["risk"], rel=1e-12)


def test_a_validation_file_with_formulas_and_another_order(table: Path, tmp_path: Path) -> None:
    rows = rows_of(table)
    shuffled = "\n".join(["y,x3,x1,x2", *(f"{y!r},{c!r},{a!r},{b!r}" for a, b, c, y in rows.tolist())])
    (tmp_path / "other.csv").write_text(shuffled + "\n", encoding="utf-8")
    go(begin(table, tmp_path / "run", steps=30, validate=str(tmp_path / "other.csv"), features="x2, x1*x3"))
    for line in content(tmp_path / "run")["lines"]:
        assert line["risk_holdout"] == pytest.approx(line["risk"], rel=1e-12)


def test_the_split_is_the_seeds(table: Path) -> None:
    data = read(str(table))
    first, again, other = (split(data, 0.4, seed)[1].X.tolist() for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == 12


def test_a_class_that_would_be_lost(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("x,y\n" + "".join(f"{i},{'a' if i else 'b'}\n" for i in range(8)))
    data = read(str(tmp_path / "few.csv"))
    outcomes = []
    for seed in range(20):
        try:
            prepare(data, Options(holdout=0.5, seed=seed, steps=1))
            outcomes.append(True)
        except UsageError as error:
            outcomes.append("without a row to learn from" not in error.message)
    assert {*outcomes} == {True, False}
