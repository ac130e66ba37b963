"""`gdcli curvature` as a process: what it prints in every format, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction

import pytest


def gdcli(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, text=True, check=False)


ROSENBROCK = "(1-x)^2 + 100(y-x^2)^2"


def test_the_page_tells_hessian_point_verdict_and_step_size() -> None:
    done = gdcli("curvature", ROSENBROCK, "--on", "-2..2", "--at", "1,1")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "H = [ 1200*x**2 - 400*y + 2  -400*x ]",
        "H is positive definite",
        "global minimum: f >= 0 everywhere, with equality here",
        "T2 = 401*(x - 1)**2 - 400*(x - 1)*(y - 1) + 100*(y - 1)**2",
        "neither convex nor concave on x in [-2, 2], y in [-2, 2]",
        "not convex: at x = 0, y = 1 along d = (1, 0), d^T H d = -398",
        "gradient descent: eta = 1/L = 0.00017488",
        "as long as the steps stay in the box",
    ):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_printed_bounds_are_rounded_outward() -> None:
    page = gdcli("curvature", ROSENBROCK, "--on", "-2..2").stdout
    report = json.loads(gdcli("curvature", ROSENBROCK, "--on", "-2..2", "--json").stdout)
    low, high = page.split("  L in [")[1].split("]")[0].split(", ")
    L = report["convexity"]["L"]
    assert float(low) <= L["lower"] <= L["upper"] <= float(high)
    assert Fraction(report["convexity"]["eta"]) * Fraction(L["upper"]) <= 1


def test_json_has_the_keys_of_the_interface() -> None:
    report = json.loads(gdcli("curvature", "x^2 + x*y + 2y^2", "--at", "1,-1", "--json").stdout)
    assert report["command"] == "curvature"
    assert report["hessian"] == [["2", "1"], ["1", "4"]]
    assert report["hessian_at"] == [[2.0, 1.0], [1.0, 4.0]]
    assert report["value"] == 2.0
    assert report["gradient"] == {"x": 1.0, "y": -3.0}
    assert report["eigenvalues"] == [2, 0, 0]
    assert report["definiteness"] == "positive definite"
    assert report["type"] == "not stationary"
    assert report["taylor"] == "2 + (x - 1) - 3*(y + 1) + (x - 1)**2 + (x - 1)*(y + 1) + 2*(y + 1)**2"
    convexity = report["convexity"]
    assert (convexity["verdict"], convexity["strict"], convexity["strong"]) == ("convex", True, True)
    assert convexity["mu"]["exact"]["text"] == "3 - sqrt(2)"
    assert convexity["L"]["exact"]["text"] == "sqrt(2) + 3"
    assert convexity["mu"]["lower"] <= 3 - 2**0.5 <= convexity["mu"]["upper"]
    line = gdcli("curvature", "x^2", "--format", "ndjson").stdout
    assert json.loads(line)["kind"] == "curvature"


def test_what_is_unbounded_is_null() -> None:
    convexity = json.loads(gdcli("curvature", "x^4", "--json").stdout)["convexity"]
    assert convexity["L"]["upper"] is None
    assert convexity["eta"] is None
    assert convexity["mu"]["lower"] == 0.0
    kink = json.loads(gdcli("curvature", "|x|", "--at", "0", "--json").stdout)
    assert kink["convexity"]["L"] is None
    assert kink["hessian_at"] is None
    assert "not smooth" in kink["point_reason"]


def test_latex_is_one_environment() -> None:
    page = gdcli("curvature", ROSENBROCK, "--on", "-2..2", "--at", "1,1", "--format", "latex").stdout
    assert page.startswith(r"\begin{align*}")
    assert page.rstrip().endswith(r"\end{align*}")
    assert r"\nabla^{2} f\left(1, 1\right) &= \begin{pmatrix} 802 & -400 \\ -400 & 200 \end{pmatrix}" in page
    assert r"L &\in \left[57" in page


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("log(1 + exp(x))", ["strictly convex on R", "softplus is convex", "L = 0.25", "eta = 1/L = 4"]),
        ("x log x", ["strictly convex on R, where x > 0", "no L"]),
        ("|x|", ["convex on R", "(where every piece of f is smooth)", "no L"]),
        ("x^4", ["strictly convex on R", "no finite bound on R", "--on"]),
        ("3x + y", ["affine on R^2", "grad f is constant"]),
        ("x^2 + y^2 + z^2", ["strongly convex on R^3", "mu = 2, kappa = L/mu <= 1"]),
        ("x/x", ["undecided whether f is convex on R"]),
        ("-x^2", ["strictly concave on R"]),
    ],
)
def test_verdicts_in_words(formula: str, words: list[str]) -> None:
    done = gdcli("curvature", formula, "-q")
    assert done.returncode == 0
    for word in words:
        assert word in done.stdout


def test_a_large_hessian_is_listed_by_its_entries() -> None:
    done = gdcli("curvature", "sum((1-x_i)^2 + 100*(x_{i+1}-x_i^2)^2, i=1..9)", "--on", "-2..2")
    assert "H is 10 x 10 and symmetric; its entries that are not 0:" in done.stdout
    assert "d2f/dx1dx2 = -400*x1" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_verbose_says_what_the_bounds_rest_on() -> None:
    page = gdcli("curvature", "x^2", "-v").stdout
    assert "rounded outward" in page


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["x^2", "--on", "2..-2"], ["the range of x is empty", "smaller end first"]),
        (["x^2", "--on", "y=0..1"], ["there is no variable y", "^"]),
        (["x^2", "--on", "0"], ["not a range", "x=-2..2"]),
        (["3"], ["f is a constant", "with a variable"]),
        (["log(x)", "--at", "-1"], ["f is not defined at x = -1", "inside the domain"]),
        (["x^2", "--format", "yaml"], ["unknown format 'yaml'", "text, json, ndjson, csv, markdown, latex"]),
    ],
)
def test_what_cannot_be_done_says_why(args: list[str], words: list[str]) -> None:
    done = gdcli("curvature", *args)
    assert done.returncode == 2
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("args", [["curvature", "x^2"], ["minimize", "x^2", "--from", "1"]])
def test_the_parent_leaves_sympy_to_its_child(args: list[str]) -> None:
    program = "import os, sys\nfrom gdcli.__main__ import run\nrun(sys.argv[1:])\nprint('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "False"


def test_help_fits_eighty_columns_and_begins_with_examples() -> None:
    for command in ("curvature", "minimize"):
        page = gdcli(command, "--help").stdout
        assert max(map(len, page.splitlines())) <= 80
        assert f"gdcli {command} " in page.split("Options:")[0]
