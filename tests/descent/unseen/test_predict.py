"""Predictions against numpy, from the parameters in the file's units; other files against what they must be read as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logsumexp, softmax

from gdcli.descent.unseen.predict import predict
from gdcli.errors import DataError, GdcliError
from tests.descent.keep.runs import begin, go

RNG = np.random.default_rng(11)
N = 40
X = RNG.normal(size=(N, 2)) * [3.0, 0.01] + [100.0, 5.0]
COLOR = RNG.choice(["red", "green", "blue"], size=N)
NUMBER = X @ [0.5, 40.0] + np.where(COLOR == "red", 7.0, 0.0) + RNG.normal(size=N)
KINDS = RNG.choice(["a", "b", "c"], size=N)
COIN = np.where(NUMBER + RNG.normal(size=N) > np.median(NUMBER), "yes", "no")
COUNTS = RNG.poisson(3.0, size=N)


def table(path: Path, target: Any, rows: slice = slice(None), *, header: bool = True) -> Path:
    lines = ["u,color,v,y"] if header else []
    cells = zip(X[rows, 0].tolist(), COLOR[rows], X[rows, 1].tolist(), np.asarray(target)[rows].tolist(), strict=True)
    path.write_text("\n".join([*lines, *(",".join(map(str, row)) for row in cells)]) + "\n", encoding="utf-8")
    return path


def fitted(tmp_path: Path, target: Any, **options: Any) -> tuple[Path, dict[str, float]]:
    """A saved run on the first 30 rows, and its theta in the file's units."""
    folder = tmp_path / "run"
    go(begin(table(tmp_path / "old.csv", target, slice(30)), folder, **{"steps": 50, **options}))
    theta: dict[str, float] = json.loads((folder / "result.json").read_bytes())["theta"]
    return folder, theta


def linear(theta: dict[str, float], prefix: str = "") -> np.ndarray:
    """p of every row."""
    p = np.full(N, theta.get(f"{prefix}intercept", 0.0))
    p += theta[f"{prefix}u"] * X[:, 0] + theta[f"{prefix}v"] * X[:, 1]
    for color in ("green", "red"):
        p += theta[f"{prefix}color={color}"] * (color == COLOR)
    return p


@pytest.mark.parametrize(
    "options", [{}, {"standardise": False, "steps": 3}, {"intercept": False}, {"loss": "huber", "l2": 0.3}], ids=str
)
def test_numbers(options: dict[str, Any], tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, NUMBER, **options)
    found = predict(folder, str(table(tmp_path / "new.csv", NUMBER)))
    p = linear(theta)
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(p.tolist(), rel=1e-11)
    r = np.abs(p - NUMBER)
    loss = np.where(r <= 1, r * r / 2, r - 0.5) if "loss" in options else r * r / 2
    assert found.risk == pytest.approx(float(np.mean(loss)), rel=1e-11)
    assert found.accuracy is None


def test_two_classes(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, COIN)
    found = predict(folder, str(table(tmp_path / "new.csv", COIN)))
    p, signs = linear(theta), np.where(COIN == "yes", 1.0, -1.0)
    said = found.predictions or ()
    assert [each.prediction for each in said] == np.where(p > 0, "yes", "no").tolist()
    assert [each.probability for each in said] == pytest.approx(expit(np.abs(p)).tolist(), rel=1e-10)
    assert found.risk == pytest.approx(float(np.mean(np.log1p(np.exp(-signs * p)))), rel=1e-10)
    assert found.accuracy == np.mean((p > 0) == (signs > 0))


def test_two_numbers_are_classes_by_their_names(tmp_path: Path) -> None:
    target = np.where(COIN == "yes", 2, 1)
    folder, theta = fitted(tmp_path, target, loss="squared_hinge")
    # The new rows are of one class only.
    rows = table(tmp_path / "new.csv", target)
    lines = rows.read_text(encoding="utf-8").splitlines()
    rows.write_text("\n".join([lines[0], *(line for line in lines[1:] if line.endswith(",1"))]) + "\n")
    found, p = predict(folder, str(rows)), linear(theta)[target == 1]
    assert [each.score for each in found.predictions or ()] == pytest.approx(p.tolist(), rel=1e-10)
    assert {each.prediction for each in found.predictions or ()} <= {"1", "2"}
    assert found.accuracy == np.mean(p <= 0)
    assert found.risk == pytest.approx(float(np.mean(np.maximum(0, 1 + p) ** 2)), rel=1e-10)


def test_three_classes(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, KINDS)
    found = predict(folder, str(table(tmp_path / "new.csv", KINDS)))
    scores = np.column_stack([linear(theta, f"{kind}: ") for kind in "abc"])
    said, own = found.predictions or (), np.array(["abc".index(kind) for kind in KINDS])
    assert [each.prediction for each in said] == ["abc"[k] for k in scores.argmax(axis=1)]
    assert [each.probability for each in said] == pytest.approx(softmax(scores, axis=1).max(axis=1).tolist(), rel=1e-10)
    losses = logsumexp(scores, axis=1) - scores[np.arange(N), own]
    assert found.risk == pytest.approx(float(np.mean(losses)), rel=1e-10)
    assert found.accuracy == np.mean(scores.argmax(axis=1) == own)


def test_counts_are_predicted_by_their_mean(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, COUNTS, loss="poisson")
    found = predict(folder, str(table(tmp_path / "new.csv", COUNTS)))
    p = linear(theta)
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(np.exp(p).tolist(), rel=1e-10)


def test_a_loss_by_formula(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, NUMBER, loss="log(cosh((p - y)/10))")
    found = predict(folder, str(table(tmp_path / "new.csv", NUMBER)))
    expected = float(np.mean(np.log(np.cosh((linear(theta) - NUMBER) / 10))))
    assert found.risk == pytest.approx(expected, rel=1e-9)


def test_features_by_formula(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, NUMBER, features="v, log(u), color, u*v")
    found = predict(folder, str(table(tmp_path / "new.csv", NUMBER)))
    u, v = X.T
    p = theta["intercept"] + theta["v"] * v + theta["log(u)"] * np.log(u) + theta["u*v"] * u * v
    p += theta["color=green"] * (COLOR == "green") + theta["color=red"] * (COLOR == "red")
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(p.tolist(), rel=1e-9)


@pytest.mark.parametrize("model", ["a*u + b*v^2", "a*u + exp(b*v/10)", "5 + a*u + b*v"])
def test_a_model_by_formula(model: str, tmp_path: Path) -> None:
    """Not linear, linear, and linear with a part of its own."""
    folder, theta = fitted(tmp_path, NUMBER, model=model, method="lbfgs")
    found = predict(folder, str(table(tmp_path / "new.csv", NUMBER)))
    place = {"u": X[:, 0], "v": X[:, 1], "exp": np.exp, **theta}
    p = eval(model.replace("^", "**"), {}, place)
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(p.tolist(), rel=1e-12)
    assert found.risk == pytest.approx(float(np.mean((p - NUMBER) ** 2)) / 2, rel=1e-12)


@pytest.mark.parametrize("rows", [slice(1), slice(3, 9)])
def test_rows_do_not_depend_on_one_another(rows: slice, tmp_path: Path) -> None:
    """One row, and rows among which a level is missing."""
    folder, theta = fitted(tmp_path, NUMBER)
    found = predict(folder, str(table(tmp_path / "new.csv", NUMBER, rows)))
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(
        linear(theta)[rows].tolist(), rel=1e-11
    )


def test_columns_in_another_order_and_others_between(tmp_path: Path) -> None:
    folder, theta = fitted(tmp_path, NUMBER)
    lines = ["more;v;color;u"]
    lines += [f"x{i};{v!r};{c};{u!r}" for i, (u, v, c) in enumerate(zip(*X.T.tolist(), COLOR, strict=True))]
    (tmp_path / "new.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = predict(folder, str(tmp_path / "new.csv"))
    assert [each.prediction for each in found.predictions or ()] == pytest.approx(linear(theta).tolist(), rel=1e-11)
    assert (found.ignored, found.risk) == (("more",), None)


def test_files_without_a_header_go_by_position(tmp_path: Path) -> None:
    old = table(tmp_path / "old.csv", NUMBER, header=False)
    go(begin(old, tmp_path / "run", steps=20))
    with_target = predict(tmp_path / "run", str(old))
    rows = [line.rpartition(",")[0] for line in old.read_text(encoding="utf-8").splitlines()]
    (tmp_path / "new.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    without = predict(tmp_path / "run", str(tmp_path / "new.csv"))
    assert without.predictions == with_target.predictions
    assert (without.risk is None, with_target.risk is None) == (True, False)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("u,v\n1,2\n", 1, None, 'there is no column "color"'),
        ("u,colour,v\n1,red,2\n", 1, None, 'there is no column "color"'),
        ("u,color,v\n1,red,2\n2,pink,3\n", 3, '2 "color"', '"pink" is none of the 3 levels'),
        ("u,color,v\n1,red,2\n2,,3\n", 3, '2 "color"', "none of the 3 levels"),
        ("u,color,v\n1,1,2\n2,2,3\n", None, '2 "color"', '"1" is none of the 3 .* in data row 1'),
        ("u,color,v\nred,red,2\nblue,blue,3\n", 2, '1 "u"', "is a text, and this column held numbers"),
        ("u,color,v\n1,red,2\n2,red,x3\n3,red,3\n", 3, '3 "v"', '"x3" is not a number'),
        ("u,color,v\n1,red,2\n,red,3\n3,red,3\n", 3, '1 "u"', "an empty cell"),
        ("u,color,v,color\n1,red,2,red\n", 1, None, 'there are two columns "color"'),
        ("u,color,v,y\n1,red,2,many\n", None, None, "holds texts here"),
        ("u,color,v\n", 1, None, "no data"),
        ("1,red,2\n2,red,3\n3,red,4\n", 1, None, "has no header"),
    ],
)
def test_what_does_not_fit_is_named(
    text: str, line: int | None, column: str | None, message: str, tmp_path: Path
) -> None:
    folder, _ = fitted(tmp_path, NUMBER)
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message) as refusal:
        predict(folder, str(tmp_path / "new.csv"))
    assert refusal.value.file == str(tmp_path / "new.csv")
    assert refusal.value.hint
    assert (line, column) == (refusal.value.line, refusal.value.column)


def test_a_class_that_the_run_did_not_know(tmp_path: Path) -> None:
    folder, _ = fitted(tmp_path, COIN)
    other = table(tmp_path / "new.csv", np.where(np.arange(N) == 6, "perhaps", COIN))
    with pytest.raises(DataError, match='is "perhaps" in data row 7: no class of the run'):
        predict(folder, str(other))


def test_a_run_that_diverged_predicts_nothing(tmp_path: Path) -> None:
    folder, _ = fitted(tmp_path, NUMBER, eta="1e300")
    with pytest.raises(GdcliError, match="the run diverged"):
        predict(folder, str(tmp_path / "old.csv"))
