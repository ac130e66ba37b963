"""`gdcli steepest` and `gdcli tangent --slope`: pages, formats, and bad input."""

from __future__ import annotations

import json

import pytest

from tests.cli.inprocess import run


def test_the_page_of_the_lectures_gradient_direction() -> None:
    code, page, errors = run("steepest", "x^2 + y^2", "--at", "3,4", "--along", "-4,3")
    assert (code, errors) == (0, "")
    assert page == (
        """\
f(x, y) = x**2 + y**2

at x = 3, y = 4:
  f = 25
  df/dx = 6
  df/dy = 8
  |grad f| = 10

steepest
  ascent:  along (3/5, 4/5) ~ (0.6, 0.8), slope 10
  descent: along (-3/5, -4/5) ~ (-0.6, -0.8), slope -10
  level:   along (-4/5, 3/5) ~ (-0.8, 0.6), slope 0, tangent to the level set f
      = 25

cosine law: slope = |grad f| cos(theta), beside (f(x0 + eps u) - f(x0))/eps
  theta            slope      eps = 1e-02      eps = 1e-04      eps = 1e-06
      0               10            10.01          10.0001        10.000001
     30       8.66025404       8.67025404       8.66035404       8.66025504
     60                5             5.01           5.0001         5.000001
     90                0             0.01           0.0001            1e-06
    120               -5            -4.99          -4.9999        -4.999999
    150      -8.66025404      -8.65025404      -8.66015404      -8.66025304
    180              -10            -9.99          -9.9999        -9.999999

along d = (-4, 3)
  note: |d| = 5, normalised to u = d/|d| = (-4/5, 3/5) ~ (-0.8, 0.6)
  angle to grad f: 90 degrees
  D_u f = grad f^T u = 0
  measured, (f(x0 + eps u) - f(x0))/eps:
    eps = 1e-02: 0.01
    eps = 1e-04: 0.0001
    eps = 1e-06: 1e-06
"""
    )


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (["x^2 - y^2", "--at", "0,0"], ["grad f = 0: the point is stationary."]),
        (["|x| + y", "--at", "0,0"], ["f is not differentiable here", "+x: 1    -x: 1", "+y: 1    -y: -1"]),
        (["|x|", "--at", "0", "--along", "1"], ["D_u f = 1\n", "D_-u f = 1\n"]),
        (["sqrt x", "--at", "0.001"], ["not defined"]),
        (["sum(x_i^2, i=1..9)", "--at", "1,2,3,4,5,6,7,8,9"], ["0.473879, 0.533114), slope 2*sqrt(285)"]),
    ],
)
def test_a_line_of_the_page(args: list[str], lines: list[str]) -> None:
    code, page, errors = run("steepest", *args)
    assert (code, errors) == (0, "")
    assert all(line in page for line in lines)
    assert max(map(len, page.splitlines())) <= 80


def test_json_has_every_direction_with_its_numbers() -> None:
    _, page, _ = run("steepest", "x^2 + y^2", "--at", "3,4", "--along", "1,0", "--json")
    document = json.loads(page)
    assert document["command"] == "steepest"
    assert document["ascent"]["unit"] == [0.6, 0.8]
    assert document["ascent"]["exact"]["unit"] == ["3/5", "4/5"]
    assert document["descent"] == [-0.6, -0.8]
    assert document["level"] == [-0.8, 0.6]
    assert (document["differentiable"], document["stationary"], document["axes"]) == ("yes", False, [])
    assert document["cosine_law"][2]["exact"] == "5"
    assert document["along"][0]["slope"] == 6


def test_json_gives_a_reason_for_a_missing_slope() -> None:
    _, page, _ = run("steepest", "sqrt x", "--at", "0", "--json")
    document = json.loads(page)
    assert (document["ascent"], document["steepest"], document["norm"]) == (None, None, None)
    assert document["axes"][0]["slope_reason"] == "+infinity"
    assert document["axes"][0]["opposite_reason"] == "f not defined"


def test_latex() -> None:
    _, page, _ = run("steepest", "x^2 + y^2", "--at", "3,4", "--along", "1,0", "--format", "latex")
    assert r"u_{\text{ascent}} &= \begin{pmatrix} \frac{3}{5} \\ \frac{4}{5} \end{pmatrix} \\" in page
    assert r"  $60^\circ$ & $5$ & $5.010000000$ & $5.000100000$ & $5.000001000$ \\" in page
    _, page, _ = run("steepest", "|x|", "--at", "0", "--format", "latex")
    assert r"D_{-x} f &= 1" in page


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["steepest", "x + y", "--at", "1,2", "--along", "0,0"], ["the zero vector has no direction", "3,4"]),
        (["steepest", "x + y", "--at", "1,2", "--along", "1"], ["--along: 1 coordinate for 2 variables (x, y)"]),
        (["steepest", "x + y", "--at", "1,2", "--along", "x,1"], ["--along: x is a variable"]),
        (["steepest", "x + y"], ["--at", "gdcli steepest --help"]),
        (["steepest", "7", "--at", "1"], ["the formula has no variables"]),
        (["steepest", "1/x", "--at", "0"], ["f is not defined at x = 0: a division by zero"]),
        (["tangent", "x + y", "--at", "1,2", "--slope", "1"], ["--slope: 1 coordinate for 2 variables (x, y)"]),
        (["tangent", "x^2", "--at", "1", "--slope", "z"], ["--slope: z is a variable"]),
    ],
)
def test_bad_input_says_why_and_what_to_do(args: list[str], words: list[str]) -> None:
    code, page, errors = run(*args)
    assert (code, page) == (2, "")
    assert all(word in errors for word in words)


def test_other_slopes_stand_beside_the_best() -> None:
    _, page, _ = run("tangent", "x^2", "--at", "1", "--slope", "1", "--slope", "5/2")
    assert (
        """\
other slopes: |f(x0 + h) - f(x0) - c h|/|h|, the larger of h and -h
      |h|      best slope           c = 1         c = 5/2
    1e-01             0.1             1.1             0.6
    1e-02            0.01            1.01            0.51
    1e-03           0.001           1.001           0.501
    1e-04          0.0001          1.0001          0.5001
    1e-05           1e-05         1.00001         0.50001
    1e-06           1e-06               1        0.500001
    limit               0               1             1/2
No other slope does as well: for slope c, error/|h| -> |c - 2|, which is 0 only
    for c = 2.
"""
        in page
    )


def test_many_long_slopes_are_folded_into_tables_with_a_legend() -> None:
    slopes = [piece for c in ("sqrt(2) + pi/3", "1", "2", "3", "4") for piece in ("--slope", c)]
    _, page, _ = run("tangent", "x^2", "--at", "1", *slopes)
    assert max(map(len, page.splitlines())) <= 80
    assert "  c1 = sqrt(2) + pi/3\n" in page
    assert "  c1: |c - f'(x0)| = sqrt(2) + pi/3 - 2 ~ 0.46141111357\n" in page
    assert page.count("best slope") == 2


def test_latex_of_other_slopes() -> None:
    _, page, _ = run("tangent", "x1^2 x2", "--at", "1,-2", "--slope", "1,1", "--format", "latex")
    assert r"r &= o\left(\left\|h\right\|\right) \\" in page
    assert "&= 5\n\\end{align*}" in page


@pytest.mark.parametrize(
    ("formula", "at", "apart"),
    [("x^2", "0", "|c|"), ("-x", "0", "|c + 1|"), ("x^2 + sqrt(2)*x", "1", "|c - (sqrt(2) + 2)|")],
)
def test_the_distance_to_the_best_slope_is_written_plainly(formula: str, at: str, apart: str) -> None:
    _, page, _ = run("tangent", formula, "--at", at)
    assert f"error/|h| -> {apart}," in page
