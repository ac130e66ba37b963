"""What a loop needs of a model p = f(x; theta): a row, the prediction, and its gradient in theta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.emit import Emitter
from gdcli.kernels.native.lower import Lowering
from gdcli.kernels.native.rows import Rows, block


class Model(Protocol):
    """f over `columns` numbers a row and `parameters` of them in theta."""

    @property
    def columns(self) -> int:
        """d, the width of a row."""

    @property
    def parameters(self) -> int:
        """k, the length of theta."""

    def predict(self, emitter: Emitter, row: str, theta: list[str]) -> tuple[str, list[str]]:
        """p and grad p, given the address of a row and theta as a row of registers."""


@dataclass(frozen=True, slots=True)
class Linear:
    """p = x . theta."""

    parameters: int

    @property
    def columns(self) -> int:
        """As many as parameters."""
        return self.parameters

    def predict(self, emitter: Emitter, row: str, theta: list[str]) -> tuple[str, list[str]]:
        """x . theta and x."""
        rows = Rows(emitter, self.parameters)
        x = rows.load(row)
        return rows.dot(x, theta), x


@dataclass(frozen=True, slots=True)
class Field:
    """A formula: d0 of `slopes` takes the k parameters, then the d columns, and returns (f, df/dtheta_1, ...)."""

    slopes: Derived
    parameters: int
    columns: int

    def predict(self, emitter: Emitter, row: str, theta: list[str]) -> tuple[str, list[str]]:
        """f and grad f at one row."""
        rows = Rows(emitter, self.parameters)
        numbers = [
            emitter.let(f"extractelement {block(width)} {piece}, i32 {lane}")
            for piece, (_, width) in zip(theta, rows.pieces, strict=True)
            for lane in range(width)
        ]
        cells = [emitter.load("double", emitter.element(row, str(column))) for column in range(self.columns)]
        p, *slopes = Lowering(emitter).run(self.slopes, "d0", *numbers, *cells)
        return p, [packed(emitter, slopes[offset : offset + width]) for offset, width in rows.pieces]


def packed(emitter: Emitter, values: list[str]) -> str:
    """Numbers side by side."""
    kind, result = block(len(values)), "poison"
    for lane, value in enumerate(values):
        result = emitter.let(f"insertelement {kind} {result}, double {value}, i32 {lane}")
    return result
