"""The rules a formula calls for, as a teacher would name them."""

from __future__ import annotations

import pytest

from gdcli.calculus.function import Function
from gdcli.calculus.steps.walk import rules
from gdcli.language.functions import TABLE

CASES = [
    ("7", []),
    ("x", ["identity"]),
    ("x^2", ["power"]),
    ("3*x", ["constant multiple", "identity"]),
    ("-x", ["constant multiple", "identity"]),
    ("x^2 + 1", ["sum", "constant", "power"]),
    ("x*sin(x)", ["product", "identity", "sin"]),
    ("sin(x)/x", ["quotient", "sin", "identity"]),
    ("x/2", ["constant multiple", "identity"]),
    ("(x^2 + 1)^10", ["power", "chain", "sum", "constant"]),
    ("2^x", ["exponential"]),
    ("2^(3*x)", ["exponential", "chain", "constant multiple", "identity"]),
    ("x^x", ["general power"]),
    ("sin(x^2)", ["sin", "chain", "power"]),
    ("x1^2*x2 + x1*x2^3", ["sum", "constant multiple", "power", "identity"]),
    ("abs(x)", ["abs"]),
    ("x if x > 0 else x^2", ["piecewise", "identity", "power"]),
    ("sum(x^i, i=1..3)", ["sum", "power"]),
]


@pytest.mark.parametrize(("formula", "expected"), CASES, ids=[formula for formula, _ in CASES])
def test_rules_in_order_of_first_use(formula: str, expected: list[str]) -> None:
    function = Function.parse(formula)
    found = rules(function.tree, [v.name for v in function.variables])
    assert list(found) == expected


def test_a_variable_held_fixed_is_a_constant() -> None:
    assert rules(Function.parse("x*sin(y)").tree, ["x"]) == ("constant multiple", "identity")


@pytest.mark.parametrize("name", [f.name for f in TABLE if f.name not in {"sum", "prod", "piecewise", "dot"}])
def test_every_function_names_itself(name: str) -> None:
    function = next(f for f in TABLE if f.name == name)
    text = f"{name}(x)" if function.least == 1 else f"{name}(3, x)" if name == "polygamma" else f"{name}(x, 3)"
    assert name in rules(Function.parse(text).tree, ["x"])
