"""`gdcli descend --l1` as a command: what it prints, what it says of what it cannot do."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_descend import gdcli

# One feature x = -1, 1 and y = 1, 5: theta* = (2 - lambda_1, 3) and R* = 2 lambda_1 - lambda_1^2/2, by hand.
TWO = "x,y\n-1,1\n1,5\n"


def test_the_lasso_of_two_points_by_hand() -> None:
    done = gdcli("descend", "-", "--loss", "squared", "--l1", "0.5", "--gap", "1e-12", "--json", stdin=TWO)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["theta"] == pytest.approx({"x": 1.5, "intercept": 3.0}, abs=1e-5)
    assert report["risk_optimum"] == pytest.approx(0.875, rel=1e-14)
    assert (report["l1"], report["method"], report["zeros"], report["zeros_optimum"]) == (0.5, "fista", 0, 0)
    assert 0 <= report["gap_lower"] <= report["gap_upper"] <= 1e-12


def test_the_page_names_the_term_and_counts_the_zeros() -> None:
    done = gdcli("descend", "-", "--loss", "squared", "--l1", "2.5", "--l2", "0.5", "-v", stdin=TWO)
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    assert "+ 2.5 ||theta||_1 + 0.5/2 ||theta||^2" in text
    assert "l1 = 2.5, l2 = 0.5" in text
    assert "intercept not penalised" in text
    assert "zeros 1 of 2 parameters; 1 at R*" in text
    assert "fista is the method for an L1 term" in text
    assert "lambda_1 2.5" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method", "sgd"], "--method fista or prox_gradient"),
        (["--loss", "absolute"], "has kinks of its own"),
        (["--loss", "(p - y)^3"], "not known to be convex"),
        (["--model", "a*x + b"], "one prediction a row"),
        (["--loss", "softmax"], "one prediction a row"),
    ],
)
def test_what_has_no_l1_term_says_so(arguments: list[str], message: str) -> None:
    done = gdcli("descend", "-", "--l1", "0.5", *arguments, stdin=TWO)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
