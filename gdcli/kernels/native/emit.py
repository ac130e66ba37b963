"""LLVM's intermediate language as text: every operation of a straight piece of code gets a name of its own."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def double(width: int = 1) -> str:
    """The type of `width` doubles side by side; one of them is a plain double."""
    return "double" if width == 1 else f"<{width} x double>"


def truth(width: int = 1) -> str:
    """The type of `width` truth values."""
    return "i1" if width == 1 else f"<{width} x i1>"


def number(value: float, width: int = 1) -> str:
    """A constant, exact to the bit, in every lane."""
    bits = f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"
    return bits if width == 1 else f"<{', '.join([f'double {bits}'] * width)}>"


def lanes(values: Sequence[int]) -> str:
    """A constant vector of lane numbers for shufflevector."""
    return f"<{len(values)} x i32> <{', '.join(f'i32 {value}' for value in values)}>"


class Emitter:
    """Collects lines, and the declarations that they need."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.needed: set[str] = set()
        self._count = 0

    def name(self) -> str:
        """A name not used before."""
        self._count += 1
        return f"%v{self._count}"

    def let(self, operation: str) -> str:
        """Name the result of `operation`."""
        result = self.name()
        self.lines.append(f"  {result} = {operation}")
        return result

    def do(self, operation: str) -> None:
        """An operation without a result, or a label when it ends with a colon."""
        self.lines.append(operation if operation.endswith(":") else f"  {operation}")

    def op(self, operation: str, kind: str, *operands: str) -> str:
        """A floating-point operation such as fadd on operands of one type."""
        return self.let(f"{operation} {kind} {', '.join(operands)}")

    def call(self, function: str, kind: str, *operands: str) -> str:
        """A pure function of operands of one type; its declaration is noted as needed."""
        arguments = ", ".join(f"{kind} {operand}" for operand in operands)
        self.needed.add(f"declare {kind} @{function}({', '.join([kind] * len(operands))})")
        return self.let(f"call {kind} @{function}({arguments})")

    def element(self, pointer: str, index: str, kind: str = "double") -> str:
        """The address of pointer[index]."""
        return self.let(f"getelementptr {kind}, ptr {pointer}, i64 {index}")

    def load(self, kind: str, pointer: str, align: int = 8) -> str:
        """The value at an address that is a multiple of `align` bytes."""
        return self.let(f"load {kind}, ptr {pointer}, align {align}")

    def store(self, kind: str, value: str, pointer: str, align: int = 8) -> None:
        """Write a value."""
        self.do(f"store {kind} {value}, ptr {pointer}, align {align}")

    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)
