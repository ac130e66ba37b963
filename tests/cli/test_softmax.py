"""`gdcli descend` on a target of several classes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.inprocess import run
from tests.test_house import loaded

COLOURS = ("blue", "green", "red")


@pytest.fixture
def colours(tmp_path: Path) -> str:
    """60 rows of three classes that overlap."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 2))
    y = (X @ rng.normal(size=(2, 3)) + rng.gumbel(size=(60, 3))).argmax(axis=1)
    path = tmp_path / "colours.csv"
    rows = (f"{a!r},{b!r},{COLOURS[k]}" for (a, b), k in zip(X.tolist(), y.tolist(), strict=True))
    path.write_text("\n".join(["length,width,colour", *rows, ""]), encoding="utf-8")
    return str(path)


@pytest.fixture
def parted(tmp_path: Path) -> str:
    """Three classes on a line, each to itself."""
    path = tmp_path / "parted.csv"
    path.write_text("x,y\n1,a\n2,a\n4,b\n5,b\n8,c\n9,c\n", encoding="utf-8")
    return str(path)


def test_texts_of_three_classes_take_softmax(colours: str) -> None:
    code, out, err = run("descend", colours, "--gap", "1e-9")
    assert (code, err) == (0, "")
    shown = " ".join(out.split())
    for expected in (
        "softmax loss",
        "logsumexp(p1, p2, p3) - (y1*p1 + y2*p2 + y3*p3)",
        "exp(p_k - logsumexp(p1, p2, p3)) - y_k",
        "certified",
        "blue: length",
    ):
        assert expected in shown


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_json(colours: str, method: str) -> None:
    code, out, _ = run("descend", colours, "--json", "--method", method, "--epochs", "50")
    report = json.loads(out)
    assert code == 0
    assert report["loss"] == "softmax"
    assert report["labels"] == list(COLOURS)
    assert set(report["theta"]) == {f"{c}: {name}" for c in COLOURS for name in ("length", "width", "intercept")}
    assert report["optimum"]["status"] == "attained"
    assert 0.0 <= report["gap_lower"] <= report["gap"] <= report["gap_upper"]
    # Sums over the classes stay 0, where the descent began.
    for name in ("length", "width", "intercept"):
        assert sum(report["theta"][f"{c}: {name}"] for c in COLOURS) == pytest.approx(0.0, abs=1e-12)


def test_separable_classes_are_said_to_be(parted: str) -> None:
    code, out, err = run("descend", parted, "--steps", "50")
    assert code == 0
    assert "no minimiser exists: separable: linear scores tell the class of all 6 rows" in " ".join(err.split())
    assert "not attained" in " ".join(out.split())


def test_quasi_separable_classes_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "tied.csv").write_text("x,y\n1,a\n2,a\n2,b\n5,b\n8,c\n9,c\n", encoding="utf-8")
    _, out, err = run("descend", str(tmp_path / "tied.csv"), "--json", "--steps", "50")
    report = json.loads(out)
    # Only the tie at x = 2 is left.
    assert report["risk_optimum"] == pytest.approx(np.log(2) / 3, rel=1e-14)
    assert report["optimum"]["status"] == "infimum"
    assert report["optimum"]["separated_rows"] == [1, 4, 5, 6]
    assert "4 of 6 rows can be told apart from every other class, 2 more from some" in " ".join(err.split())


def test_whole_numbers_are_classes_where_they_are_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_text("x,stars\n1,1\n2,1\n3,2\n1,2\n4,3\n2,3\n", encoding="utf-8")
    assert json.loads(run("descend", str(path), "--json")[1])["loss"] == "squared"
    report = json.loads(run("descend", str(path), "--json", "--loss", "softmax")[1])
    assert report["labels"] == ["1", "2", "3"]
    assert 'classes: the whole numbers 1, 2, 3 of "stars" are taken as names of classes' in report["choices"]
    assert "2: intercept" in report["theta"]


def test_numbers_that_are_no_classes_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text("x,size\n1,1.5\n2,1\n3,2\n", encoding="utf-8")
    code, _, err = run("descend", str(path), "--loss", "softmax")
    assert code == 2
    assert "softmax loss needs classes, and target 'size' is 1.5 in data row 1" in " ".join(err.split())


def test_a_plain_run_needs_no_calculus(colours: str) -> None:
    assert not {"sympy", "mpmath", "scipy", "gdcli.calculus"} & loaded("descend", colours, "--steps", "3")
