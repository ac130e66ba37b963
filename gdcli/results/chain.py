"""What gdcli chain emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes, Quantity, Written, _exact
from gdcli.results.result import Numeric


@dataclass(frozen=True, slots=True)
class ComponentReport:
    """One component of a map at a point: its formula, its value, its linear part, its remainder and its order."""

    json_changes: ClassVar[Changes] = {
        "expression": "str",
        "value": "float | None",
        "exact": {"value": "str | None"},
        "tangent": "str",
        "remainder": "str",
    }

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

    json_changes: ClassVar[Changes] = {
        "formulas": "tuple[tuple[str, ...], ...]",
        "at": "tuple[tuple[float | None, ...], ...]",
        "exact": "tuple[tuple[str | None, ...], ...]",
    }

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

    json_changes: ClassVar[Changes] = {
        "operation": "str | None",
        "value": "float | None",
        "incoming": "str",
        "adjoint": "float | None",
        "exact": {"value": "str | None", "adjoint": "str | None"},
    }

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
class ChainReport(Numeric):
    """g o f at a point: both maps, their Jacobians, the product, the composed linear part and its remainder.

    `direct` is the gradient of each substituted formula, `agreement` how far it is known to be the chain rule's.
    """

    command: ClassVar[str] = "chain"
    json_changes: ClassVar[Changes] = {
        "at": "Mapping[str, float | None]",
        "exact": {"at": "Mapping[str, str | None]"},
        "jacobians": {
            "inner": "MatrixReport",
            "outer": "MatrixReport",
            "product": {
                "at": "tuple[tuple[float | None, ...], ...]",
                "exact": "tuple[tuple[str | None, ...], ...]",
            },
        },
        "inner_jacobian": "",
        "outer_jacobian": "",
        "product": "",
        "direct": "tuple[tuple[str, ...], ...]",
        "tape": "tuple[TapeReport, ...]",
        "tapes": "",
        "symbols": "",
    }

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

    def numbers(self) -> list[list[float | None]]:
        """D(g o f) at the point (m, d)."""
        return [[entry.value for entry in row] for row in self.product]

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
