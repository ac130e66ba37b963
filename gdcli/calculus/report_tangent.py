"""From a parsed formula to the report on its tangent. Runs in the worker process: sympy is imported there alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gdcli.calculus.report import exact_place, point_report, quantity, written
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import DecayRow, Quantity
from gdcli.results.tangent import RivalSlope, TangentReport

if TYPE_CHECKING:
    from gdcli.calculus.linearization import Linearization

CAVEATS = {
    "no": "f is not differentiable at this point: the partial derivatives exist, but r(h)/||h|| does not go to 0, "
    "so no plane is tangent to f here",
    "undecided": "the partial derivatives exist here, but a piece of the formula is not smooth at this point: "
    "f is differentiable only if r(h)/||h|| goes to 0 in every direction",
}


@deep()
def tangent_report(
    formula: Formula, at: Mapping[str, Formula], slopes: Sequence[Mapping[str, Formula]] = ()
) -> TangentReport:
    """The tangent of f at `at`, the remainder and its decay, and beside it the errors of other `slopes`.

    Raises DomainError where f has no value or no gradient there.
    """
    from gdcli.calculus.affine import affine
    from gdcli.calculus.definition import local
    from gdcli.calculus.function import Function
    from gdcli.calculus.linearization import Linearization
    from gdcli.calculus.smallo import vanishing

    if not formula.variables:
        raise DomainError("f is a constant: there is nothing to approximate", hint="give a formula with a variable")
    function = Function.of(formula)
    place = exact_place(at)
    verdict = vanishing(function, place, local(function, place))
    linear = Linearization.of(function, place, verdict.found)
    terms = [(g, v, place[v.name]) for g, v in zip(linear.gradient, function.variables, strict=True)]
    decay = linear.decay()
    return TangentReport(
        expression=written(function.expr),
        variables=tuple(formula.variables),
        point=point_report(formula.variables, place, linear.local),
        tangent=affine(linear.value, terms),
        steps=tuple(step.name for step in linear.steps),
        symbols={v.name: written(v).latex for v in (*function.variables, *linear.steps)},
        remainder=written(linear.remainder),
        directions=tuple(tuple(map(float, direction)) for direction in decay.directions),
        decay=tuple(DecayRow(float(t), _doubles(row)) for t, row in zip(decay.steps, decay.ratios, strict=True)),
        order=decay.order,
        smooth=linear.local.smooth,
        differentiable=verdict.answer,
        reasons=verdict.reasons,
        rivals=tuple(_rival(linear, exact_place(slope), verdict.answer == "yes") for slope in slopes),
        caveat=CAVEATS.get(verdict.answer),
        warnings=tuple(formula.notes),
    )


def _rival(linear: Linearization, slope: Mapping[str, Any], proven: bool) -> RivalSlope:
    from gdcli.calculus.rivals import rival

    found = rival(linear, [slope[v.name] for v in linear.function.variables])
    limit = quantity(found.limit) if proven else Quantity(None, None, "f is not proven differentiable here")
    return RivalSlope(tuple(map(quantity, found.slope)), limit, _doubles(found.errors))


def _doubles(numbers: Sequence[Any]) -> tuple[float | None, ...]:
    return tuple(None if number is None else float(number) for number in numbers)
