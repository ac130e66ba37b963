"""The functions on formulas: the commands' documents, points of every kind, arrays."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sympy

import gdcli
from gdcli.errors import FormulaError, UsageError
from gdcli.render import Look, load
from tests.cli.inprocess import frame_of, run

CASES: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "gradient": (
        lambda: gdcli.gradient("x1^2 x2", at=(1, -2), wrt=["x2"]),
        ["grad", "x1^2 x2", "--at", "1,-2", "--wrt", "x2"],
    ),
    "derivative": (lambda: gdcli.derivative("x^2", at=3), ["derive", "x^2", "--at", "3"]),
    "linearize": (lambda: gdcli.linearize("x^2 y", at={"y": 1, "x": 2}), ["tangent", "x^2 y", "--at", "x=2, y=1"]),
    "chain": (
        lambda: gdcli.chain("u v", ["u = x^2 + y", "v = x y"], at=[1, 2], tape=True),
        ["chain", "u v", "u = x^2 + y", "v = x y", "--at", "1,2", "--tape"],
    ),
    "chain of one": (lambda: gdcli.chain("sin u", "x^2", at=1), ["chain", "sin u", "x^2", "--at", "1"]),
    "steepest": (
        lambda: gdcli.steepest("x^2 + y^2", at=(3, 4), along=[(1, 1), {"x": 0, "y": 2}]),
        ["steepest", "x^2 + y^2", "--at", "3,4", "--along", "1,1", "--along", "0,2"],
    ),
    "differentiable": (
        lambda: gdcli.differentiable("x y/(x^2 + y^2)", at=(0, 0), value="0"),
        ["differentiable", "x y/(x^2 + y^2)", "--at", "0,0", "--value", "0"],
    ),
    "curvature": (
        lambda: gdcli.curvature("x^4 + y^2", at=(1, 1), on="-2..2"),
        ["curvature", "x^4 + y^2", "--at", "1,1", "--on", "-2..2"],
    ),
    "check": (lambda: gdcli.check("x^2 y", {"y": "x^2", "x": "y"}), ["check", "x^2 y", "--grad", "x = y, y = x^2"]),
    "check of one": (
        lambda: gdcli.check("x^2 y", "2x y", wrt="x"),
        ["check", "x^2 y", "--wrt", "x", "--grad", "2x y"],
    ),
    "minimize": (
        lambda: gdcli.minimize("x^2 + 10y^2", start=(10, 1), eta=0.05, steps=30),
        ["minimize", "x^2 + 10y^2", "--from", "10,1", "--eta", "0.05", "--steps", "30"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_function_says_what_its_command_says(name: str) -> None:
    call, args = CASES[name]
    ours = json.loads(load("json").result(call(), Look()))
    theirs = json.loads(run(*args, "--json")[1])
    for document in (ours, theirs):
        document.pop("seconds", None)
    assert ours == theirs


@pytest.mark.parametrize(
    "point",
    [
        "1/2, -0.25",
        "y=-0.25, x=1/2",
        (0.5, -0.25),
        [Fraction(1, 2), "-1/4"],
        {"y": Fraction(-1, 4), "x": 0.5},
        np.array([0.5, -0.25]),
        np.array([0.5, -0.25], dtype=np.float32),
        (np.float64(0.5), -0.25),
        pd.Series([0.5, -0.25]),
        (sympy.Rational(1, 2), sympy.Rational(-1, 4)),
        (number for number in (0.5, -0.25)),
    ],
    ids=lambda point: type(point).__name__,
)
def test_a_point_is_what_python_users_have(point: Any) -> None:
    report = gdcli.gradient("x^2 y", at=point)
    assert report.point is not None
    assert [q.exact.text for q in report.point.at.values() if q.exact] == ["1/2", "-1/4"]
    assert report.to_numpy().tolist() == [-0.25, 0.25]


def test_a_float_is_the_decimal_it_prints_as_and_a_lone_number_a_point() -> None:
    for value, exact in ((0.1, "1/10"), (3, "3"), (np.int64(3), "3"), (1e-7, "1/10000000"), ("pi/2", "pi/2")):
        point = gdcli.gradient("x^2", at=value).point
        assert point is not None
        assert point.at["x"].exact is not None
        assert point.at["x"].exact.text == exact


def test_a_formula_may_have_been_read_before_or_be_sympy_s() -> None:
    x, y = sympy.symbols("x y")
    reports = [gdcli.gradient(f, at=(1, 2)) for f in ("x**2*y", gdcli.parse("x**2*y"), x**2 * y)]
    assert reports[0] == reports[1] == reports[2]
    for order in ("y,x", ["y", "x"]):
        assert gdcli.gradient(gdcli.parse("x y"), variables=order).variables == ("y", "x")


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: gdcli.gradient("x y", at=(1, 2, 3)), FormulaError, "3 coordinates for 2 variables"),
        (lambda: gdcli.gradient("x y", at={"x": 1}), FormulaError, "no value for y"),
        (lambda: gdcli.gradient("x", at=float("nan")), FormulaError, ""),
        (lambda: gdcli.gradient("x y", wrt=["z"]), UsageError, "no variable z"),
        (lambda: gdcli.check("7", "0"), UsageError, "no variables"),
        (lambda: gdcli.minimize("x^2", start=1, method="sgd"), UsageError, "draws rows"),
    ],
)
def test_mistakes_are_told(call: Callable[[], Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
    assert caught.value.hint  # type: ignore[attr-defined]


def test_arrays() -> None:
    assert gdcli.linearize("x^2 y", at=(2, 1)).to_numpy().tolist() == [4.0, 4.0]
    assert gdcli.steepest("x^2 + y^2", at=(3, 4)).to_numpy().tolist() == [6.0, 8.0]
    assert gdcli.curvature("x^2 y", at=(1, 2)).to_numpy().tolist() == [[4.0, 2.0], [2.0, 0.0]]
    assert np.isnan(gdcli.gradient("|x|", at=0).to_numpy()).all()
    path = gdcli.minimize("x^2 + 10y^2", start=(10, 1), every=1)
    assert path.to_numpy().shape == (path.step + 1, 2)
    assert path.to_numpy()[-1].tolist() == list(path.x.values())
    for call in (lambda: gdcli.gradient("x^2"), lambda: gdcli.curvature("x^2")):
        with pytest.raises(ValueError, match="give the point"):
            call().to_numpy()


def test_the_frame_of_a_path_is_its_csv() -> None:
    args = ["minimize", "x^2 + 10y^2", "--from", "10,1", "--method", "armijo"]
    frame = frame_of(run(*args, "--format", "csv")[1])
    ours = gdcli.minimize("x^2 + 10y^2", start=(10, 1), method="armijo").to_frame()
    pd.testing.assert_frame_equal(ours, frame, check_exact=True)
