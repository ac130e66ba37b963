"""What gdcli steepest emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, PointReport, Quantity, Written, _exact
from gdcli.results.result import Numeric


@dataclass(frozen=True, slots=True)
class DirectionReport:
    """A direction: as given (None: not by the user), its length, its unit vector, the derivatives along it and back.

    `angle` is the one to the gradient in degrees (None without a gradient), `measured` the changes
    (f(x0 + eps u) - f(x0))/eps at the report's `epsilons`.
    """

    json_changes: ClassVar[Changes] = {
        "given": "tuple[float | None, ...] | None",
        "length": "float | None",
        "unit": "tuple[float | None, ...]",
        "angle": "float | None",
        "slope": "float | None",
        "opposite": "float | None",
        "exact": {
            "length": "str | None",
            "unit": "tuple[str | None, ...]",
            "slope": "str | None",
            "opposite": "str | None",
        },
    }

    given: tuple[Quantity, ...] | None
    length: Quantity
    unit: tuple[Quantity, ...]
    angle: Quantity | None
    slope: Quantity
    opposite: Quantity
    measured: tuple[float | None, ...]

    def as_json(self) -> Mapping[str, object]:
        """Doubles, with the exact numbers beside them and a reason for every missing one."""
        slopes = {"slope": self.slope, "opposite": self.opposite}
        return {
            "given": None if self.given is None else [entry.value for entry in self.given],
            "length": self.length.value,
            "unit": [entry.value for entry in self.unit],
            "angle": None if self.angle is None else self.angle.value,
            **{name: slope.value for name, slope in slopes.items()},
            **{f"{name}_reason": slope.reason for name, slope in slopes.items() if slope.reason is not None},
            "measured": self.measured,
            "exact": {
                "length": _exact(self.length),
                "unit": [_exact(entry) for entry in self.unit],
                **{name: _exact(slope) for name, slope in slopes.items()},
            },
        }


@dataclass(frozen=True, slots=True)
class CosineRow:
    """At `degrees` from the gradient: |grad f| cos(theta), and the changes measured."""

    json_changes: ClassVar[Changes] = {"slope": "float | None", "exact": "str | None"}

    degrees: int
    slope: Quantity
    measured: tuple[float | None, ...]

    def as_json(self) -> Mapping[str, object]:
        """The angle, the slope (exactly too) and the measured changes."""
        exact = _exact(self.slope)
        return {"degrees": self.degrees, "slope": self.slope.value, "exact": exact, "measured": self.measured}


@dataclass(frozen=True, slots=True)
class SteepestReport(Numeric):
    """Directions at a point. `differentiable` is "yes", "no" or "undecided", `reasons` say why.

    Where f is differentiable and grad f is not 0: `ascent`, the unit vector `descent`, a unit vector `level` tangent to
    the level set (None on the line) and the table of the cosine law; elsewhere None and empty. Where f is not proven
    differentiable `axes` holds the one-sided derivatives along the axes. `along` are the directions asked for.
    """

    command: ClassVar[str] = "steepest"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "point": "*PointReport",
        "norm": "float | None",
        "descent": "tuple[float | None, ...] | None",
        "level": "tuple[float | None, ...] | None",
        "cosine_law": "tuple[CosineRow, ...]",
        "table": "",
        "latex": {"expression": "str"},
        "symbols": "",
    }

    expression: Written
    variables: tuple[str, ...]
    point: PointReport
    differentiable: str
    reasons: tuple[str, ...]
    stationary: bool
    ascent: DirectionReport | None
    descent: tuple[Quantity, ...] | None
    level: tuple[Quantity, ...] | None
    epsilons: tuple[float, ...]
    table: tuple[CosineRow, ...]
    axes: tuple[DirectionReport, ...]
    along: tuple[DirectionReport, ...]
    symbols: Mapping[str, str]
    warnings: tuple[str, ...]

    def numbers(self) -> list[float | None]:
        """grad f at the point (d,), in the order of the variables."""
        return self.point.gradient

    def as_json(self) -> Mapping[str, object]:
        """The numbers at the point, then the directions."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            **self.point.as_json(),
            "norm": None if self.point.norm is None else self.point.norm.value,
            "differentiable": self.differentiable,
            "reasons": self.reasons,
            "stationary": self.stationary,
            "ascent": self.ascent,
            "descent": None if self.descent is None else [entry.value for entry in self.descent],
            "level": None if self.level is None else [entry.value for entry in self.level],
            "epsilons": self.epsilons,
            "cosine_law": self.table,
            "axes": self.axes,
            "along": self.along,
            "latex": {"expression": self.expression.latex},
            "warnings": self.warnings,
        }
