"""`gdcli derive` and `gdcli grad --steps` as a user types them."""

from __future__ import annotations

import io
import json

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal


def run(*args: str) -> tuple[int, str, str]:
    terminal = Terminal.of_process()
    terminal.stdout, terminal.stderr = io.StringIO(), io.StringIO()
    code = main(list(args), terminal)
    return code, terminal.stdout.getvalue(), terminal.stderr.getvalue()


SQUARE = """\
f(x) = x**2

from the definition, at x = 3:
  f'(3) = lim (f(3 + h) - f(3))/h as h -> 0

  f(3) = 9
  f(3 + h) = (3 + h)**2
           = h**2 + 6*h + 9
  f(3 + h) - f(3) = h**2 + 6*h
  (f(3 + h) - f(3))/h = h + 6
  as h -> 0: 6 [h is cancelled, so put h = 0]

        h           quotient at h                   at -h
    1e-01                     6.1                     5.9
    1e-02                    6.01                    5.99
    1e-03                   6.001                   5.999
    1e-04                  6.0001                  5.9999
    1e-05                 6.00001                 5.99999
    1e-06                6.000001                5.999999

limit from the right = 6
limit from the left = 6
they agree: f'(3) = 6
check: the gradient found by the rules has the same value here
"""


def test_the_page_of_a_polynomial() -> None:
    assert run("derive", "x^2", "--at", "3") == (0, SQUARE, "")


def test_the_page_of_a_kink_tells_both_sides() -> None:
    code, out, _ = run("derive", "|x|", "--at", "0")
    assert code == 0
    for line in (
        "for h > 0:",
        "  as h -> 0+: 1 [h is cancelled, so put h = 0]",
        "for h < 0:",
        "  as h -> 0-: -1 [h is cancelled, so put h = 0]",
        "limit from the right = 1",
        "limit from the left = -1",
        "no derivative: left -1, right 1",
    ):
        assert line in out.splitlines()


def test_a_general_point_names_its_classic_limits() -> None:
    code, out, _ = run("derive", "sin x")
    assert code == 0
    assert "  with sin(u + k) = sin(u)*cos(k) + cos(u)*sin(k)\n" in out
    assert "    sin(h)/h -> 1\n    (cos(h) - 1)/h -> 0\n  as h -> 0: cos(x)" in out
    assert "they agree: f'(x) = cos(x)\ncheck: the gradient found by the rules is the same (equal, proven)\n" in out


def test_several_variables_one_axis_after_the_other() -> None:
    code, out, _ = run("derive", "x1^2 x2", "--at", "1,-2")
    assert code == 0
    assert "  df/dx1(1, -2) = lim (f(1 + h, -2) - f(1, -2))/h as h -> 0\n" in out
    assert "  f(1, -2 + h) = 1**2*(-2 + h)\n" in out
    assert out.endswith("grad f = [ -4 ]\n         [  1 ]\n")


@pytest.mark.parametrize("formula", ["x^x sin(x)/(1 + x^2)", "exp(sin(x^2 + 3x))*log(x + sqrt(x^2 + 1))", "|x|^x"])
def test_no_line_is_wider_than_the_terminal(formula: str) -> None:
    for command in (["derive", formula, "--at", "1", "--steps"], ["grad", formula, "--steps"]):
        code, out, _ = run(*command)
        assert code == 0
        assert max(map(len, out.splitlines())) <= 80


def test_json_holds_the_derivation_and_the_steps() -> None:
    code, out, _ = run("derive", "x^2 y", "--at", "1,2", "--steps", "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["command"], document["gradient"]) == ("derive", {"x": 4.0, "y": 1.0})
    found = document["derivations"]["x"]
    assert (found["place_moved"]["text"], found["kind"], found["slope"]["value"]) == ("1 + h, 2", "value", 4.0)
    assert found["quotients"][0]["quotient"]["text"] == "2*h + 4"
    assert [step["rule"] for step in document["steps"]["x"]] == ["power", "constant multiple"]


def test_a_side_without_a_value_is_null_with_its_reason_in_json() -> None:
    _, out, _ = run("derive", "sqrt(x)", "--at", "0", "--json")
    found = json.loads(out)["derivations"]["x"]
    assert found["left"] == {"exact": None, "value": None, "reason": "f not defined"}
    assert found["right"] == {"exact": None, "value": None, "reason": "+infinity"}
    assert [row["left"] for row in found["table"]] == [None] * 6


def test_latex_closes_what_it_opens() -> None:
    for args in (["derive", "|x|", "--at", "0"], ["derive", "x sin y", "--steps"], ["grad", "x^2/y", "--steps"]):
        code, out, _ = run(*args, "--format", "latex")
        assert code == 0
        assert out.count(r"\begin{align*}") == out.count(r"\end{align*}") >= 2
        assert out.count("{") == out.count("}")
    assert r"\lim_{h \to 0^{+}}" in run("derive", "|x|", "--at", "0", "--format", "latex")[1]


@pytest.mark.parametrize("args", [["x^2", "--at", "3"], ["x^2 sin(x)"], ["exp(3x)"], ["y^3 + x y"]])
def test_latex_writes_h_and_the_classic_quotients_as_mathematics(args: list[str]) -> None:
    code, out, _ = run("derive", *args, "--format", "latex")
    assert code == 0
    assert "mathrm" not in out


def test_grad_shows_its_steps_and_ends_in_what_it_prints() -> None:
    code, out, _ = run("grad", "x^2 sin x", "--steps")
    assert code == 0
    assert "df/dx, rule by rule\n  1. power: (u**n)' = n*u**(n - 1)\n     (x**2)' = 2*x\n" in out
    assert "  3. product: (u*v)' = u'*v + u*v'  [by 1, 2]\n" in out
    last = next(line for line in out.splitlines() if line.startswith("     2*x*sin(x)"))
    (partial,) = [line for line in out.splitlines() if line.startswith("  df/dx = ")]
    assert last.split(" = ")[1] == partial.split(" = ")[1]


def test_grad_without_steps_has_none() -> None:
    assert "rule by rule" not in run("grad", "x^2")[1]
    assert "steps" not in json.loads(run("grad", "x^2", "--json")[1])


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (["|x|"], "no identity known here cancels the difference quotient in x at a general point", "--at x=1"),
        (["7"], "f is a constant", "give a formula with a variable"),
        (["1/x", "--at", "0"], "f is not defined at x = 0: a division by zero", "choose a point inside the domain"),
        (["x*y", "--at", "1"], "1 coordinate for 2 variables", "give one each"),
        (["x", "--wrt", "y"], "the formula has no variable y", "its variables are x"),
        (["x^2", "--format", "yaml"], "unknown format 'yaml'", "derive offers text, json, ndjson, csv, markdown"),
        (
            [" + ".join(f"x^{k}" for k in range(2, 1003)), "--at", "0", "--steps", "--timeout", "300"],
            "takes more than 1000 steps",
            "--steps",
        ),
    ],
)
def test_what_cannot_be_done_is_said_with_a_way_out(args: list[str], message: str, hint: str) -> None:
    code, out, err = run("derive", *args)
    assert (code, out) == (2, "")
    assert message in err
    assert hint in err


def test_a_disagreement_is_a_bug_of_ours_and_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    import sympy

    from gdcli.calculus import gradient

    monkeypatch.setattr(gradient, "gradient", lambda expr, variables: tuple(sympy.Integer(3) for _ in variables))
    code, out, err = run("derive", "x^2")
    assert (code, out) == (70, "")
    assert "two ways to one derivative give" in err
    assert "this is our mistake, not yours" in err
    code, out, err = run("grad", "x^2", "--steps")
    assert (code, out) == (70, "")


def test_the_deadline_holds() -> None:
    code, out, err = run("derive", "x^2", "--at", "1", "--timeout", "0.01")
    assert (code, out) == (4, "")
    assert "was not done within 0.01 s" in err
