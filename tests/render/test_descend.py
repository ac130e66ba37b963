"""The page of a run: counts in the singular, intervals rounded outwards, constants that say what they are of."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest

import gdcli
from gdcli.data.dataset import Dataset
from gdcli.render import Look, load
from gdcli.results.descend import RunReport


def page(report: RunReport) -> str:
    return load("text").result(report, Look(80, False, 0))


def head(report: RunReport) -> str:
    return " ".join(load("text").head(report.head, Look(80, False, 0)).split())


def test_one_of_a_thing_is_singular() -> None:
    report = gdcli.descend("line", steps=1)
    assert "1 step, 1 epoch, 5 row gradients" in page(report)
    assert "5 rows x 1 feature, " in head(report)


@pytest.mark.parametrize("eta", ["1/L", "0.7/L", "2.9/L"])
@pytest.mark.parametrize("problem", ["line", "diabetes", "iris", "stackloss"])
def test_the_printed_interval_holds_the_certified_one(problem: str, eta: str) -> None:
    report = gdcli.descend(problem, steps=7, eta=eta)
    printed = re.search(r"certified in \[(\S+), (\S+)\]", " ".join(page(report).split()))
    assert printed is not None
    lower, upper = map(Fraction, printed.groups())
    assert lower <= Fraction(report.gap_lower) <= Fraction(report.gap_upper) <= upper


def test_a_constant_column_beside_an_intercept_makes_the_condition_infinite(constant_column: Dataset) -> None:
    report = gdcli.descend(constant_column, steps=2)
    assert report.head.constants.kappa_raw == math.inf
    assert "mu = 0 cond X^T X = infinite to rounding raw L_max" in head(report)


def test_where_no_mu_is_known_the_raw_condition_is_that_of_the_data() -> None:
    report = gdcli.descend("iris", steps=1)
    X = np.column_stack([gdcli.read(_csv("iris")).X, np.ones(100)])
    assert report.head.constants.kappa_raw == pytest.approx(np.linalg.cond(X.T @ X), rel=1e-6)
    assert "mu = 0 cond X^T X = 1e+04 raw L_max" in head(report)


def _csv(name: str) -> str:
    from gdcli.data import problems

    return str(problems.summary(problems.card(name)).file)


@pytest.fixture
def constant_column(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("constant") / "constant.csv"
    path.write_text("x,z,y\n1,5,2\n2,5,3\n3,5,5.5\n4,5,6\n", encoding="utf-8")
    return gdcli.read(str(path))
