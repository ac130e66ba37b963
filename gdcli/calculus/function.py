"""A function of several real variables: what every part of the calculus works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from gdcli.language import Formula, parse
from gdcli.language.build import build, symbol
from gdcli.language.series import expand
from gdcli.language.tree import Node, Variable, walk


@dataclass(frozen=True)
class Function:
    """f: R^d -> R: its expression, and its variables in the order of the coordinates.

    `tree` is the formula as it was typed, its sums written out (x/x, which sympy makes 1, is still x/x there); `source`
    its text. A variable may be absent from `expr`: its partial is 0.
    """

    expr: sympy.Expr
    variables: tuple[sympy.Symbol, ...]
    source: str
    tree: Node

    @classmethod
    def of(cls, formula: Formula) -> Function:
        """The function that a parsed formula denotes."""
        names = tuple(symbol(name) for name in formula.variables)
        return cls(build(formula), names, formula.source, expand(formula.tree, formula.source))

    @classmethod
    def parse(cls, text: str, variables: Sequence[str] | None = None) -> Function:
        """The function that `text` denotes, x2 before x10 unless `variables` gives another order.

        Raises FormulaError where `text` is not a formula.
        """
        return cls.of(parse(text, variables=variables))

    def tree_holds(self, name: str) -> bool:
        """Whether the formula as typed mentions the variable, also where `expr` has lost it (x/x)."""
        return any(isinstance(piece, Variable) and piece.name == name for piece, _ in walk(self.tree))
