"""What gdcli tangent emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, DecayRow, PointReport, Quantity, Written, _exact
from gdcli.results.result import Numeric


@dataclass(frozen=True, slots=True)
class RivalSlope:
    """Another slope c beside the best: |f(x0 + h) - f(x0) - c^T h|/||h|| -> `limit` = ||c - grad f(x0)||.

    `errors` stand at the steps of the decay table, the larger of the two along +-(c - grad f(x0)), where it is
    largest in the limit; None where f is not defined.
    """

    json_changes: ClassVar[Changes] = {
        "slope": "tuple[float | None, ...]",
        "limit": "float | None",
        "exact": {"slope": "tuple[str | None, ...]", "limit": "str | None"},
    }

    slope: tuple[Quantity, ...]
    limit: Quantity
    errors: tuple[float | None, ...]

    def as_json(self) -> Mapping[str, object]:
        """The slope, the limit, both exactly too, and the errors."""
        exact = {"slope": [_exact(c) for c in self.slope], "limit": _exact(self.limit)}
        values = [c.value for c in self.slope]
        return {"slope": values, "limit": self.limit.value, "exact": exact, "errors": self.errors}


@dataclass(frozen=True, slots=True)
class TangentReport(Numeric):
    """f near a point: the tangent, the remainder r(h) it leaves, and how fast r(h)/||h|| decays.

    `differentiable` says whether r(h) = o(||h||) is proven ("yes"), refuted ("no") or "undecided", `reasons` why.
    `rivals` are the other slopes asked for; `symbols` holds the LaTeX of each variable and of each component of h.
    """

    command: ClassVar[str] = "tangent"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "point": "*PointReport",
        "tangent": "str",
        "remainder": "str",
        "slopes": "tuple[RivalSlope, ...]",
        "rivals": "",
        "latex": {"expression": "str", "tangent": "str", "remainder": "str"},
        "symbols": "",
    }

    expression: Written
    variables: tuple[str, ...]
    point: PointReport
    tangent: Written
    steps: tuple[str, ...]
    symbols: Mapping[str, str]
    remainder: Written
    directions: tuple[tuple[float, ...], ...]
    decay: tuple[DecayRow, ...]
    order: float | None
    smooth: bool
    differentiable: str
    reasons: tuple[str, ...]
    rivals: tuple[RivalSlope, ...]
    caveat: str | None
    warnings: tuple[str, ...]

    def numbers(self) -> list[float | None]:
        """grad f at the point (d,), in the order of the variables."""
        return self.point.gradient

    def as_json(self) -> Mapping[str, object]:
        """The document of INTERFACE: the numbers at the point, tangent, remainder in `steps`, decay, order."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            **self.point.as_json(),
            "tangent": self.tangent.text,
            "steps": self.steps,
            "remainder": self.remainder.text,
            "directions": self.directions,
            "decay": self.decay,
            "order": self.order,
            "smooth": self.smooth,
            "differentiable": self.differentiable,
            "reasons": self.reasons,
            "slopes": self.rivals,
            "latex": {
                "expression": self.expression.latex,
                "tangent": self.tangent.latex,
                "remainder": self.remainder.latex,
            },
            "caveat": self.caveat,
            "warnings": self.warnings,
        }
