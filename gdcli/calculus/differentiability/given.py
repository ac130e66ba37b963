"""f with a value given for a point at which its formula has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy

from gdcli.calculus.exact import Exact, NoValueError
from gdcli.calculus.function import Function
from gdcli.errors import UsageError
from gdcli.language import Formula, tree


def completed(formula: Formula, at: Mapping[str, Formula], value: Formula, place: Mapping[str, sympy.Expr]) -> Function:
    """f(x) for x != `at`, `value` at `at`: a piecewise over x1 != p1 or x2 != p2 ...

    Raises UsageError where the formula has a value of its own at the point.
    """
    try:
        own = Exact(place).value(Function.of(formula).tree)
    except NoValueError:
        return Function.of(_with_value(formula, at, value))
    raise UsageError(
        f"--value is for a point where the formula has no value, and here it is {own}",
        hint='leave --value out, or write the function as "A if x != 0 else B"',
    )


def _with_value(formula: Formula, at: Mapping[str, Formula], value: Formula) -> Formula:
    span = formula.tree.span
    away = tuple(
        tree.Comparison(span, (tree.Variable(span, name), coordinate.tree), ("!=",)) for name, coordinate in at.items()
    )
    condition = away[0] if len(away) == 1 else tree.Junction(span, "or", away)
    return replace(formula, tree=tree.Piecewise(span, (formula.tree,), (condition,), value.tree))
