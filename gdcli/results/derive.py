"""What gdcli derive emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, DerivativeStep, PointReport, Quantity, Written
from gdcli.results.result import Result


@dataclass(frozen=True, slots=True)
class ClassicLimit:
    """A limit that everybody knows, as a quotient takes it: `quotient` -> `limit`."""

    quotient: Written
    limit: Written


@dataclass(frozen=True, slots=True)
class DifferenceQuotient:
    """(f(x0 + h) - f(x0))/h for h on one side of 0, or on `side` "both", cancelled and taken to its limit.

    `moved` is f(x0 + h) on this side where it reads other than as typed, `difference` what is left of it without f(x0),
    `increments` the letters in `quotient`, `how` the reason for `limit`.
    """

    side: str
    moved: Written | None
    difference: Written | None
    quotient: Written | None
    increments: Mapping[str, Written]
    identities: tuple[str, ...]
    limits: tuple[ClassicLimit, ...]
    limit: Quantity
    how: str


@dataclass(frozen=True, slots=True)
class QuotientRow:
    """The quotients at `h` and at -`h`; None where f is not defined there."""

    h: float
    right: float | None
    left: float | None


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivative from its definition, along the axis of `variable`, in the step `h`.

    `start` is f(x0), `moved` is f(x0 + h) with the formula as typed; `place` and `place_moved` are x0 and x0 + h.
    `slope` is the common limit, `left` and `right` the one-sided ones; `check` says how the gradient confirms it.
    """

    variable: str
    h: Written
    place: Written
    place_moved: Written
    start: Written
    moved: Written
    quotients: tuple[DifferenceQuotient, ...]
    left: Quantity
    right: Quantity
    kind: str
    slope: Quantity
    table: tuple[QuotientRow, ...]
    check: str


@dataclass(frozen=True, slots=True)
class DeriveReport(Result):
    """Each partial derivative from its definition, at a point or at a general one (`point` None).

    `symbols` holds the LaTeX of each variable; `steps` the rules one by one for each variable, if asked for.
    """

    command: ClassVar[str] = "derive"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "partials": "Mapping[str, str]",
        "derivations": "Mapping[str, Derivation]",
        "point": "*?PointReport",
        "steps?": "Mapping[str, tuple[DerivativeStep, ...]]",
        "latex": {"expression": "str", "partials": "Mapping[str, str]"},
        "symbols": "",
    }

    expression: Written
    variables: tuple[str, ...]
    symbols: Mapping[str, str]
    partials: Mapping[str, Written]
    derivations: tuple[Derivation, ...]
    point: PointReport | None
    steps: Mapping[str, tuple[DerivativeStep, ...]] | None
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """The document of INTERFACE: the partials, the numbers at the point, and how each limit was taken."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            "partials": {name: partial.text for name, partial in self.partials.items()},
            **(self.point.as_json() if self.point else {}),
            "derivations": {derivation.variable: derivation for derivation in self.derivations},
            **({} if self.steps is None else {"steps": self.steps}),
            "latex": {
                "expression": self.expression.latex,
                "partials": {name: partial.latex for name, partial in self.partials.items()},
            },
            "warnings": self.warnings,
        }
