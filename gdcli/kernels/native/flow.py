"""Loops and memory in LLVM text: what is kept in cells ends in registers, as the optimiser sees to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gdcli.kernels.native.emit import Emitter, lanes

# Of the memory of a function, in bytes: a line of the cache.
ALIGNED = 64


class Flow(Emitter):
    """An emitter for the body of one function from its entry on."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[str] = []

    def cell(self, kind: str) -> str:
        """The address of one value."""
        return self._room(kind)

    def numbers(self, count: int) -> str:
        """The address of `count` doubles."""
        return self._room(f"[{count} x double]")

    def _room(self, kind: str) -> str:
        name = self.name()
        self._kept.append(f"  {name} = alloca {kind}, align {ALIGNED}")
        return name

    @contextmanager
    def upto(self, end: str | int, start: str | int = 0, step: int = 1) -> Iterator[str]:
        """The body of a loop over start, start + step, ... below `end`."""
        name = self.name()
        before, test, body, again, done = (f"{name[1:]}.{part}" for part in ("before", "test", "body", "again", "done"))
        self.go_to(before)
        self.do(f"br label %{test}")
        self.do(f"{test}:")
        self.do(f"{name} = phi i64 [ {start}, %{before} ], [ {name}.next, %{again} ]")
        more = self.let(f"icmp slt i64 {name}, {end}")
        self.do(f"br i1 {more}, label %{body}, label %{done}")
        self.do(f"{body}:")
        yield name
        self.go_to(again)
        self.do(f"{name}.next = add i64 {name}, {step}")
        self.do(f"br label %{test}")
        self.do(f"{done}:")

    def go_to(self, label: str) -> None:
        """End a block; the next one begins here."""
        self.do(f"br label %{label}")
        self.do(f"{label}:")

    def whole(self, operation: str, a: str, b: str | int) -> str:
        """add, sub or mul of whole numbers."""
        return self.let(f"{operation} i64 {a}, {b}")

    def increase(self, kind: str, at: str, term: str, operation: str = "fadd") -> str:
        """Add to the value at an address; the sum."""
        value = self.op(operation, kind, self.load(kind, at), term)
        self.store(kind, value, at)
        return value

    def least(self, a: str, b: str) -> str:
        """The smaller of two whole numbers."""
        smaller = self.let(f"icmp slt i64 {a}, {b}")
        return self.let(f"select i1 {smaller}, i64 {a}, i64 {b}")

    def spread(self, kind: str, value: str, width: int) -> str:
        """One number of a kind in every lane."""
        vector = f"<{width} x {kind}>"
        one = self.let(f"insertelement {vector} poison, {kind} {value}, i32 0")
        return self.let(f"shufflevector {vector} {one}, {vector} poison, {lanes([0] * width)}")

    def text(self) -> str:
        """The entry's memory, then all lines."""
        return "\n".join([*self._kept, super().text()])
