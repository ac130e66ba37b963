"""What gdcli differentiable emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from gdcli.results.common import Changes, DecayRow, PointReport, Quantity, Written
from gdcli.results.result import Result


@dataclass(frozen=True, slots=True)
class PowerBound:
    """|`of`| <= `constant` ||h||^`order` for ||h|| <= `radius`; the constant is rounded up, the order is exact."""

    of: str
    constant: float
    order: str
    radius: float


@dataclass(frozen=True, slots=True)
class WitnessPath:
    """A path x(t) into the point, t -> 0+, and what f does on it.

    `kind`: "undefined" (f has no value on it), "value" (f -> `limit`, not `expected` = f(x0)), "slope" ((f - f(x0))/t
    -> `limit`, not `expected` = grad f . x'(0), and r(h)/||h|| -> `ratio`), "oscillates" (`angle` = `phases` + 2 pi n
    gives the two `limits`).
    """

    json_changes: ClassVar[Changes] = {
        "path": "Mapping[str, str]",
        "limit?": "str | None",
        "expected?": "str | None",
        "ratio?": "str | None",
        "angle?": "str",
        "phases?": "tuple[str, ...]",
        "limits?": "tuple[str | None, ...]",
    }

    path: Mapping[str, Written]
    kind: str
    limit: Quantity | None = None
    expected: Quantity | None = None
    ratio: Quantity | None = None
    angle: Written | None = None
    phases: tuple[Written, ...] = ()
    limits: tuple[Quantity, ...] = ()

    def as_json(self) -> Mapping[str, object]:
        """The path as formulas in t, and the limits that the kind calls for, exactly."""
        numbers = {"limit": self.limit, "expected": self.expected, "ratio": self.ratio}
        found = {name: _told(number) for name, number in numbers.items() if number is not None}
        wave = (
            {
                "angle": self.angle.text,
                "phases": [phase.text for phase in self.phases],
                "limits": [_told(number) for number in self.limits],
            }
            if self.angle
            else {}
        )
        return {"path": {name: place.text for name, place in self.path.items()}, "kind": self.kind, **found, **wave}


def _told(number: Quantity) -> str | None:
    return number.reason if number.exact is None else number.exact.text


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer ("yes", "no", "undecided"), what it rests on (`how`), and that in sentences."""

    answer: str
    how: str
    reasons: tuple[str, ...]
    bound: PowerBound | None = None
    witness: WitnessPath | None = None


@dataclass(frozen=True, slots=True)
class DifferentiabilityReport(Result):
    """Whether f is continuous, has all partials, and is differentiable at a point, each with its proof or witness.

    `given` says that f there is the user's --value. `decay` is filled where nothing was decided: |r(h)|/||h||, or
    |f(x0 + h) - f(x0)|/||h|| where there is no gradient (`decay_of`). `symbols` holds the LaTeX of each variable.
    """

    command: ClassVar[str] = "differentiable"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "verdict": "str",
        "point": "*PointReport",
        "value_given": "bool",
        "given": "",
        "latex": {"expression": "str"},
        "symbols": "",
    }

    expression: Written
    variables: tuple[str, ...]
    point: PointReport
    given: bool
    continuous: Finding
    partials_exist: Finding
    differentiable: Finding
    symbols: Mapping[str, str]
    directions: tuple[tuple[float, ...], ...]
    decay: tuple[DecayRow, ...]
    decay_of: str
    warnings: tuple[str, ...]

    @property
    def findings(self) -> Mapping[str, Finding]:
        """The three questions and what was found; the partials that are missing are reasons, too."""
        missing = tuple(f"df/d{s.variable}: {s.slope.reason}" for s in self.point.slopes if s.slope.reason is not None)
        partials = replace(self.partials_exist, reasons=(*missing, *self.partials_exist.reasons))
        return {
            "continuous": self.continuous,
            "partial derivatives": partials,
            "differentiable": self.differentiable,
        }

    def as_json(self) -> Mapping[str, object]:
        """The verdict, the numbers at the point, and the three findings."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            "verdict": self.differentiable.answer,
            **self.point.as_json(),
            "value_given": self.given,
            "continuous": self.continuous,
            "partials_exist": self.partials_exist,
            "differentiable": self.differentiable,
            "directions": self.directions,
            "decay": self.decay,
            "decay_of": self.decay_of,
            "latex": {"expression": self.expression.latex},
            "warnings": self.warnings,
        }
