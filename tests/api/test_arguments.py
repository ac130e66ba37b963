"""Arguments of another type than a function takes: one error of ours that names them, and the ones that fit."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sympy

import gdcli
from gdcli.api.arguments import fits
from gdcli.errors import DataError, UsageError

TABLE = {"x": [1.0, 2.0, 3.0, 5.0], "y": [1.0, 2.0, 4.0, 8.0]}
ODD: dict[str, tuple[Callable[..., Any], str]] = {
    "a function for a method": (lambda: gdcli.descend("line", method=len), "method takes text"),
    "text for a count": (lambda: gdcli.descend("line", steps="7"), "steps takes a whole number"),
    "a truth value for a count": (lambda: gdcli.descend("line", steps=True), "steps takes a whole number"),
    "many counts": (lambda: gdcli.descend("line", steps=np.array([3, 4])), "steps takes a whole number"),
    "text for a number": (lambda: gdcli.descend("line", gap="small"), "gap takes a number"),
    "text for a switch": (lambda: gdcli.descend("line", standardise="no"), "standardise takes True or False"),
    "a wrong word": (lambda: gdcli.descend("line", batch="some"), "batch takes a whole number or 'all'"),
    "an imaginary step": (lambda: gdcli.descend("line", eta=1j), "eta takes text or a number"),
    "numbers for names": (lambda: gdcli.descend("line", features=[1]), "features takes text or a list of text"),
    "a triple for arrays": (lambda: gdcli.descend((1, 2, 3)), "arrays are given as a pair (X, y)"),
    "a report for its folder": (lambda: gdcli.predict(gdcli.problems(), TABLE), "folder takes text or a path"),
    "no folder to go on in": (lambda: gdcli.resume(None), "folder takes text or a path"),
    "an imaginary point": (lambda: gdcli.gradient("x", at=[1j]), "at takes text, a number, a mapping or a list of"),
    "an imaginary array": (lambda: gdcli.gradient("x", at=np.array([1j])), "at takes text, a number"),
    "a point in a list": (lambda: gdcli.gradient("x y", at=[[1, 2]]), "at takes text, a number"),
    "a matrix": (lambda: gdcli.gradient("x y", at=np.ones((1, 2))), "at takes text, a number"),
    "a column": (lambda: gdcli.gradient("x y", at=np.ones((2, 1))), "at takes text, a number"),
    "bytes": (lambda: gdcli.gradient("x", at=b"1"), "at takes text, a number"),
    "a symbol": (lambda: gdcli.gradient("x", at=[sympy.Symbol("y")]), "at takes text, a number"),
    "nothing": (lambda: gdcli.gradient("x y", at={"x": None, "y": 1}), "at takes text, a number"),
    "no formula": (lambda: gdcli.parse(b"x"), "text takes text"),
    "a number for claims": (lambda: gdcli.check("x^2", 5), "grad takes text, a list of text or a mapping"),
    "a number for directions": (lambda: gdcli.steepest("x", at=1, along=5), "along takes a list of text, numbers"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_argument_is_named(name: str) -> None:
    call, hint = ODD[name]
    with pytest.raises(UsageError) as found:
        call()
    assert str(found.value.hint).startswith(hint)
    assert found.value.message.startswith(f"{hint.split()[0]} is ") or name == "a triple for arrays"
    assert len(found.value.message) < 100


FITTING: dict[str, Callable[[], Any]] = {
    "counts and numbers of NumPy": lambda: gdcli.descend("line", steps=np.int64(3), gap=np.float32(0.5)),
    "a number without dimensions": lambda: gdcli.descend("line", steps=np.array(3), eta=np.array(0.1)),
    "a fraction": lambda: gdcli.descend("line", steps=3, gap=Fraction(1, 2)),
    "a path": lambda: gdcli.read(Path(gdcli.__file__).parents[1] / "sample_problems" / "line.csv"),
    "names in an index": lambda: gdcli.read(pd.DataFrame(TABLE), features=pd.Index(["x"])),
    "a switch of NumPy": lambda: gdcli.descend("line", steps=3, standardise=np.bool_(False)),
    "a point of zero dimensions": lambda: gdcli.gradient("x^2", at=np.array(3.0)),
    "a generator": lambda: gdcli.gradient("x y", at=(t for t in (1, 2))),
    "numbers of sympy": lambda: gdcli.gradient("x y", at=[sympy.pi, sympy.Rational(1, 3)]),
    "a number beyond the doubles": lambda: gdcli.gradient("x", at=10**400),
    "by position": lambda: gdcli.gradient("x^2", 3),
}


@pytest.mark.parametrize("name", FITTING)
def test_what_stands_for_the_same_is_taken(name: str) -> None:
    assert FITTING[name]() is not None


def test_what_no_function_has_is_pythons_own_error() -> None:
    with pytest.raises(TypeError):
        gdcli.gradient("x", to=3)  # type: ignore[call-arg]


def test_a_kind_in_itself() -> None:
    assert fits((1, 2), tuple[Any, Any])
    assert not fits([1, 2], tuple[Any, Any])


@pytest.mark.parametrize("label", [None, float("nan"), pd.NA])
def test_a_label_that_is_missing_is_no_name(label: object) -> None:
    """As in a CSV, whose header has nothing there."""
    frame = pd.DataFrame({label: [1.0, 2.0, 3.0], "x": [1.0, 5.0, 3.0], "y": [1.0, 2.0, 4.0]})
    with pytest.raises(DataError, match="this column has no name"):
        gdcli.read(frame)
    assert gdcli.read(frame, features=["x"]).columns == ("x",)
    with pytest.raises(DataError, match="this column has no name"):
        gdcli.read({label: [1.0, 2.0, 3.0], "y": [1.0, 2.0, 4.0]})


def test_rows_of_different_lengths_are_no_matrix() -> None:
    with pytest.raises(DataError, match="its rows have different lengths"):
        gdcli.dataset([[1], [1, 2]], [1, 2])
