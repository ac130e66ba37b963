"""What gdcli check emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, Failure, Quantity, Written, _exact
from gdcli.results.result import Result


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point at which a claimed partial is not the derivative: `truth` there, and `claim` (with a reason if none)."""

    json_changes: ClassVar[Changes] = {
        "at": "Mapping[str, float | None]",
        "truth": "float | None",
        "claim": "float | None",
        "exact": {"at": "Mapping[str, str | None]", "truth": "str | None", "claim": "str | None"},
    }

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

    json_changes: ClassVar[Changes] = {"claim": "str", "truth": "str"}

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
class CheckReport(Result):
    """Whether a claimed gradient is right, partial by partial. `symbols` holds the LaTeX of each variable."""

    command: ClassVar[str] = "check"
    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "partials": "Mapping[str, CheckedPartial]",
        "latex": {"expression": "str", "partials": "Mapping[str, str]"},
        "symbols": "",
    }

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
class ClaimsHead:
    """A file of claims before the first of them; `unit` is what is counted, "line" or "item"."""

    command: ClassVar[str] = "check"
    page: ClassVar[str] = "claims"

    file: str
    unit: str


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """One claim of a file: its report, or why it could not be checked. `unit` is "line" or, in JSON, "item"."""

    command: ClassVar[str] = "check"
    kind: ClassVar[str] = "claim"
    page: ClassVar[str] = "claims"
    json_changes: ClassVar[Changes] = {
        "line?": "int",
        "item?": "int",
        "verdict": "Literal['right', 'wrong', 'bad']",
        "unit": "",
        "number": "",
        "report": "*?CheckReport",
        "error?": "Failure",
    }

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
class CheckSummary(Result):
    """The claims of a file counted; `answers` holds them all where one document is the whole output."""

    command: ClassVar[str] = "check"
    kind: ClassVar[str] = "summary"
    page: ClassVar[str] = "claims"
    json_changes: ClassVar[Changes] = {"answers?": "tuple[ClaimAnswer, ...]"}

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
