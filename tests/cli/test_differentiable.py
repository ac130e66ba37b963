"""`gdcli differentiable`: what a user types, the page, the document, the exit codes and the errors."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def differentiable(*args: str) -> Done:
    out, err = io.StringIO(), io.StringIO()
    code = main(["differentiable", *args], Terminal(io.BytesIO(), out, err, {}, 80))
    return Done(code, out.getvalue(), err.getvalue())


LECTURE = """f(x1, x2) = x1*x2/(x1**2 + x2**2)
f(0, 0) = 0 (given)

f is not differentiable at x1 = 0, x2 = 0

  continuous: no
    along x1 = t, x2 = t with t -> 0+, f -> 1/2, but f(x0) = 0.

  partial derivatives: yes
    df/dx1 = 0
    df/dx2 = 0
    the difference quotient along each axis has the same limit from both sides.

  differentiable: no
    the partials exist, but a differentiable function is continuous, and f is
    not.
"""


def test_the_caveat_of_the_lecture() -> None:
    done = differentiable("x1 x2/(x1^2 + x2^2)", "--at", "0,0", "--value", "0")
    assert (done.code, done.out, done.err) == (0, LECTURE, "")


PAGES = [
    (["x |x|", "--at", "0"], ["f is differentiable at x = 0", "|r(h)| <= |h|^2 for |h| <= 1, so r(h)/|h| -> 0."]),
    (["x^2", "--at", "1"], ["so the partials are", "df/dx = 2"]),
    (["sqrt(x)", "--at", "0"], ["f is not defined on x = -t", "from the right the slope is +infinity."]),
    (["x sin(1/x)", "--at", "0", "--value", "0"], ["the quotient -> 0 where 1/t = 2*pi*n", "continuous: yes"]),
    (
        ["x^3/(x^2 + y^2)", "--at", "0,0", "--value", "0"],
        ["along x = t, y = t with t -> 0+", "-> 1/2, where a", "So r(h)/||h|| -> -sqrt(2)/4 ~ -0.353553 there, not 0."],
    ),
    (["x^5 y/(x^8 + y^2)", "--at", "0,0", "--value", "0"], ["along x = t, y = t**4", "r(h)/||h|| -> 1/2 there"]),
    (["sin(1/x)", "--at", "0", "--value", "0"], ["f has no limit: f -> 0 where 1/t = 2*pi*n, -> 1"]),
    (["|x|^1.5 + y", "--at", "0,0"], ["|r(h)| <= ||h||^(3/2) for ||h|| <= 1"]),
    (["2x + 1 if x > 0 else 1 + 2x", "--at", "0"], ["r(h) = 0 for |h| <= 1"]),
    (
        ["(exp(x) - exp(y))/(x - y) if x != y else exp(x)", "--at", "0,0"],
        ["undecided whether", "|r(h)|/||h|| along", "1e-06"],
    ),
]


@pytest.mark.parametrize(("args", "expected"), PAGES, ids=[args[0] for args, _ in PAGES])
def test_a_page(args: list[str], expected: list[str]) -> None:
    done = differentiable(*args)
    assert (done.code, done.err) == (0, "")
    for piece in expected:
        assert piece in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_json_has_the_verdict_its_bound_and_its_witness() -> None:
    document = json.loads(differentiable("x^5 y/(x^8 + y^2)", "--at", "0,0", "--value", "0", "--json").out)
    assert (document["command"], document["verdict"], document["value_given"]) == ("differentiable", "no", True)
    assert document["gradient"] == {"x": 0.0, "y": 0.0}
    assert document["continuous"]["bound"] == {"of": "f(x0 + h) - f(x0)", "constant": 1.0, "order": "1", "radius": 1.0}
    assert [document[key]["answer"] for key in ("continuous", "partials_exist", "differentiable")] == [
        "yes",
        "yes",
        "no",
    ]
    assert document["differentiable"]["witness"] == {
        "path": {"x": "t", "y": "t**4"},
        "kind": "slope",
        "limit": "1/2",
        "expected": "0",
        "ratio": "1/2",
    }


def test_json_tells_the_phases_of_an_oscillation() -> None:
    document = json.loads(differentiable("sin(1/x)", "--at", "0", "--value", "0", "--json").out)
    witness = document["continuous"]["witness"]
    assert (witness["angle"], witness["phases"], witness["limits"]) == ("1/t", ["0", "pi/2"], ["0", "1"])


def test_json_has_the_table_where_nothing_was_decided() -> None:
    document = json.loads(
        differentiable("(exp(x) - exp(y))/(x - y) if x != y else exp(x)", "--at", "0,0", "--json").out
    )
    assert document["verdict"] == "undecided"
    assert [row["h"] for row in document["decay"]] == pytest.approx([10.0**-k for k in range(1, 7)])
    assert document["decay_of"] == "r(h)"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["x |x|", "--at", "0"], [r"\left|r\left(h\right)\right| &\le 1 \, \left|h\right|^{2}", r"\text{yes}"]),
        (["sqrt(x)", "--at", "0"], [r"\text{along} &: x = - t", r"f &: \text{not defined}"]),
        (
            ["x*y/norm(x, y)", "--at", "0,0", "--value", "0"],
            [r"\frac{r\left(h\right)}{\left\|h\right\|} &\to \frac{1}{2}"],
        ),
        (["sin(1/x)", "--at", "0", "--value", "0"], [r"f &\to 1 \quad (\frac{1}{t} = \frac{\pi}{2} + 2 \pi n)"]),
        (["sign(x)", "--at", "0"], [r"f &\to 1", r"\text{no}"]),
    ],
)
def test_latex_is_one_align_environment(args: list[str], expected: list[str]) -> None:
    done = differentiable(*args, "--format", "latex")
    assert done.out.startswith("\\begin{align*}\n")
    assert done.out.endswith("\\end{align*}\n")
    for piece in expected:
        assert piece in done.out


ERRORS = [
    (["sin(x)/x", "--at", "0"], "f is not defined at x = 0: a division by zero", "--value V"),
    (["x^2", "--at", "1", "--value", "3"], "here it is 1", "leave --value out"),
    (["x^2", "--at", "1,2"], "2 coordinates for 1 variable", "give one each"),
    (["sin(x)/x", "--at", "0", "--value", "y"], "y", ""),
    (["x^2"], "Missing option", "gdcli differentiable --help"),
    (["3", "--at", "1"], "the formula has no variables", "leave --at out"),
    (["x^2", "--at", "1", "--format", "yaml"], "unknown format 'yaml'", "text, json, ndjson, csv, markdown, latex"),
]


@pytest.mark.parametrize(("args", "message", "hint"), ERRORS, ids=[" ".join(args) for args, *_ in ERRORS])
def test_an_error_says_what_to_do(args: list[str], message: str, hint: str) -> None:
    done = differentiable(*args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert hint in done.err


def test_the_deadline_holds() -> None:
    done = differentiable("x^3*sin(1/x)", "--at", "0", "--value", "0", "--timeout", "0.01")
    assert done.code == 4
    assert "not done within 0.01 s" in done.err
