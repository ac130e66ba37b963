"""What gdcli curvature emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, PointReport, Quantity, Written, _exact
from gdcli.results.result import Numeric


@dataclass(frozen=True, slots=True)
class Bracket:
    """A number proven to lie in [lower, upper]; None for an end that is not bounded. `exact` where it is known."""

    lower: float | None
    upper: float | None
    exact: Written | None = None


@dataclass(frozen=True, slots=True)
class CurvatureWitness:
    """A place and a direction d (whole numbers) with d^T H d = `curvature`, exactly."""

    at: Mapping[str, Quantity]
    direction: tuple[int, ...]
    curvature: Quantity


@dataclass(frozen=True, slots=True)
class Convexity:
    """Whether f is convex on `region`, how that is known (`method`), and the curvature's bounds.

    `verdict` is affine, convex, concave, neither or undecided; `where` restricts f's domain within the region.
    `smallest` brackets inf lambda_min(H) and `largest` sup lambda_max(H) over the region, L the Lipschitz constant of
    grad f there; None where f is not known to be smooth on all of it. `eta` = 1/L, rounded down.
    """

    json_changes: ClassVar[Changes] = {"mu": "Bracket | None", "strong": "bool"}

    verdict: str
    strict: bool
    region: str
    bounded: bool
    where: tuple[str, ...]
    method: str
    reasons: tuple[str, ...]
    not_convex: CurvatureWitness | None
    not_concave: CurvatureWitness | None
    smallest: Bracket | None
    largest: Bracket | None
    L: Bracket | None
    eta: float | None
    eta_exact: Written | None

    @property
    def mu(self) -> Bracket | None:
        """The constant of strong convexity, where f is proven convex."""
        return self.smallest if self.verdict in ("convex", "affine") else None

    @property
    def strong(self) -> bool:
        """Whether mu > 0 is proven."""
        return self.mu is not None and self.mu.lower is not None and self.mu.lower > 0.0

    def as_json(self) -> Mapping[str, object]:
        """Everything, with mu and `strong` beside it."""
        return {name: getattr(self, name) for name in self.__slots__} | {"mu": self.mu, "strong": self.strong}


@dataclass(frozen=True, slots=True)
class CurvaturePoint:
    """Second order at a point. Where f is not smooth there `hessian` and `taylor` are None and `reason` says so.

    `eigenvalues` counts the positive, negative and zero ones; `type` is the kind of point, `type_reason` its proof.
    """

    json_changes: ClassVar[Changes] = {
        "point": "*PointReport",
        "hessian_at": "tuple[tuple[float | None, ...], ...] | None",
        "hessian_at_exact": "tuple[tuple[str | None, ...], ...]",
        "taylor": "str | None",
        "point_reason": "str | None",
        "hessian": "",
        "reason": "",
    }

    point: PointReport
    hessian: tuple[tuple[Quantity, ...], ...] | None
    eigenvalues: tuple[int, int, int] | None
    definiteness: str | None
    taylor: Written | None
    type: str | None
    type_reason: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CurvatureReport(Numeric):
    """The Hessian, second order at a point if one was given, and convexity, mu and L on a region.

    `hessian` holds the entries row by row; `arithmetic` says what the bounds rest on.
    """

    command: ClassVar[str] = "curvature"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "hessian": "tuple[tuple[str, ...], ...]",
        "point": "*?CurvaturePoint",
        "latex": {"expression": "str", "hessian": "tuple[tuple[str, ...], ...]", "taylor": "str | None"},
        "symbols": "",
    }

    expression: Written
    variables: tuple[str, ...]
    hessian: tuple[tuple[Written, ...], ...]
    symbols: Mapping[str, str]
    point: CurvaturePoint | None
    convexity: Convexity
    arithmetic: str
    warnings: tuple[str, ...]

    def numbers(self) -> list[list[float | None]]:
        """The Hessian at the point (d, d). Raises ValueError where no point was given, or f is not smooth there."""
        if self.point is None:
            raise ValueError("the Hessian is a formula: give the point `at` which its numbers are wanted")
        if self.point.hessian is None:
            raise ValueError(self.point.reason)
        return [[entry.value for entry in row] for row in self.point.hessian]

    def as_json(self) -> Mapping[str, object]:
        """The document of INTERFACE: hessian, the numbers at the point, then convexity with mu, L and eta."""
        document: dict[str, object] = {
            "expression": self.expression.text,
            "variables": self.variables,
            "hessian": [[entry.text for entry in row] for row in self.hessian],
        }
        if self.point is not None:
            document |= self.point.point.as_json()
            rows = self.point.hessian or ()
            document |= {
                "hessian_at": None if self.point.hessian is None else [[entry.value for entry in row] for row in rows],
                "hessian_at_exact": [[_exact(entry) for entry in row] for row in rows],
                "eigenvalues": self.point.eigenvalues,
                "definiteness": self.point.definiteness,
                "taylor": None if self.point.taylor is None else self.point.taylor.text,
                "type": self.point.type,
                "type_reason": self.point.type_reason,
                "point_reason": self.point.reason,
            }
        taylor = None if self.point is None or self.point.taylor is None else self.point.taylor.latex
        return {
            **document,
            "convexity": self.convexity,
            "arithmetic": self.arithmetic,
            "latex": {
                "expression": self.expression.latex,
                "hessian": [[entry.latex for entry in row] for row in self.hessian],
                "taylor": taylor,
            },
            "warnings": self.warnings,
        }
