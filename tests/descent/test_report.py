"""The report of a run against what can be worked out from the file and the report alone, without gdcli's risk."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gdcli
from gdcli.render import Look, load
from gdcli.results.descend import RunReport
from tests.oracles.samples import FOLDER, sample

Floats = NDArray[np.float64]


def phi(loss: str, p: Floats, y: Floats) -> Floats:
    """The losses' formulas, written again."""
    if loss == "squared":
        return (p - y) ** 2 / 2
    if loss == "huber":
        return np.where(np.abs(p - y) <= 1, (p - y) ** 2 / 2, np.abs(p - y) - 0.5)
    return np.logaddexp(0.0, -y * p)


CASES = {
    "squared": ("diabetes", {"steps": 50}),
    "raw": ("stackloss", {"steps": 50, "standardise": False}),
    "no intercept": ("engel", {"steps": 50, "intercept": False}),
    "ridge": ("diabetes", {"steps": 50, "l2": 0.1}),
    "penalised intercept": ("diabetes", {"steps": 50, "l2": 0.1, "penalise_intercept": True}),
    "huber": ("engel", {"steps": 50, "loss": "huber"}),
    "logistic": ("breast_cancer", {"steps": 50}),
    "separable": ("separable", {"steps": 50}),
    "quasi-separable": ("quasi_separable", {"steps": 50}),
    "sgd": ("wine_alcohol", {"method": "sgd", "steps": 300, "batch": 4, "seed": 3}),
}


@pytest.fixture(scope="module", params=CASES)
def run(request: pytest.FixtureRequest) -> tuple[str, RunReport, dict[str, Any]]:
    name, options = CASES[request.param]
    report = gdcli.descend(name, **options)
    return name, report, json.loads(load("json").result(report, Look()))


def risk(name: str, document: Mapping[str, Any], theta: Mapping[str, float]) -> float:
    """R in the file's units: the rows from the file, the penalty in the coordinates that the document describes."""
    X, y = sample(name).floats()
    slopes = np.array([theta[column] for column in document["columns"]])
    mean = float(np.mean(phi(document["loss"], X @ slopes + theta.get("intercept", 0.0), y)))
    return mean + penalty(document, slopes, theta)


def penalty(document: Mapping[str, Any], slopes: Floats, theta: Mapping[str, float]) -> float:
    scaling = document["scaling"] or {column: {"mean": 0.0, "scale": 1.0} for column in document["columns"]}
    means, scales = (np.array([scaling[c][key] for c in document["columns"]]) for key in ("mean", "scale"))
    moved = theta.get("intercept", 0.0) + float(slopes @ means) if document["penalise_intercept"] else 0.0
    return float(document["l2"]) / 2 * (float(np.sum((slopes * scales) ** 2)) + moved**2)


def test_the_risk_is_that_of_theta_on_the_file(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    name, _, document = run
    assert document["risk"] == pytest.approx(risk(name, document, document["theta"]), rel=1e-11)


def test_the_optimum_is_that_of_theta_optimum_and_no_neighbour_is_lower(
    run: tuple[str, RunReport, dict[str, Any]],
) -> None:
    name, _, document = run
    best = document["theta_optimum"]
    if best is None:
        assert document["theta_optimum_reason"] == "R* is an infimum that no theta attains"
        assert document["optimum"]["status"] == "infimum"
        return
    least = risk(name, document, best)
    assert document["risk_optimum"] == pytest.approx(least, rel=1e-11)
    for column, value in best.items():
        for factor in (1 - 1e-4, 1 + 1e-4):
            assert risk(name, document, {**best, column: value * factor}) >= least * (1 - 1e-12)


def test_the_gap_is_in_its_interval_and_above_its_floor(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    name, _, document = run
    gap = risk(name, document, document["theta"]) - document["risk_optimum"]
    assert 0 <= document["gap_lower"] <= document["gap"] <= document["gap_upper"]
    noise = 1e-11 * abs(document["risk"])
    assert document["gap_lower"] - noise <= gap <= document["gap_upper"] + noise
    assert 0 <= document["optimum"]["omega"] < 1e-15 * (1 + document["risk"])
    assert 0 <= document["gap_floor"] < 1e-12 * (1 + document["risk"])


def test_the_data_and_the_counts_are_those_of_the_file(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    name, _, document = run
    X, _ = sample(name).floats()
    assert document["sha256"] == hashlib.sha256((FOLDER / f"{name}.csv").read_bytes()).hexdigest()
    assert (document["rows"], document["features"]) == X.shape
    batch = document["batch"] or document["rows"]
    assert document["row_gradients"] == document["step"] * batch
    assert document["epoch"] == pytest.approx(document["row_gradients"] / document["rows"])
    assert document["row_gradients_per_second"] == pytest.approx(document["row_gradients"] / document["seconds"])


def optimised(name: str, document: Mapping[str, Any]) -> Floats:
    """The matrix that is optimised over, by the means and scales in the document."""
    X, _ = sample(name).floats()
    if document["scaling"] is not None:
        means, scales = ([document["scaling"][c][key] for c in document["columns"]] for key in ("mean", "scale"))
        X = (X - means) / scales
        assert np.mean(X**2, axis=0) == pytest.approx(np.ones(X.shape[1]), rel=1e-12)
    return np.column_stack([X, np.ones(len(X))]) if document["intercept"] else X


def test_rank_constants_and_conditions(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    name, _, document = run
    Z, constants = optimised(name, document), document["constants"]
    rows = np.setdiff1d(np.arange(len(Z)), np.array(document["optimum"]["separated_rows"], dtype=int) - 1)
    expected = np.linalg.matrix_rank(Z[rows] if len(rows) else Z)
    assert constants["rank"] == (document["l2"] > 0 and Z.shape[1]) or expected
    curvature = 0.25 if document["loss"] == "logistic" else 1.0
    L = curvature * float(np.linalg.eigvalsh(Z.T @ Z / len(Z))[-1])
    assert L * (1 - 1e-12) <= constants["L"] <= (L + document["l2"]) * (1 + 1e-9)
    assert document["h"] == pytest.approx(document["eta"] * constants["L"])
    assert document["h_last"] == pytest.approx(document["eta_last"] * constants["L"])
    assert document["condition"] == pytest.approx(np.linalg.cond(Z) ** 2, rel=1e-6)


def test_theta_in_both_units_and_the_distance(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    name, report, document = run
    X, _ = sample(name).floats()
    slopes = np.array([document["theta"][column] for column in document["columns"]])
    ours = X @ slopes + document["theta"].get("intercept", 0.0)
    theirs = optimised(name, document) @ np.array(list(document["theta_optimised"].values()))
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    if report.theta_optimum is None:
        assert document["theta_difference"] is None
    else:
        apart = [abs(report.theta[column] - report.theta_optimum[column]) for column in report.theta]
        assert document["theta_difference"] == max(apart)


def test_bounds_hold_and_tell_by_how_much(run: tuple[str, RunReport, dict[str, Any]]) -> None:
    _, _, document = run
    measured = (document["averaged"] or document)["gap"]
    met = [bound for bound in document["bounds"] if bound["met"]]
    assert met
    for bound in met:
        assert bound["ratio"] == pytest.approx(bound["value"] / measured)
        assert bound["holds"] or bound["expected"] or bound["value"] < 2**-52 * document["risk"]
        assert bound["holds"] is not True or bound["ratio"] >= 1
        assert bound["condition"]
    values = [bound["value"] for bound in met]
    assert values == sorted(values)


@pytest.mark.parametrize(("name", "count"), [("separable", 80), ("quasi_separable", 60), ("iris", 0)])
def test_separated_rows_are_listed(name: str, count: int) -> None:
    optimum = gdcli.descend(name, steps=3).head.optimum
    assert optimum.separated_count == len(optimum.separated_rows) == count
    assert list(optimum.separated_rows) == sorted(set(optimum.separated_rows))
    assert all(1 <= row <= 100 for row in optimum.separated_rows)


def test_the_separated_rows_are_those_that_a_plane_can_part_from_the_rest() -> None:
    """x1 > 0 for +1 and < 0 for -1; the last four rows lie on x1 = 0 with labels of both signs."""
    X = [[1.0, 3.0], [-2.0, 1.0], [3.0, -1.0], [-1.0, -2.0], [0.0, 1.0], [0.0, 1.0], [0.0, -1.0], [0.0, -1.0]]
    text = "a,b,y\n" + "".join(f"{a},{b},{label}\n" for (a, b), label in zip(X, "pnpnpnpn", strict=True))
    report = descend_text(text, steps=3)
    assert report.head.optimum.separated_rows == (1, 2, 3, 4)


def descend_text(text: str, **options: Any) -> RunReport:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_text(text, encoding="utf-8")
        return gdcli.descend(str(path), **options)


def test_where_the_risk_is_not_known_to_be_convex_there_is_a_local_minimum_and_no_more() -> None:
    report = gdcli.descend("engel", loss="log(1 + (p - y)^2)", steps=5)
    document = json.loads(load("json").result(report, Look()))
    for key in ("risk_optimum", "gap", "gap_upper", "gap_floor", "theta_optimum"):
        assert document[key] is None
        assert document[f"{key}_reason"] == "the risk is not known to be convex: no R* is claimed"
    X, y = sample("engel").floats()
    Z = optimised("engel", document)
    best = document["theta_local"]
    r = X[:, 0] * best["income"] + best["intercept"] - y
    hessian = Z.T @ (Z * (2 * (1 - r**2) / (1 + r**2) ** 2)[:, None]) / len(Z)
    gradient = Z.T @ (2 * r / (1 + r**2)) / len(Z)
    assert document["optimum"]["lambda_min"] == pytest.approx(np.linalg.eigvalsh(hessian)[0], rel=1e-9)
    assert document["optimum"]["newton_decrement"] < 1e-10
    assert math.sqrt(gradient @ np.linalg.solve(hessian, gradient)) < 1e-10
    assert document["optimum"]["local_minimum"] == pytest.approx(float(np.mean(np.log1p(r**2))), rel=1e-12)


def test_where_R_star_is_not_proven_no_theta_is_called_optimal() -> None:
    """Of quasi-separable data under a formula nothing is proven: there is no minimiser to have a distance from."""
    text = "x,y\n-2,a\n-1,a\n1,b\n2,b\n0,a\n0,b\n"
    report = descend_text(text, loss="log(1 + exp(-y p))", steps=5)
    document = json.loads(load("json").result(report, Look()))
    assert document["optimum"]["status"] == "unproven"
    assert document["theta_optimum"] is None
    assert document["theta_optimum_reason"] == document["gap_floor_reason"] == "R* is computed, not proven"
    assert set(document["theta_computed"]) == {"x", "intercept"}
    assert document["constants"]["distance"] is None
    assert not any(bound["met"] for bound in document["bounds"])
    for verbose in (0, 1):
        shown = load("text").result(report, Look(width=80, verbose=verbose))
        assert "theta*" not in shown
        assert "theta_hat" in shown or not verbose


def test_what_is_not_known_is_null_with_a_reason_beside_it() -> None:
    document = json.loads(load("json").result(gdcli.descend("engel", loss="(p - y)^4", eta="1e-7", steps=2), Look()))
    assert document["h"] is document["constants"]["L"] is None
    assert document["h_reason"] == "no L is known"
    assert document["constants"]["L_reason"] == "infinite"


@pytest.mark.parametrize(
    ("problem", "options", "sentence"),
    [
        ("diabetes", {"eta": "2.0001/L", "steps": 5}, "from almost every theta_0 the squared loss diverges"),
        ("diabetes", {"eta": "2.5/L"}, "and the descent diverged; --eta 1/L converges"),
        ("diabetes", {"eta": "2.5/(L*(t + 1))", "steps": 5}, "descent is no longer guaranteed"),
        ("iris", {"eta": "3/L", "steps": 5}, "descent is no longer guaranteed; --eta 1/L converges"),
        ("engel", {"eta": "3/L", "steps": 5, "loss": "log(1 + (p - y)^2)"}, "with --eta 1/L no step raises R"),
    ],
)
def test_sentences_about_the_step_size(problem: str, options: dict[str, Any], sentence: str) -> None:
    assert sentence in gdcli.descend(problem, **options).warnings[0]


@pytest.mark.parametrize(
    ("sampling", "sentence"),
    [
        ("shuffle", "rows are shuffled, without replacement: not the lecture's SGD, whose bounds do not apply"),
        ("order", "rows are taken in the file's order, pass after pass: not the lecture's SGD"),
    ],
)
def test_rows_that_are_not_drawn_uniformly_are_warned_of(sampling: str, sentence: str) -> None:
    report = gdcli.descend("diabetes", method="sgd", sampling=sampling, steps=10)
    assert any(sentence in said for said in report.warnings)
    assert not gdcli.descend("diabetes", method="sgd", steps=10).warnings


@pytest.mark.parametrize("eta", ["1/L", "1.999/L"])
def test_no_sentence_where_the_step_size_is_safe(eta: str) -> None:
    assert gdcli.descend("diabetes", eta=eta, steps=5).warnings == ()


def test_squared_loss_above_2_over_L_does_diverge() -> None:
    """The sentence is true: from 0 on diabetes the risk grows without end at 2.0001/L."""
    report = gdcli.descend("diabetes", eta="2.0001/L", steps=400_000, gap=0.0)
    assert report.reason == "diverged"
