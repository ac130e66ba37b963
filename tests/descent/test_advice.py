"""A run without flags comes within a millionth of R*, or says in one line what does; whoever follows it gets there."""

from __future__ import annotations

import re
from typing import Any

import pytest

import gdcli
from gdcli.data.problems import card, names
from gdcli.results.descend import RunReport

MILLIONTH = 1e-6
FAILED = "the gap did not come down to "


def advice(report: RunReport) -> str | None:
    found = [said for said in report.warnings if said.startswith(FAILED)]
    assert len(found) <= 1
    return found[0] if found else None


def followed(name: str, report: RunReport, **options: Any) -> RunReport:
    named = re.search(r"--method (\w+)", advice(report) or "")
    assert named is not None
    return gdcli.descend(name, **{**options, "method": named[1]})


@pytest.mark.parametrize("name", names())
def test_every_bundled_problem_is_solved_or_advised(name: str) -> None:
    known = card(name).risk_optimum
    report = gdcli.descend(name)
    if report.reason != "gap":
        assert report.reason == "steps"
        report = followed(name, report)
        assert report.step <= 1000
    assert report.reason == "gap"
    assert advice(report) is None
    # R(0) of a separable problem is log 2.
    assert report.risk - known <= MILLIONTH * (known or 0.6931471805599453) * (1 + 1e-6)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("diabetes", {"loss": "huber"}),
        ("breast_cancer", {"loss": "exponential"}),
        ("breast_cancer", {"l1": 0.001, "method": "prox_gradient"}),
        ("longley", {"method": "armijo"}),
        ("separable", {"method": "coordinate"}),
        ("ill_conditioned", {"method": "lbfgs(memory=1)"}),
        ("iris3", {"l2": 0.0}),
        ("stackloss", {"loss": "absolute"}),
        ("line", {"loss": "absolute"}),
        ("digits01", {"loss": "hinge"}),
    ],
)
def test_advice_fits_the_loss_and_the_method(name: str, options: dict[str, Any]) -> None:
    report = gdcli.descend(name, **options)
    assert report.reason == "steps"
    better = followed(name, report, **options)
    assert better.reason == "gap"
    assert better.step < report.step / 5


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("diabetes", {"gap": 1e-25}, "below the rounding of R, 3.2e-13; ask for more than that with --gap"),
        ("diabetes", {"loss": "absolute", "method": "polyak"}, "at kinks it falls like 1/sqrt(t); ask for less"),
        ("engel", {"loss": "log(1 + (p - y)^2)"}, "steps: allow more with --steps"),
    ],
)
def test_advice_where_no_method_is_known_to_do_it(name: str, options: dict[str, Any], sentence: str) -> None:
    said = advice(gdcli.descend(name, **options))
    assert said is not None
    assert sentence in said
    assert "--method" not in said


def test_no_advice_on_a_number_of_steps_that_was_asked_for() -> None:
    assert advice(gdcli.descend("breast_cancer", steps=10)) is None
