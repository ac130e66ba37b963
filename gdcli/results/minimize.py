"""What gdcli minimize emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, Written
from gdcli.results.result import Numeric, Tabular


@dataclass(frozen=True, slots=True)
class MinimizeHead:
    """What is known before the first step of a descent on a formula.

    `verdict` is f's convexity on `region`; L and mu are proven there (None: unknown, mu = 0: not strongly convex);
    `eta_reason` says where the step size comes from; `eta` is the first one, None where the method finds it itself.
    """

    command: ClassVar[str] = "minimize"
    json_changes: ClassVar[Changes] = {"expression": "str", "symbols": ""}

    expression: Written
    variables: tuple[str, ...]
    symbols: Mapping[str, str]
    start: Mapping[str, float]
    method: str
    title: str
    update: str
    region: str
    verdict: str
    L: float | None
    mu: float
    schedule: str
    eta: float | None
    eta_reason: str
    steps: int
    gradient_target: float
    gap_target: float | None

    def columns(self) -> list[str]:
        """The names of a step's cells."""
        return ["step", "value", "gradient_norm", "eta", *self.variables]


@dataclass(frozen=True, slots=True)
class MinimizeStep:
    """One line of the log: f and |grad f| at x_t, and the step size that led there (at step 0 the first one,
    None where the method finds it itself)."""

    command: ClassVar[str] = "minimize"
    kind: ClassVar[str] = "step"

    step: int
    value: float
    gradient_norm: float
    eta: float | None
    x: Mapping[str, float]

    def as_json(self) -> Mapping[str, object]:
        """The fields; where there is no step size, with the reason."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return own if self.eta is not None else own | {"eta_reason": "found at every step"}

    def cells(self) -> list[float | None]:
        """The numbers in the order of the head's columns."""
        return [self.step, self.value, self.gradient_norm, self.eta, *self.x.values()]


@dataclass(frozen=True, slots=True)
class MinimizePlan:
    """What --dry-run emits: the head of the run, and the derivative that it would take at every step.

    Long `partials` refer to the names of `tape`, each of which stands for an expression in the names before it.
    """

    command: ClassVar[str] = "minimize"
    kind: ClassVar[str] = "plan"
    json_changes: ClassVar[Changes] = {"head": "*MinimizeHead", "dry_run": "Literal[True]"}

    head: MinimizeHead
    partials: Mapping[str, str]
    tape: Mapping[str, str]

    def as_json(self) -> Mapping[str, object]:
        """Flat, as a run's."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__ if name not in ("expression", "symbols")}
        eta = {} if self.head.eta is not None else {"eta_reason": "found at every step"}
        own = {"partials": self.partials, "tape": self.tape}
        return {"dry_run": True, "expression": self.head.expression.text, **head, **eta, **own}


@dataclass(frozen=True, slots=True)
class MinimizeReport(Numeric, Tabular):
    """The end of a descent on a formula: x_T, f(x_T), |grad f(x_T)|, why it stopped, and the logged path.

    `gap_upper` = |grad f|^2/(2 mu) bounds f(x_T) - min f (over the region) where mu > 0; None elsewhere.
    """

    command: ClassVar[str] = "minimize"
    kind: ClassVar[str] = "run"
    json_changes: ClassVar[Changes] = {"head": "*MinimizeHead"}

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
    seconds: float
    warnings: tuple[str, ...]

    def numbers(self) -> list[list[float]]:
        """The path (T, d): x at each logged step."""
        return [list(step.x.values()) for step in self.path]

    def table(self) -> dict[str, list[float | None]]:
        """The logged steps."""
        return {name: [step.cells()[j] for step in self.path] for j, name in enumerate(self.head.columns())}

    def as_json(self) -> Mapping[str, object]:
        """Flat: the head's keys stand beside the run's own."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__ if name not in ("expression", "symbols")}
        own = {name: getattr(self, name) for name in self.__slots__ if name != "head"}
        return {"expression": self.head.expression.text, **head, **own}
