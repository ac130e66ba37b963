"""Each partial derivative from the definition, as a report of plain Python. Runs in the worker process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.derive import DeriveReport

NO_VARIABLE = "f is a constant: its difference quotient is 0 everywhere"


@deep()
def derive_report(
    formula: Formula, at: Mapping[str, Formula] | None, wrt: Sequence[str] | None, stepwise: bool = False
) -> DeriveReport:
    """The partials in `wrt` (default: every variable) from their definition, at `at` or at a general point.

    Raises DomainError where f is not defined at the point, UsageError where a formula needs a point or the steps are
    too many.
    """
    from gdcli.calculus.definition import local
    from gdcli.calculus.difference.at_point import approached
    from gdcli.calculus.difference.general import derivation
    from gdcli.calculus.function import Function
    from gdcli.calculus.gradient import gradient
    from gdcli.calculus.report import point_report, written
    from gdcli.calculus.steps.report import derivative_steps
    from gdcli.language.build import build_point, symbol

    function = Function.of(formula)
    names = tuple(wrt) if wrt is not None else formula.variables
    if not names:
        raise DomainError(NO_VARIABLE, hint="give a formula with a variable")
    wanted = tuple(map(symbol, names))
    partials = dict(zip(names, gradient(function.expr, wanted), strict=True))
    point = None
    if at is None:
        derivations = tuple(derivation(function, variable, partials[variable.name]) for variable in wanted)
    else:
        place = {variable.name: number for variable, number in build_point(at).items()}
        found, derivations = approached(function, place, local(function, place, wanted), wanted)
        point = point_report(names, place, found)
    return DeriveReport(
        expression=written(function.expr),
        variables=tuple(formula.variables),
        symbols={v.name: written(v).latex for v in function.variables},
        partials={name: written(partial) for name, partial in partials.items()},
        derivations=derivations,
        point=point,
        steps=derivative_steps(formula, partials) if stepwise else None,
        warnings=tuple(formula.notes),
    )
