"""From a parsed formula to the report on its directions. Runs in the worker process, as `calculus.report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gdcli.calculus.report import exact_place, point_report, quantity, written
from gdcli.errors import DomainError, UsageError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import Quantity
from gdcli.results.steepest import CosineRow, DirectionReport, SteepestReport

if TYPE_CHECKING:
    from gdcli.calculus.definition import Point, Side
    from gdcli.calculus.function import Function
    from gdcli.calculus.smallo import Vanishing
    from gdcli.calculus.steepest.directional import Direction, Vector


@deep()
def steepest_report(
    formula: Formula, at: Mapping[str, Formula], directions: Sequence[Mapping[str, Formula]] = ()
) -> SteepestReport:
    """Steepest ascent and descent of f at `at`, and the derivatives along `directions`.

    Raises DomainError where f has no value there, UsageError for a direction 0.
    """
    from gdcli.calculus.definition import local
    from gdcli.calculus.function import Function
    from gdcli.calculus.smallo import vanishing
    from gdcli.calculus.steepest.directional import EPSILONS

    if not formula.variables:
        raise DomainError("f is a constant: there is no direction to go in", hint="give a formula with a variable")
    function = Function.of(formula)
    place = exact_place(at)
    scene = _Scene(function, place, vanishing(function, place, local(function, place)))
    vectors = [tuple(exact_place(d)[name] for name in formula.variables) for d in directions]
    point = point_report(formula.variables, place, scene.verdict.found)
    return SteepestReport(
        expression=written(function.expr),
        variables=tuple(formula.variables),
        point=point if scene.proven else replace(point, steepest=None, norm=None),
        differentiable=scene.verdict.answer,
        reasons=scene.verdict.reasons,
        stationary=scene.stationary,
        ascent=scene.ascent(),
        descent=scene.descent(),
        level=scene.level(),
        epsilons=tuple(10.0**-k for k in EPSILONS),
        table=scene.table(),
        axes=scene.axes(),
        along=tuple(scene.direction(vector, given=True) for vector in vectors),
        symbols={v.name: written(v).latex for v in function.variables},
        warnings=tuple(formula.notes),
    )


@dataclass(frozen=True)
class _Scene:
    """f at the point with the verdict on it."""

    function: Function
    point: Point
    verdict: Vanishing

    @property
    def proven(self) -> bool:
        """Whether f is proven differentiable."""
        return self.verdict.answer == "yes"

    @property
    def gradient(self) -> Vector:
        """grad f, where f is proven differentiable."""
        return tuple(slope.value for slope in self.verdict.found.slopes)

    @cached_property
    def unit(self) -> Vector:
        """grad f/|grad f|."""
        from gdcli.calculus.steepest.directional import normalised

        return normalised(self.gradient)[0]

    @cached_property
    def stationary(self) -> bool:
        """Whether the gradient is 0."""
        from gdcli.calculus.exact import sign_of

        return self.proven and all(sign_of(g) == 0 for g in self.gradient)

    @property
    def steep(self) -> bool:
        """Whether there is a direction of steepest ascent."""
        return self.proven and not self.stationary

    def ascent(self) -> DirectionReport | None:
        """grad f/|grad f|, along which the slope is |grad f|: written as such, not as a scalar product."""
        from gdcli.calculus.steepest.directional import normalised

        if not self.steep:
            return None
        norm = normalised(self.gradient)[1]
        return replace(self.direction(self.gradient, given=False), slope=quantity(norm), opposite=quantity(-norm))

    def descent(self) -> tuple[Quantity, ...] | None:
        """-grad f/|grad f|."""
        return tuple(quantity(-u) for u in self.unit) if self.steep else None

    def level(self) -> tuple[Quantity, ...] | None:
        """A unit vector tangent to the level set."""
        from gdcli.calculus.steepest.cosine import orthogonal

        side = orthogonal(self.unit) if self.steep else None
        return None if side is None else tuple(map(quantity, side))

    def table(self) -> tuple[CosineRow, ...]:
        """The cosine law, where there is a gradient to turn away from."""
        from gdcli.calculus.steepest.cosine import table

        if not self.steep:
            return ()
        turns = table(self.function, self.point, self.verdict.found.value, self.gradient, self.unit)
        return tuple(CosineRow(turn.degrees, quantity(turn.promised), _doubles(turn.measured)) for turn in turns)

    def axes(self) -> tuple[DirectionReport, ...]:
        """The axes where f is not proven differentiable."""
        import sympy

        d = len(self.function.variables)
        if self.proven:
            return ()
        return tuple(self.direction(tuple(sympy.Integer(i == j) for j in range(d)), given=False) for i in range(d))

    def direction(self, vector: Vector, *, given: bool) -> DirectionReport:
        """One direction; UsageError where it is 0."""
        from gdcli.calculus.steepest.cosine import angle
        from gdcli.calculus.steepest.directional import along_ray, linear, normalised

        try:
            unit, length = normalised(vector)
        except ValueError as error:
            raise UsageError(f"--along: {error}", hint='give a vector that is not 0: "3,4"') from error
        value = self.verdict.found.value
        found = linear(self.gradient, unit) if self.proven else along_ray(self.function, self.point, value, unit)
        return DirectionReport(
            given=tuple(map(quantity, vector)) if given else None,
            length=quantity(length),
            unit=tuple(map(quantity, unit)),
            angle=quantity(angle(self.gradient, unit)) if self.steep else None,
            slope=_side(found.forward),
            opposite=_side(found.backward),
            measured=self._measured(found),
        )

    def _measured(self, found: Direction) -> tuple[float | None, ...]:
        import mpmath

        from gdcli.calculus.definition import to_mpf
        from gdcli.calculus.steepest.directional import DIGITS, measured

        with mpmath.workdps(DIGITS + 15):
            unit = [to_mpf(u) for u in found.unit]
        return _doubles(measured(self.function, self.point, self.verdict.found.value, unit))


def _side(limit: Side) -> Quantity:
    from gdcli.calculus.words import side

    return quantity(limit.value) if limit.kind == "value" else Quantity(None, None, side(limit))


def _doubles(numbers: Sequence[Any]) -> tuple[float | None, ...]:
    return tuple(None if number is None else float(number) for number in numbers)
