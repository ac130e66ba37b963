"""f with a value given for a point at which its formula has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gdcli.errors import UsageError
from gdcli.language import Formula, tree


def with_value(formula: Formula, at: Mapping[str, Formula], value: Formula) -> Formula:
    """The formula everywhere but at the point, `value` there; as a piecewise over x1 != p1 or x2 != p2 ..."""
    span = formula.tree.span
    away = tuple(
        tree.Comparison(span, (tree.Variable(span, name), coordinate.tree), ("!=",)) for name, coordinate in at.items()
    )
    condition = away[0] if len(away) == 1 else tree.Junction(span, "or", away)
    return replace(formula, tree=tree.Piecewise(span, (formula.tree,), (condition,), value.tree))


def already_defined() -> UsageError:
    """What is raised where the formula has a value of its own."""
    return UsageError(
        "--value: the formula has a value of its own at this point",
        hint='leave --value out, or write the function as "A if x != 0 else B"',
    )
