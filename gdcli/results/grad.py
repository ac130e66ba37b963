"""What gdcli grad emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from gdcli.results.common import Changes, DerivativeStep, Failure, PointReport, Written
from gdcli.results.result import Numeric


@dataclass(frozen=True, slots=True)
class GradientReport(Numeric):
    """The partial derivatives of a formula, the rules they took, and what they are at a point if one was given.

    `symbols` holds the LaTeX of each variable; `steps` the rules one by one for each variable, `code` the functions
    f and grad_f by language, if asked for. Where `partials` are long they refer to the names of `tape`, each of which
    stands for an expression in the names before it.
    """

    command: ClassVar[str] = "grad"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "tape?": "Mapping[str, str]",
        "partials": "Mapping[str, str]",
        "point": "*?PointReport",
        "steps?": "Mapping[str, tuple[DerivativeStep, ...]]",
        "latex": "Mapping[str, str | Mapping[str, str]] | None",
        "latex_reason?": "str",
        "symbols": "",
        "code": "",
    }

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

    def numbers(self) -> list[float | None]:
        """grad f at the point (d,). Raises ValueError where no point was given."""
        if self.point is None:
            raise ValueError("the gradient is a formula: give the point `at` which its numbers are wanted")
        return self.point.gradient

    def _latex(self) -> Mapping[str, object]:
        partials = {name: partial.latex for name, partial in self.partials.items()}
        return {"expression": self.expression.latex, "partials": partials}


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The gradient of the formula on one line of many, or why there is none."""

    command: ClassVar[str] = "grad"
    json_changes: ClassVar[Changes] = {"report": "*?GradientReport", "error?": "Failure"}

    line: int
    report: GradientReport | None
    error: Failure | None

    @property
    def kind(self) -> Literal["grad", "error"]:
        """What the line of the answer is: "grad" or "error"."""
        return "grad" if self.error is None else "error"

    def as_json(self) -> Mapping[str, object]:
        """The number of the line, then the report's own document, or `error`."""
        return {"line": self.line, **(self.report.as_json() if self.report else {"error": self.error})}
