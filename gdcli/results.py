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
    """The constants of R on the optimised coordinates (THEORY: L, L_max, mu, kappa; None where none is known).

    `local`: phi'' is not known to be bounded, L_max is infinite, and L, if finite, holds on {R <= R(theta_0)}.
    """

    L: float
    L_max: float
    local: bool
    mu: float
    kappa: float | None
    kappa_raw: float | None
    rank: int
    sigma2: float | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Optimum:
    """R* and how it was found. `status`: "attained", "infimum" (approached, by no finite theta), "unproven", "local".

    "local": the risk is not known to be convex, `local_minimum` is the lowest one found, and `risk_optimum` is None.

    `newton_decrement` nu, `concordance` S and `omega` are the certificate: R(theta_hat) - R* <= omega; S is None where
    omega is a dual bound.
    """

    risk_optimum: float | None
    local_minimum: float | None
    status: str
    method: str
    reason: str
    newton_decrement: float | None
    concordance: float | None
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
    convexity: str | None
    signs: bool
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
    """One line of the log. `gap` lies in [gap_lower, gap_upper]; `bound` is what the theory promises at this step.

    `above_local` is R(theta) less the local minimum where no R* is claimed: `gap` is then not a number.
    """

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
    above_local: float | None = None


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
    risk_optimum: float | None
    above_local: float | None
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
    """An expression as plain text (which gdcli reads back) and as LaTeX; LaTeX is empty where it was not asked for."""

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

    `symbols` holds the LaTeX of each variable; `steps` the rules one by one for each variable, `code` the functions
    f and grad_f by language, if asked for. Where `partials` are long they refer to the names of `tape`, each of which
    stands for an expression in the names before it.
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
    code: Mapping[str, str] | None = None
    tape: Mapping[str, Written] | None = None

    def as_json(self) -> Mapping[str, object]:
        """The document of INTERFACE: expression, variables, partials, then the numbers at the point."""
        long = not self.expression.latex
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            **({} if self.tape is None else {"tape": {name: line.text for name, line in self.tape.items()}}),
            "partials": {name: partial.text for name, partial in self.partials.items()},
            **(self.point.as_json() if self.point else {}),
            "rules": self.rules,
            **({} if self.steps is None else {"steps": self.steps}),
            **({"latex": None, "latex_reason": "long: ask for --format latex"} if long else {"latex": self._latex()}),
            "warnings": self.warnings,
        }

    def _latex(self) -> Mapping[str, object]:
        partials = {name: partial.latex for name, partial in self.partials.items()}
        return {"expression": self.expression.latex, "partials": partials}


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
class DeriveReport:
    """Each partial derivative from its definition, at a point or at a general one (`point` None).

    `symbols` holds the LaTeX of each variable; `steps` the rules one by one for each variable, if asked for.
    """

    command: ClassVar[str] = "derive"

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


@dataclass(frozen=True, slots=True)
class DecayRow:
    """|r(h)|/||h|| at ||h|| = `h` along each direction; None where f is not defined there."""

    h: float
    ratios: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class RivalSlope:
    """Another slope c beside the best: |f(x0 + h) - f(x0) - c^T h|/||h|| -> `limit` = ||c - grad f(x0)||.

    `errors` stand at the steps of the decay table, the larger of the two along +-(c - grad f(x0)), where it is
    largest in the limit; None where f is not defined.
    """

    slope: tuple[Quantity, ...]
    limit: Quantity
    errors: tuple[float | None, ...]

    def as_json(self) -> Mapping[str, object]:
        """The slope, the limit, both exactly too, and the errors."""
        exact = {"slope": [_exact(c) for c in self.slope], "limit": _exact(self.limit)}
        values = [c.value for c in self.slope]
        return {"slope": values, "limit": self.limit.value, "exact": exact, "errors": self.errors}


@dataclass(frozen=True, slots=True)
class TangentReport:
    """f near a point: the tangent, the remainder r(h) it leaves, and how fast r(h)/||h|| decays.

    `differentiable` says whether r(h) = o(||h||) is proven ("yes"), refuted ("no") or "undecided", `reasons` why.
    `rivals` are the other slopes asked for; `symbols` holds the LaTeX of each variable and of each component of h.
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
    differentiable: str
    reasons: tuple[str, ...]
    rivals: tuple[RivalSlope, ...]
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


@dataclass(frozen=True, slots=True)
class PowerBound:
    """|`of`| <= `constant` ||h||^`order` for ||h|| <= `radius`; the constant is rounded up, the order an exact fraction."""

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
class DifferentiabilityReport:
    """Whether f is continuous, has all partials, and is differentiable at a point, each with its proof or witness.

    `given` says that f there is the user's --value. `decay` is filled where nothing was decided: |r(h)|/||h||, or
    |f(x0 + h) - f(x0)|/||h|| where there is no gradient (`decay_of`). `symbols` holds the LaTeX of each variable.
    """

    command: ClassVar[str] = "differentiable"

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

    point: PointReport
    hessian: tuple[tuple[Quantity, ...], ...] | None
    eigenvalues: tuple[int, int, int] | None
    definiteness: str | None
    taylor: Written | None
    type: str | None
    type_reason: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CurvatureReport:
    """The Hessian, second order at a point if one was given, and convexity, mu and L on a region.

    `hessian` holds the entries row by row; `arithmetic` says what the bounds rest on.
    """

    command: ClassVar[str] = "curvature"

    expression: Written
    variables: tuple[str, ...]
    hessian: tuple[tuple[Written, ...], ...]
    symbols: Mapping[str, str]
    point: CurvaturePoint | None
    convexity: Convexity
    arithmetic: str
    warnings: tuple[str, ...]

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


@dataclass(frozen=True, slots=True)
class MinimizeHead:
    """What is known before the first step of a descent on a formula.

    `verdict` is f's convexity on `region`; L and mu are proven there (None: unknown, mu = 0: not strongly convex);
    `eta_reason` says where the step size comes from.
    """

    command: ClassVar[str] = "minimize"

    expression: Written
    variables: tuple[str, ...]
    symbols: Mapping[str, str]
    start: Mapping[str, float]
    method: str
    update: str
    region: str
    verdict: str
    L: float | None
    mu: float
    schedule: str
    eta: float
    eta_reason: str
    steps: int
    gradient_target: float
    gap_target: float | None

    def columns(self) -> list[str]:
        """The names of a step's cells."""
        return ["step", "value", "gradient_norm", "eta", *self.variables]


@dataclass(frozen=True, slots=True)
class MinimizeStep:
    """One line of the log: f and |grad f| at x_t, and the step size that led there (at step 0 the first one)."""

    command: ClassVar[str] = "minimize"
    kind: ClassVar[str] = "step"

    step: int
    value: float
    gradient_norm: float
    eta: float
    x: Mapping[str, float]

    def cells(self) -> list[float]:
        """The numbers in the order of the head's columns."""
        return [self.step, self.value, self.gradient_norm, self.eta, *self.x.values()]


@dataclass(frozen=True, slots=True)
class Valley:
    """f on a grid for a picture: `values[j][i]` at the i-th x and the j-th y from below, None where f has no value.

    `x` and `y` are the ranges of the grid, `path` the places of the run.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    values: tuple[tuple[float | None, ...], ...]
    path: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MinimizeReport:
    """The end of a descent on a formula: x_T, f(x_T), |grad f(x_T)|, why it stopped, and the logged path.

    `gap_upper` = |grad f|^2/(2 mu) bounds f(x_T) - min f (over the region) where mu > 0; None elsewhere.
    """

    command: ClassVar[str] = "minimize"
    kind: ClassVar[str] = "run"

    head: MinimizeHead
    step: int
    value: float
    gradient_norm: float
    x: Mapping[str, float]
    gap_upper: float | None
    stopped: str
    reason: str
    advice: str | None
    path: tuple[MinimizeStep, ...]
    valley: Valley | None
    seconds: float
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """Flat: the head's keys stand beside the run's own; the picture is for people only."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__ if name not in ("expression", "symbols")}
        own = {name: getattr(self, name) for name in self.__slots__ if name not in ("head", "valley")}
        return {"expression": self.head.expression.text, **head, **own}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with one formula of many, under the keys of an error; `where` is its place in the formula."""

    kind: str
    message: str
    hint: str | None
    exit: int
    where: Mapping[str, str | int]

    def as_json(self) -> Mapping[str, object]:
        """Flat: the place stands beside the rest."""
        own = {name: getattr(self, name) for name in self.__slots__ if name != "where"}
        return {**own, **self.where}


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The gradient of the formula on one line of many, or why there is none."""

    command: ClassVar[str] = "grad"

    line: int
    report: GradientReport | None
    error: Failure | None

    @property
    def kind(self) -> str:
        """What the line of the answer is: "grad" or "error"."""
        return "grad" if self.error is None else "error"

    def as_json(self) -> Mapping[str, object]:
        """The number of the line, then the report's own document, or `error`."""
        return {"line": self.line, **(self.report.as_json() if self.report else {"error": self.error})}


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point at which a claimed partial is not the derivative: `truth` there, and `claim` (with a reason if none)."""

    at: Mapping[str, Quantity]
    truth: Quantity
    claim: Quantity

    def as_json(self) -> Mapping[str, object]:
        """Doubles, and the exact numbers beside them."""
        return {
            "at": {name: number.value for name, number in self.at.items()},
            "truth": self.truth.value,
            "claim": self.claim.value,
            **({} if self.claim.reason is None else {"claim_reason": self.claim.reason}),
            "exact": {
                "at": {name: _exact(number) for name, number in self.at.items()},
                "truth": _exact(self.truth),
                "claim": _exact(self.claim),
            },
        }


@dataclass(frozen=True, slots=True)
class CheckedPartial:
    """One claimed partial derivative. `how` is "proven", "digits" (equal at `points` points) or "counterexample".

    `notes` tell of single points at which the claim or the derivative is missing.
    """

    variable: str
    claim: Written
    truth: Written
    right: bool
    how: str
    points: int
    counterexample: Counterexample | None
    notes: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """The formulas as text."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return {**own, "claim": self.claim.text, "truth": self.truth.text}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Whether a claimed gradient is right, partial by partial. `symbols` holds the LaTeX of each variable."""

    command: ClassVar[str] = "check"

    expression: Written
    variables: tuple[str, ...]
    right: bool
    partials: tuple[CheckedPartial, ...]
    symbols: Mapping[str, str]
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """`right` for the whole claim, then each partial."""
        return {
            "expression": self.expression.text,
            "variables": self.variables,
            "right": self.right,
            "partials": {partial.variable: partial for partial in self.partials},
            "latex": {
                "expression": self.expression.latex,
                "partials": {partial.variable: partial.truth.latex for partial in self.partials},
            },
            "warnings": self.warnings,
        }


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """One claim of a file: its report, or why it could not be checked. `unit` is "line" or, in JSON, "item"."""

    command: ClassVar[str] = "check"
    kind: ClassVar[str] = "claim"

    file: str
    unit: str
    number: int
    report: CheckReport | None
    error: Failure | None

    @property
    def verdict(self) -> str:
        """ "right", "wrong" or "bad"."""
        return "bad" if self.report is None else "right" if self.report.right else "wrong"

    def as_json(self) -> Mapping[str, object]:
        """The place and the verdict, then the report's own document, or `error`."""
        place = {"file": self.file, self.unit: self.number, "verdict": self.verdict}
        return {**place, **(self.report.as_json() if self.report else {"error": self.error})}


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """The claims of a file counted; `answers` holds them all where one document is the whole output."""

    command: ClassVar[str] = "check"
    kind: ClassVar[str] = "summary"

    file: str
    claims: int
    right: int
    proven: int
    wrong: int
    bad: int
    answers: tuple[ClaimAnswer, ...] = ()

    def as_json(self) -> Mapping[str, object]:
        """The counts, after the answers where they are held."""
        own = {name: getattr(self, name) for name in self.__slots__ if name != "answers"}
        return {**({"answers": self.answers} if self.answers else {}), **own}


@dataclass(frozen=True, slots=True)
class ComponentReport:
    """One component of a map at a point: its formula, its value, its linear part, its remainder and its order."""

    name: str
    expression: Written
    value: Quantity
    tangent: Written
    remainder: Written
    order: float | None

    def as_json(self) -> Mapping[str, object]:
        """The component under the keys of `tangent`."""
        return {
            "name": self.name,
            "expression": self.expression.text,
            "value": self.value.value,
            "exact": {"value": _exact(self.value)},
            "tangent": self.tangent.text,
            "remainder": self.remainder.text,
            "order": self.order,
        }


@dataclass(frozen=True, slots=True)
class MatrixReport:
    """A Jacobian: a row a component, a column a variable; as formulas, and at the point."""

    formulas: tuple[tuple[Written, ...], ...]
    at: tuple[tuple[Quantity, ...], ...]

    def as_json(self) -> Mapping[str, object]:
        """Formulas, doubles and exact numbers."""
        return {"formulas": [[entry.text for entry in row] for row in self.formulas], **_numbers(self.at)}


def _numbers(matrix: tuple[tuple[Quantity, ...], ...]) -> Mapping[str, object]:
    return {
        "at": [[entry.value for entry in row] for row in matrix],
        "exact": [[_exact(entry) for entry in row] for row in matrix],
    }


@dataclass(frozen=True, slots=True)
class AbsorptionStep:
    """One line on how the composed remainder is o(||h||), and the rule of the o(.) calculus that gives it."""

    statement: str
    law: str | None


@dataclass(frozen=True, slots=True)
class TapeEntry:
    """v_number: an operation on earlier entries (None: a variable), its value, and its adjoint a = dg/dv.

    `incoming` is the adjoint as the sum of what the later entries send.
    """

    number: int
    names: tuple[str, ...]
    operation: Written | None
    value: Quantity
    incoming: Written
    adjoint: Quantity

    def as_json(self) -> Mapping[str, object]:
        """Plain values, the exact ones beside them."""
        return {
            "number": self.number,
            "names": self.names,
            "operation": None if self.operation is None else self.operation.text,
            "value": self.value.value,
            "incoming": self.incoming.text,
            "adjoint": self.adjoint.value,
            "exact": {"value": _exact(self.value), "adjoint": _exact(self.adjoint)},
        }


@dataclass(frozen=True, slots=True)
class TapeReport:
    """Reverse accumulation for one output: the entries in the order of computation, `output` the number of the last.

    `letter` and `adjoint` begin the names of the entries and of their adjoints.
    """

    name: str
    letter: str
    adjoint: str
    output: int
    entries: tuple[TapeEntry, ...]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """g o f at a point: both maps, their Jacobians, the product, the composed linear part and its remainder.

    `direct` is the gradient of each substituted formula, `agreement` how far it is known to be the chain rule's.
    """

    command: ClassVar[str] = "chain"

    variables: tuple[str, ...]
    at: Mapping[str, Quantity]
    inner: tuple[ComponentReport, ...]
    outer: tuple[ComponentReport, ...]
    inner_jacobian: MatrixReport
    outer_jacobian: MatrixReport
    product: tuple[tuple[Quantity, ...], ...]
    composed: tuple[ComponentReport, ...]
    steps: tuple[str, ...]
    outer_steps: tuple[str, ...]
    absorption: tuple[AbsorptionStep, ...]
    direct: tuple[tuple[Written, ...], ...]
    agreement: str
    symbols: Mapping[str, str]
    tapes: tuple[TapeReport, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """The maps, the Jacobians under `jacobians` {inner, outer, product}, the composition, the tapes."""
        return {
            "variables": self.variables,
            "at": {name: number.value for name, number in self.at.items()},
            "exact": {"at": {name: _exact(number) for name, number in self.at.items()}},
            "inner": self.inner,
            "outer": self.outer,
            "jacobians": {
                "inner": self.inner_jacobian,
                "outer": self.outer_jacobian,
                "product": _numbers(self.product),
            },
            "composed": self.composed,
            "steps": self.steps,
            "outer_steps": self.outer_steps,
            "absorption": self.absorption,
            "direct": [[entry.text for entry in row] for row in self.direct],
            "agreement": self.agreement,
            "tape": self.tapes,
            "warnings": self.warnings,
        }


@dataclass(frozen=True, slots=True)
class DirectionReport:
    """A direction: as given (None: not by the user), its length, its unit vector, the derivatives along it and back.

    `angle` is the one to the gradient in degrees (None without a gradient), `measured` the changes
    (f(x0 + eps u) - f(x0))/eps at the report's `epsilons`.
    """

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

    degrees: int
    slope: Quantity
    measured: tuple[float | None, ...]

    def as_json(self) -> Mapping[str, object]:
        """The angle, the slope (exactly too) and the measured changes."""
        exact = _exact(self.slope)
        return {"degrees": self.degrees, "slope": self.slope.value, "exact": exact, "measured": self.measured}


@dataclass(frozen=True, slots=True)
class SteepestReport:
    """Directions at a point. `differentiable` is "yes", "no" or "undecided", `reasons` say why.

    Where f is differentiable and grad f is not 0: `ascent`, the unit vector `descent`, a unit vector `level` tangent to
    the level set (None on the line) and the table of the cosine law; elsewhere None and empty. Where f is not proven
    differentiable `axes` holds the one-sided derivatives along the axes. `along` are the directions asked for.
    """

    command: ClassVar[str] = "steepest"

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
