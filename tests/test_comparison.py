"""What the README says of other tools, run with those tools: the table "How it compares" cites this file."""

from __future__ import annotations

import contextlib
import io
import os
import re
import warnings

import numpy as np
import pytest
import sympy
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LogisticRegression, SGDRegressor

import gdcli
from gdcli.errors import FormulaError

VARIABLE = "GDCLI_TEST_COMPARISON"


@pytest.mark.parametrize("text", ["2x", "sin^2 x", "|x|"])
def test_sympy_does_not_read_what_people_write(text: str) -> None:
    assert gdcli.parse(text).variables == ("x",)
    with pytest.raises(sympy.SympifyError):
        sympy.sympify(text)


def test_sympify_runs_code_and_gdcli_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "untouched")
    hostile = f"__import__('os').environ.__setitem__('{VARIABLE}', 'seized')"
    with pytest.raises(FormulaError):
        gdcli.parse(hostile)
    assert os.environ[VARIABLE] == "untouched"
    sympy.sympify(hostile)
    assert os.environ[VARIABLE] == "seized"


def test_sympy_gives_slopes_where_there_are_none_and_wrong_ones_where_there_are() -> None:
    x, y = sympy.symbols("x y", real=True)
    assert sympy.diff(sympy.Abs(x), x).subs(x, 0) == 0
    assert sympy.diff(sympy.Max(x, 0), x).subs(x, 0) == sympy.Rational(1, 2)
    # (f(h, 0) - f(0, 0))/h = 1 for every h.
    assert sympy.diff(x**3 / (x**2 + y**2), x).subs(x, 0).subs(y, 0) == 0
    found = gdcli.differentiable("x^3/(x^2 + y^2)", "0, 0", value="0").point
    assert {slope.variable: slope.slope.value for slope in found.slopes} == {"x": 1.0, "y": 0.0}


def test_scikit_learn_prints_a_loss_that_is_not_the_risk() -> None:
    X, y = load_diabetes(return_X_y=True, scaled=False)
    X = (X - X.mean(0)) / X.std(0)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = SGDRegressor(alpha=0.0, max_iter=2, tol=None, verbose=1, random_state=0).fit(X, y)
    losses = [float(found) for found in re.findall(r"Avg\. loss: ([0-9.]+)", printed.getvalue())]
    risk = np.mean((model.predict(X) - y) ** 2) / 2
    assert len(losses) == 2
    assert losses[-1] > 1.1 * risk


def test_scikit_learn_says_nothing_of_a_step_size_that_is_too_large() -> None:
    X, y = load_diabetes(return_X_y=True, scaled=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = SGDRegressor(random_state=0).fit(X, y)
    assert np.abs(model.coef_).max() > 1e10
    assert gdcli.descend("diabetes", standardise=False, eta="0.01").reason == "diverged"


def test_scikit_learn_says_nothing_of_separable_classes() -> None:
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(LogisticRegression(C=np.inf, max_iter=1000).fit(X, y).coef_).all()
    assert gdcli.descend("separable", steps=10).head.optimum.status == "infimum"
