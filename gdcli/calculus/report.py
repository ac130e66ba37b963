"""From a parsed formula to a report of plain Python. Runs in the worker process: sympy is imported there alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import DerivativeStep, PointReport, Quantity, SlopeAt, Written
from gdcli.results.grad import GradientReport

CANCELLED = 1000
"""Digits a constant may lose by cancellation before it counts as smaller than any double."""

if TYPE_CHECKING:
    from gdcli.calculus.definition import Local, Side, Slope
    from gdcli.calculus.function import Function


@deep()
def gradient_report(
    formula: Formula,
    at: Mapping[str, Formula] | None,
    wrt: Sequence[str] | None,
    stepwise: bool = False,
    language: str | None = None,
    expand: bool = False,
    with_latex: bool = False,
) -> GradientReport:
    """The partials in `wrt` (default: every variable), their values at `at`, and if `stepwise` the steps to them.

    With a `language` of `gdcli.calculus.code` also f and grad_f in it. Long partials refer to a tape unless `expand`,
    and are written in LaTeX only `with_latex`. Raises DomainError where f is not defined at the point, UsageError where
    the steps are too many.
    """
    from gdcli.calculus.function import Function
    from gdcli.calculus.gradient import gradient
    from gdcli.calculus.lengthy import pages
    from gdcli.calculus.steps.walk import rules
    from gdcli.language.build import symbol

    function = Function.of(formula)
    names = tuple(wrt) if wrt is not None else formula.variables
    wanted = [symbol(name) for name in names]
    partials = dict(zip(names, gradient(function.expr, wanted), strict=True))
    found = pages(partials, formula.variables, expand, with_latex)
    symbols = {v.name: written(v).latex for v in (*function.variables, *wanted, *map(symbol, found.tape or ()))}
    return GradientReport(
        expression=written(function.expr, with_latex or not found.long),
        variables=tuple(formula.variables),
        partials=found.partials,
        symbols=symbols,
        rules=rules(function.tree, names),
        point=None if at is None else _at_point(function, at, names),
        warnings=_notes(formula),
        steps=_steps(formula, partials) if stepwise else None,
        code=None if language is None else _code(language, function, partials),
        tape=found.tape,
    )


def _at_point(function: Function, at: Mapping[str, Formula], names: Sequence[str]) -> PointReport:
    from gdcli.calculus.definition import local
    from gdcli.language.build import symbol

    place = exact_place(at)
    return point_report(names, place, local(function, place, [symbol(name) for name in names]))


def _steps(formula: Formula, partials: Mapping[str, Any]) -> Mapping[str, tuple[DerivativeStep, ...]]:
    from gdcli.calculus.steps.report import derivative_steps

    return derivative_steps(formula, partials)


def _code(language: str, function: Function, partials: Mapping[str, Any]) -> Mapping[str, str]:
    from gdcli.calculus.code import source

    return {language: source(language, function, partials)}


def exact_place(at: Mapping[str, Formula]) -> dict[str, Any]:
    """The coordinates of a point as exact numbers, by name."""
    from gdcli.language.build import build_point

    return {variable.name: number for variable, number in build_point(at).items()}


def point_report(names: Sequence[str], place: Mapping[str, Any], found: Local) -> PointReport:
    """f at `place` with its slopes in the variables `names`, in plain numbers."""
    slopes = tuple(_slope(name, slope) for name, slope in zip(names, found.slopes, strict=True))
    steepest, norm = None, None
    if all(slope.kind == "value" for slope in found.slopes):
        steepest, norm = _steepest([slope.value for slope in found.slopes])
    coordinates = {name: quantity(number) for name, number in place.items()}
    return PointReport(coordinates, quantity(found.value), slopes, steepest, norm)


def _steepest(gradient: Sequence[Any]) -> tuple[tuple[float, ...] | None, Quantity]:
    """grad f / ||grad f|| (None where the gradient is 0) and ||grad f||."""
    import sympy

    norm = sympy.sqrt(sympy.Add(*(g**2 for g in gradient)))
    if norm == 0:
        return None, quantity(norm)
    return tuple(float((g / norm).evalf(20)) for g in gradient), quantity(norm)


def _slope(name: str, slope: Slope) -> SlopeAt:
    from gdcli.calculus.words import reason

    number = quantity(slope.value) if slope.kind == "value" else Quantity(None, None, reason(slope))
    left, right = (None if side is None else _side(side) for side in (slope.left, slope.right))
    return SlopeAt(name, slope.kind, number, left, right)


def _side(limit: Side) -> Quantity:
    from gdcli.calculus.words import side

    return quantity(limit.value) if limit.kind == "value" else Quantity(None, None, side(limit))


def _significant(number: Any) -> Any:
    """The number to 20 digits; 0 where it cancels to less than any double."""
    shown = number.evalf(20)
    if not (shown.is_Float and shown._prec == 1):
        return shown
    shown = number.evalf(20, maxn=CANCELLED)
    return 0 if shown.is_Float and shown._prec == 1 else shown


def quantity(number: Any) -> Quantity:
    """A real constant exactly and as a double; one that no double is near is told in the reason, with its size."""
    digits = _significant(number)
    double = float(digits)
    if double in (float("inf"), float("-inf")):
        return Quantity(written(number), None, f"about {digits.n(6)}: beyond the range of a double")
    if double == 0.0 and digits != 0:
        return Quantity(written(number), 0.0, f"about {digits.n(6)}: below the range of a double")
    return Quantity(written(number), double)


def written(expr: Any, with_latex: bool = True) -> Written:
    """An expression as text and, unless nobody reads it, as LaTeX."""
    from gdcli.calculus.lengthy import in_our_names
    from gdcli.language.latex import latex
    from gdcli.language.text import text

    return Written(text(in_our_names(expr)), latex(expr) if with_latex else "")


def _notes(formula: Formula) -> tuple[str, ...]:
    return tuple(formula.notes)
