"""The derivative from its definition at a general point: x0 is the variable itself."""

from __future__ import annotations

import sympy

from gdcli.calculus.agreement import agreement
from gdcli.calculus.difference.classic import STEP
from gdcli.calculus.difference.sides import cancelled, free_letters
from gdcli.calculus.difference.written import as_typed, both, number_or_form, quotient_of
from gdcli.calculus.function import Function
from gdcli.calculus.report import written
from gdcli.errors import UsageError
from gdcli.language import parse
from gdcli.language.text import text
from gdcli.results.derive import Derivation


def derivation(function: Function, variable: sympy.Symbol, partial: sympy.Expr) -> Derivation:
    """(f(x + h) - f(x))/h cancelled, and its limit; `partial`, found by the rules, must be equal to it.

    Raises UsageError where the quotient is beyond the identities at hand, and DisagreementError.
    """
    names = [v.name for v in function.variables]
    letters = free_letters(names)
    h = sympy.Symbol(STEP, real=True)
    g = function.expr.xreplace({variable: variable + h})
    found = cancelled(g, h, letters, function.expr)
    if found is None:
        raise UsageError(
            f"no identity known here cancels the difference quotient in {variable.name} at a general point",
            hint=f"give a point: --at {', '.join(f'{name}=1' for name in names)}",
        )
    equal = agreement(parse(text(found.limit)).tree, partial, names)
    typed = as_typed(function, {}, variable.name, letters[0])
    limit = number_or_form(partial)
    return Derivation(
        variable=variable.name,
        h=written(sympy.Symbol(letters[0])),
        place=typed.place,
        place_moved=typed.place_moved,
        start=both(function.tree),
        moved=typed.moved,
        quotients=(quotient_of("both", g, function.expr, h, found, number_or_form(found.limit), g),),
        left=limit,
        right=limit,
        kind="value",
        slope=limit,
        table=(),
        check=f"the gradient found by the rules is the same ({equal})",
    )
