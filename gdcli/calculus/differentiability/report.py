"""From a parsed formula to the report on its differentiability. Runs in the worker process, as `calculus.report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import DecayRow, PointReport, Quantity, SlopeAt, Written
from gdcli.results.differentiable import DifferentiabilityReport, Finding, PowerBound, WitnessPath

if TYPE_CHECKING:
    from gdcli.calculus.differentiability.proof import Bound
    from gdcli.calculus.differentiability.verdict import Finding as Found
    from gdcli.calculus.differentiability.verdict import Partial, Verdict
    from gdcli.calculus.differentiability.witness import Witness
    from gdcli.calculus.function import Function

INCREMENT = "f(x0 + h) - f(x0)"


@deep()
def differentiability_report(
    formula: Formula, at: Mapping[str, Formula], value: Formula | None
) -> DifferentiabilityReport:
    """Whether f is continuous, has its partials and is differentiable at `at`, where f is `value` if that is given.

    Raises DomainError where f is not defined there, UsageError where it is and a value is given all the same.
    """
    from gdcli.calculus.differentiability import words
    from gdcli.calculus.differentiability.given import completed
    from gdcli.calculus.differentiability.verdict import decide
    from gdcli.calculus.exact import NoValueError
    from gdcli.calculus.function import Function
    from gdcli.language.build import build_point

    if not formula.variables:
        raise DomainError("f is a constant: there is no direction to go in", hint="name its variables: --vars x")
    place = {variable.name: number for variable, number in build_point(at).items()}
    typed = Function.of(formula)
    function = typed if value is None else completed(formula, at, value, place)
    try:
        verdict = decide(function, place)
    except NoValueError as error:
        raise NoValueError(
            error.message, hint="give f there with --value V, or choose a point inside its domain"
        ) from error
    names, start = formula.variables, tuple(place[name] for name in formula.variables)
    directions, rows = _table(function, place, verdict)
    return DifferentiabilityReport(
        expression=_written(typed.expr),
        variables=tuple(names),
        point=_point(place, verdict),
        given=value is not None,
        continuous=_finding(verdict.continuous, words.continuity(verdict, names, start), INCREMENT, names, start),
        partials_exist=_finding(verdict.partials_exist, words.existence(verdict), "r(h)", names, start),
        differentiable=_finding(
            verdict.differentiable, words.differentiability(verdict, names, start), "r(h)", names, start
        ),
        symbols={v.name: _written(v).latex for v in function.variables},
        directions=directions,
        decay=rows,
        decay_of="r(h)" if verdict.gradient is not None else INCREMENT,
        warnings=tuple(formula.notes),
    )


def _point(place: Mapping[str, Any], verdict: Verdict) -> PointReport:
    from gdcli.calculus.report import quantity

    slopes = tuple(_slope(name, partial) for name, partial in zip(place, verdict.partials, strict=True))
    return PointReport({n: quantity(x) for n, x in place.items()}, quantity(verdict.local.value), slopes, None, None)


def _slope(name: str, partial: Partial) -> SlopeAt:
    from gdcli.calculus.differentiability import words
    from gdcli.calculus.report import quantity
    from gdcli.calculus.words import side as side_words

    slope = partial.slope
    if slope.kind == "value":
        return SlopeAt(name, "value", quantity(slope.value), None, None)
    left, right = (Quantity(None, None, side_words(side)) if side else None for side in (slope.left, slope.right))
    return SlopeAt(name, slope.kind, Quantity(None, None, words.slope(partial)), left, right)


def _finding(found: Found, reasons: tuple[str, ...], of: str, names: Sequence[str], start: Sequence[Any]) -> Finding:
    bound = None if found.bound is None else _bound(of, found.bound)
    witness = None if found.witness is None else _witness(found.witness, names, start)
    return Finding(found.answer, found.how, reasons, bound, witness)


def _bound(of: str, bound: Bound) -> PowerBound:
    from gdcli.calculus.differentiability.rounding import decimal_up

    return PowerBound(of, decimal_up(bound.constant), str(bound.order), float(bound.radius))


def _witness(witness: Witness, names: Sequence[str], start: Sequence[Any]) -> WitnessPath:
    steps = zip(names, start, witness.path.steps(), strict=True)
    path = {name: _written(a + step) for name, a, step in steps}
    wave = witness.wave
    limit, expected, ratio = (
        None if number is None else _limit(number) for number in (witness.found, witness.expected, witness.ratio)
    )
    return WitnessPath(
        path,
        witness.kind,
        limit,
        expected,
        ratio,
        angle=None if wave is None else _written(wave.angle),
        phases=() if wave is None else (_written(wave.first[0]), _written(wave.second[0])),
        limits=() if wave is None else (_limit(wave.first[1]), _limit(wave.second[1])),
    )


def _limit(number: Any) -> Quantity:
    from gdcli.calculus.differentiability import words
    from gdcli.calculus.report import quantity

    return quantity(number) if number.is_finite else Quantity(None, None, words.number(number))


def _table(
    function: Function, place: Mapping[str, Any], verdict: Verdict
) -> tuple[tuple[tuple[float, ...], ...], tuple[DecayRow, ...]]:
    """The numbers that stand where nothing was decided."""
    import sympy

    from gdcli.calculus.definition import Local, Slope
    from gdcli.calculus.linearization import Linearization

    if verdict.differentiable.answer != "undecided":
        return (), ()
    gradient = verdict.gradient or (sympy.S.Zero,) * len(place)
    slopes = tuple(Slope("value", g) for g in gradient)
    decay = Linearization(function, place, Local(verdict.local.value, slopes, False)).decay()
    rows = [
        DecayRow(float(t), tuple(None if ratio is None else float(ratio) for ratio in row))
        for t, row in zip(decay.steps, decay.ratios, strict=True)
    ]
    return tuple(tuple(map(float, direction)) for direction in decay.directions), tuple(rows)


def _written(expr: Any) -> Written:
    from gdcli.language.latex import latex
    from gdcli.language.text import text

    return Written(text(expr), latex(expr))
