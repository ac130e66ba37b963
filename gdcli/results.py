"""What the commands emit: frozen dataclasses of plain Python. Imports nothing of gdcli.

Field names are the JSON keys. A result's `command` names its renderer and the envelope it travels in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What was read: N rows, d features, the target, the hash of the bytes and the choices made."""

    data: str
    rows: int
    features: int
    target: str
    columns: tuple[str, ...]
    labels: tuple[str, ...] | None
    sha256: str
    standardised: bool
    intercept: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of R on the optimised coordinates (THEORY: L, L_max, mu, kappa; None where none is known)."""

    L: float
    L_max: float
    mu: float
    kappa: float | None
    kappa_raw: float | None
    rank: int
    sigma2: float | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Optimum:
    """R* and how it was found. `status` is "attained" or "infimum" (approached, by no finite theta).

    `newton_decrement` nu, `concordance` S and `omega` are the certificate: R(theta_hat) - R* <= omega.
    """

    risk_optimum: float
    status: str
    method: str
    reason: str
    newton_decrement: float
    concordance: float
    omega: float
    separated_rows: int


@dataclass(frozen=True, slots=True)
class RunHead:
    """Everything known before the first step."""

    command: ClassVar[str] = "descend"

    data: DataSummary
    loss: str
    loss_formula: str
    loss_derivative: str
    loss_second: str
    model: str
    l2: float
    method: str
    update: str
    sampling: str | None
    batch: int | None
    seed: int | None
    averaging: str | None
    schedule: str
    eta: float
    h: float
    steps: int
    gap_target: float
    constants: Constants
    optimum: Optimum


@dataclass(frozen=True, slots=True)
class StepReport:
    """One line of the log. `gap` lies in [gap_lower, gap_upper]; `bound` is what the theory promises at this step."""

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "step"

    step: int
    epoch: float
    risk: float
    gap: float
    gap_lower: float
    gap_upper: float
    bound: float | None
    gradient_norm: float
    eta: float
    seconds: float
    averaged_gap: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A theorem's promise for the gap after T steps: its name, its condition, whose gap, and bound/measured."""

    name: str
    condition: str
    of: str
    value: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Averaged:
    """The weighted average of SGD's iterates: its gap in [gap_lower, gap_upper], theta in the file's units."""

    gap: float
    gap_lower: float
    gap_upper: float
    theta: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunReport:
    """The end of a run: R(theta_T), R*, the certified gap, why it stopped, theta in the file's own units."""

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "run"

    head: RunHead
    step: int
    epoch: float
    row_gradients: int
    risk: float
    risk_optimum: float
    gap: float
    gap_lower: float
    gap_upper: float
    averaged: Averaged | None
    gradient_norm: float
    bounds: tuple[Bound, ...]
    stopped: str
    reason: str
    theta: Mapping[str, float]
    theta_optimised: Mapping[str, float]
    seconds: float
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """Flat: the head's keys (data, rows, loss, method, eta, ...) stand beside the run's own."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__}
        data = {name: getattr(self.head.data, name) for name in self.head.data.__slots__}
        own = {name: getattr(self, name) for name in self.__slots__ if name != "head"}
        return {**data, **{name: value for name, value in head.items() if name != "data"}, **own}


@dataclass(frozen=True, slots=True)
class ProblemSummary:
    """One bundled problem, as its card tells it."""

    command: ClassVar[str] = "problems"

    name: str
    title: str
    rows: int
    features: int
    loss: str
    target: str
    risk_optimum: float | None
    attained: bool
    shows: str
    origin: str
    licence: str
    file: str | None


@dataclass(frozen=True, slots=True)
class ProblemList:
    """The bundled problems."""

    command: ClassVar[str] = "problems"

    problems: tuple[ProblemSummary, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as plain text (which gdcli reads back) and as LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: exactly, and as the nearest double. Where one is missing, `reason` says why."""

    exact: Written | None
    value: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SlopeAt:
    """One partial derivative at a point. `kind` is "value", or "none", "infinite", "undecided" when there is no number.

    `left` and `right` are the one-sided limits of the difference quotient where they had to be taken.
    """

    variable: str
    kind: str
    slope: Quantity
    left: Quantity | None
    right: Quantity | None


@dataclass(frozen=True, slots=True)
class PointReport:
    """f at a point: the coordinates, f there, its partials, and the direction and slope of steepest ascent."""

    at: Mapping[str, Quantity]
    value: Quantity
    slopes: tuple[SlopeAt, ...]
    steepest: tuple[float, ...] | None
    norm: Quantity | None

    def as_json(self) -> Mapping[str, object]:
        """The numbers under the keys `at`, `value`, `gradient`, with `exact` beside them."""
        document: dict[str, object] = {
            "at": {name: number.value for name, number in self.at.items()},
            "value": self.value.value,
            "gradient": {slope.variable: slope.slope.value for slope in self.slopes},
            "exact": {
                "at": {name: _exact(number) for name, number in self.at.items()},
                "value": _exact(self.value),
                "gradient": {slope.variable: _exact(slope.slope) for slope in self.slopes},
            },
            "steepest": self.steepest,
        }
        reasons = {s.variable: s.slope.reason for s in self.slopes if s.slope.reason is not None}
        sides = {s.variable: {"left": s.left, "right": s.right} for s in self.slopes if s.left and s.kind != "value"}
        if self.value.reason is not None:
            document["value_reason"] = self.value.reason
        return document | ({"gradient_reason": reasons} if reasons else {}) | ({"one_sided": sides} if sides else {})


def _exact(number: Quantity) -> str | None:
    return None if number.exact is None else number.exact.text


@dataclass(frozen=True, slots=True)
class DerivativeStep:
    """One rule applied: `gives` is the derivative of `of`, by `law`, from the steps `uses` (counted from 1).

    The rule "simplification" is the last and no derivative: `gives` is another form of `of`, `law` how that is known.
    `depth` is how deep in the formula `of` stands, 0 for the formula itself.
    """

    rule: str
    law: str
    of: str
    gives: str
    latex: str
    depth: int
    uses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GradientReport:
    """The partial derivatives of a formula, the rules they took, and what they are at a point if one was given.

    `symbols` holds the LaTeX of each variable; `steps` the rules one by one for each variable, if asked for.
    """

    command: ClassVar[str] = "grad"

    expression: Written
    variables: tuple[str, ...]
    partials: Mapping[str, Written]
    symbols: Mapping[str, str]
    rules: tuple[str, ...]
    point: PointReport | None
    warnings: tuple[str, ...]
    steps: Mapping[str, tuple[DerivativeStep, ...]] | None = None

    def as_json(self) -> Mapping[str, object]:
        """The document of INTERFACE: expression, variables, partials, then the numbers at the point."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            "partials": {name: partial.text for name, partial in self.partials.items()},
            **(self.point.as_json() if self.point else {}),
            "rules": self.rules,
            **({} if self.steps is None else {"steps": self.steps}),
            "latex": {
                "expression": self.expression.latex,
                "partials": {name: partial.latex for name, partial in self.partials.items()},
            },
            "warnings": self.warnings,
        }


@dataclass(frozen=True, slots=True)
class DecayRow:
    """|r(h)|/||h|| at ||h|| = `h` along each direction; None where f is not defined there."""

    h: float
    ratios: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TangentReport:
    """f near a point: the tangent, the remainder r(h) it leaves, and how fast r(h)/||h|| decays.

    `symbols` holds the LaTeX of each variable and of each component of h.
    """

    command: ClassVar[str] = "tangent"

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
    caveat: str | None
    warnings: tuple[str, ...]

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
            "latex": {
                "expression": self.expression.latex,
                "tangent": self.tangent.latex,
                "remainder": self.remainder.latex,
            },
            "caveat": self.caveat,
            "warnings": self.warnings,
        }
