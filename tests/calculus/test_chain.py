"""The chain rule: hand-computed Jacobians, mpmath differences, the remainder's identity, and what must be refused."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.agreement import DisagreementError
from gdcli.calculus.chain import composition
from gdcli.calculus.chain.composition import Composition, output_names
from gdcli.calculus.chain.report import chain_report
from gdcli.calculus.chain.tape import Tape
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.report import exact_place
from gdcli.errors import DomainError
from gdcli.language import parse_point
from gdcli.language.composition import parse_composition
from gdcli.results.chain import ChainReport

Case = tuple[str, list[str], str]

CASES: list[Case] = [
    ("sin(u)", ["x^2"], "1"),
    ("u*v", ["u = x^2 + y", "v = x*y"], "1,2"),
    ("[u*v, u, exp(v)]", ["u = x*y", "v = x"], "1,2"),
    ("softplus(u)", ["sum(w_i*x_i, i=1..3)"], "0.1,0.2,0.3,1,2,3"),
    ("u^2 + v", ["u = max(x, y)", "v = 1/x - sqrt(y)"], "2,4"),
    ("atan2(u, v) + |w|^3", ["u = sin x", "v = cosh y", "w = x - 5*y"], "1/3,2"),
    ("u^u", ["1 + x^2 + y^2"], "1,-1"),
    ("norm(u, v)", ["u = x/y", "v = log(x + y)"], "3,4"),
    ("x^2 + g", ["x = y", "g = x*y"], "2,3"),
    ("u", ["u = x", "v = 3"], "7"),
    ("5*u - 3", ["2*x + y"], "1,1"),
    ("sum(u^i, i=1..4)", ["i + j"], "1,1/2"),
    ("u if u > 2 else 4 - 2/u", ["x y"], "3,4"),
]


def read(case: Case) -> tuple[Any, Any, Any]:
    outer, inner, at = case
    functions, outputs = parse_composition(outer, inner)
    return functions, outputs, parse_point(at, next(iter(functions.values())).variables)


def composed(case: Case) -> Composition:
    functions, outputs, at = read(case)
    return Composition.at(functions, outputs, exact_place(at))


def report(case: Case, taped: bool = True) -> ChainReport:
    functions, outputs, at = read(case)
    return chain_report(functions, outputs, at, taped)


def through(found: Composition, place: Mapping[str, Any]) -> list[Any]:
    """g(f(x)) by two numeric evaluations, no symbol in between."""
    middle = {
        name: Numeric(f.tree).at(place) for name, f in zip(found.inner.labels, found.inner.functions, strict=True)
    }
    return [Numeric(g.tree).at(middle) for g in found.outer.functions]


def number(expr: sympy.Expr) -> Any:
    return mpmath.mpf(sympy.Float(sympy.N(expr, 50), 50)._to_mpmath(180))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_product_is_the_derivative_by_differences(case: Case) -> None:
    found = composed(case)
    names = list(found.point)
    with mpmath.workdps(60):
        start = {name: number(found.point[name]) for name in names}
        h = mpmath.mpf(10) ** -25
        for j, name in enumerate(names):
            up, down = (through(found, {**start, name: start[name] + s * h}) for s in (1, -1))
            for i, row in enumerate(found.product):
                truth = (up[i] - down[i]) / (2 * h)
                assert abs(number(row[j]) - truth) < mpmath.mpf(10) ** -30 * (1 + abs(truth))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_composed_remainder_is_what_the_parts_leave(case: Case) -> None:
    """r(h) = B r_f(h) + r_g(A h + r_f(h)), in 60 digits."""
    found = composed(case)
    with mpmath.workdps(60):
        h = [mpmath.mpf(3 + 2 * i) / 10**4 * (-1) ** i for i in range(len(found.point))]
        inner = [
            number(r) for r in _at_steps([linear.remainder for linear in found.inner.linear], found.linear[0].steps, h)
        ]
        k = [mpmath.fdot([number(a) for a in row], h) + r for row, r in zip(found.inner.matrix, inner, strict=True)]
        outer = _at_steps([linear.remainder for linear in found.outer.linear], found.outer.linear[0].steps, k)
        whole = _at_steps([linear.remainder for linear in found.linear], found.linear[0].steps, h)
        for i, row in enumerate(found.outer.matrix):
            parts = mpmath.fdot([number(b) for b in row], inner) + number(outer[i])
            assert abs(number(whole[i]) - parts) < mpmath.mpf(10) ** -40


def _at_steps(remainders: list[sympy.Expr], steps: Any, values: list[Any]) -> list[sympy.Expr]:
    place = {step: sympy.Float(value, 55) for step, value in zip(steps, values, strict=True)}
    return [remainder.subs(place) for remainder in remainders]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_report_crosses_the_pipe_and_the_tape_ends_in_the_product(case: Case) -> None:
    found = report(case)
    assert pickle.loads(pickle.dumps(found)) == found
    for tape, row in zip(found.tapes, found.product, strict=True):
        adjoints = [entry.adjoint.value for entry in tape.entries[: len(row)]]
        assert adjoints == pytest.approx([entry.value for entry in row], rel=1e-14)
        assert tape.entries[tape.output - 1].names[-1] == tape.name


def test_the_lectures_composition_by_hand() -> None:
    """u = x^2 + y, v = x y, g = u v at (1, 2): Df = [[2, 1], [2, 1]], Dg = [2, 3], the product [10, 5]."""
    found = report(CASES[1])
    assert [[q.value for q in row] for row in found.inner_jacobian.at] == [[2, 1], [2, 1]]
    assert [[q.value for q in row] for row in found.outer_jacobian.at] == [[2, 3]]
    assert [[q.value for q in row] for row in found.product] == [[10, 5]]
    assert [[e.text for e in row] for row in found.inner_jacobian.formulas] == [["2*x", "1"], ["y", "x"]]
    (g,) = found.composed
    assert (g.value.value, g.tangent.text) == (6, "6 + 10*(x - 1) + 5*(y - 2)")
    assert g.order == pytest.approx(2, abs=1e-4)
    assert found.agreement == "equal at the point, proven; as formulas equal, proven"
    assert [component.remainder.text for component in found.inner] == ["h_x**2", "h_x*h_y"]
    assert [component.remainder.text for component in found.outer] == ["k_u*k_v"]


def test_backpropagation_by_hand() -> None:
    """g = exp(u), u = x^2 y at (1, 2): v3 = x^2, v4 = v3 y, v5 = e^v4; a5 = 1, a4 = e^2, a3 = 2 e^2, a1 = 4 e^2."""
    (tape,) = report(("exp(u)", ["x^2 y"], "1,2")).tapes
    shown = [(e.operation.text if e.operation else None, e.incoming.text, e.adjoint.exact) for e in tape.entries]
    assert [(operation, incoming) for operation, incoming, _ in shown] == [
        (None, "2*a3*v1"),
        (None, "a4*v3"),
        ("v1**2", "a4*v2"),
        ("v2*v3", "a5*exp(v4)"),
        ("exp(v4)", "0"),
    ]
    assert [exact.text if exact else "" for _, _, exact in shown] == ["4*exp(2)", "exp(2)", "2*exp(2)", "exp(2)", "1"]
    assert [entry.names for entry in tape.entries] == [("x",), ("y",), (), ("u",), ("g",)]


def test_what_inner_formulas_share_is_on_the_tape_once() -> None:
    (tape,) = report(("u + v", ["u = sin(x y)", "v = cos(x y)"], "1,2")).tapes
    operations = [entry.operation.text for entry in tape.entries if entry.operation]
    assert operations.count("v1*v2" if tape.letter == "v" else "w1*w2") == 1


@pytest.mark.parametrize(("taken", "name"), [(["u"], "g"), (["g"], "z"), (["g1", "z"], "w")])
def test_the_outer_name_is_free(taken: list[str], name: str) -> None:
    assert output_names(1, taken) == [name]
    assert output_names(2, taken) == [f"{name}1", f"{name}2"]


COEFFICIENTS = st.lists(st.integers(-4, 4), min_size=6, max_size=6)


@given(COEFFICIENTS, st.tuples(st.integers(-3, 3), st.integers(-3, 3)))
@settings(max_examples=25, deadline=None)
def test_linear_maps_compose_to_their_product_and_leave_nothing(c: list[int], at: tuple[int, int]) -> None:
    case = (f"({c[4]})*u + ({c[5]})*v", [f"u = ({c[0]})*x + ({c[1]})*y", f"v = ({c[2]})*x + ({c[3]})*y"], "0,0")
    functions, outputs, _ = read((case[0], [f"{text} + 0*x*y" for text in case[1]], f"{at[0]},{at[1]}"))
    variables = next(iter(functions.values())).variables
    if len(variables) < 2:
        return
    found = Composition.at(functions, outputs, dict(zip(variables, map(sympy.Integer, at), strict=True)))
    assert found.product == ((c[4] * c[0] + c[5] * c[2], c[4] * c[1] + c[5] * c[3]),)
    assert [linear.remainder for linear in found.linear] == [0]


def test_a_disagreement_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "_times", lambda left, right: ((sympy.Integer(3),),))
    with pytest.raises(DisagreementError, match="the chain rule gives 3"):
        report(CASES[0])


def test_a_wrong_tape_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tape, "gradient", lambda self, count: (sympy.Integer(3),) * count)
    with pytest.raises(DisagreementError, match="the tape gives 3"):
        report(CASES[0])


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (("|u|", ["x^2"], "0"), "g has no linear part at u = 0: in u no derivative: left -1, right 1"),
        (("u", ["|x|"], "0"), "u has no linear part at x = 0: in x no derivative: left -1, right 1"),
        (("log(u)", ["x"], "0"), "g has no value at u = 0: log(0) is not a real number"),
        (("u", ["1/x"], "0"), "u has no value at x = 0: a division by zero"),
        (
            ("u", ["piecewise((x y/(x^2 + y^2), x != 0 or y != 0), (0, True))"], "0,0"),
            "u is not differentiable at x = 0, y = 0: the partials exist, but a differentiable function is continuous",
        ),
    ],
)
def test_without_two_linear_parts_there_is_no_chain_rule(case: Case, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        report(case)
    assert caught.value.message.startswith(message)
    assert caught.value.hint


def test_the_chain_rule_holds_at_a_kink_that_is_proven_harmless_but_has_no_tape() -> None:
    case = ("u*|u|", ["x + y"], "0,0")
    assert [[entry.value for entry in row] for row in report(case, taped=False).product] == [[0, 0]]
    with pytest.raises(DomainError, match="there is no tape here"):
        report(case)


def test_a_long_formula_is_compared_at_the_point_alone() -> None:
    product = "*".join(f"(x_{i} + {i})" for i in range(1, 30))
    found = report(("sin(u)", [product], ",".join(["1"] * 29)), taped=False)
    assert found.agreement == "equal at the point, proven; as formulas too long to compare"


def test_a_function_keeps_its_own_variables() -> None:
    """The outer x is the inner function called x, not the variable: x = y, g = x y, z = x^2 + g at (2, 3)."""
    found = composed(CASES[8])
    assert isinstance(found.composite[0], Function)
    assert found.composite[0].expr == sympy.Symbol("y", real=True) ** 2 + sympy.Symbol("x", real=True) * sympy.Symbol(
        "y", real=True
    )
