"""A model f(x; theta) and its derivatives in theta as generated source; formulas of columns as one function.

Names of the user's never reach the source: parameters and columns become v0, v1, ... in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdcli.kernels.derived import Derived
from gdcli.language.budget import USUAL, Budget, within


@dataclass(frozen=True, slots=True)
class Parametric:
    """f, grad f and the Hessian of f in its parameters, each a Derived whose d0 takes (parameters, columns).

    `value` returns (f,); `slopes` (f, df/dtheta_1, ..., df/dtheta_k); `curved` the same, then one second derivative
    for each pair (i, j), i <= j, of `entries`: those that are not identically 0. `partials` are the texts of df/dtheta.
    """

    value: Derived
    slopes: Derived
    curved: Derived
    entries: tuple[tuple[int, int], ...]
    partials: tuple[str, ...]

    @property
    def affine(self) -> bool:
        """Whether f(x; theta) = f(x; 0) + sum_j theta_j df/dtheta_j(x)."""
        return not self.entries


def parametric(text: str, parameters: Sequence[str], columns: Sequence[str], *, budget: Budget = USUAL) -> Parametric:
    """The model of a formula over `parameters` and `columns`, derived under a deadline.

    Raises FormulaError for any other name in it, ExhaustedError beyond the budget.
    """

    return within(_derive, text, tuple(parameters), tuple(columns), budget=budget)


def together(texts: Sequence[str], columns: Sequence[str], *, budget: Budget = USUAL) -> Derived:
    """Formulas over `columns` as one function: d0(columns) returns their values."""

    return within(_derive_values, tuple(texts), tuple(columns), budget=budget)


def _derive(text: str, parameters: tuple[str, ...], columns: tuple[str, ...]) -> Parametric:
    """One reverse sweep for the gradient, one for each of its entries."""
    from gdcli.calculus.gradient import gradient
    from gdcli.kernels.source import joint
    from gdcli.language import parse
    from gdcli.language.build import build, symbol
    from gdcli.language.text import text as shown

    f = build(parse(text, variables=(*parameters, *columns)))
    places = [symbol(name) for name in parameters]
    slopes = gradient(f, places)
    seconds = {
        (i, j): entry
        for i, slope in enumerate(slopes)
        for j, entry in enumerate(gradient(slope, places[i:]), i)
        if entry != 0
    }
    names = (*parameters, *columns)
    expressions = (f, *slopes, *seconds.values())
    upto = (1, 1 + len(slopes), len(expressions))
    value, first, second = (joint(text, names, expressions[:stop]) for stop in upto)
    return Parametric(value, first, second, tuple(seconds), tuple(map(shown, slopes)))


def _derive_values(texts: tuple[str, ...], columns: tuple[str, ...]) -> Derived:
    from gdcli.kernels.source import joint
    from gdcli.language import parse
    from gdcli.language.build import build

    return joint(", ".join(texts), columns, [build(parse(text, variables=columns)) for text in texts])
