"""Where a loop finds the number of the row of each draw, as LLVM text: in an array, by numpy's generator, by counting.

The generator's stream is that of native.stream: AHEAD numbers of it wait in a ring, so that their rows can be asked for
while the steps before them are computed, and drawing one more hides behind the wait of a step for the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdcli.generator import generator
from gdcli.kernels.native.emit import Emitter
from gdcli.kernels.native.stream import PIECES, words

# Rows are asked for so many draws before they are needed: a random row comes from memory, not from a cache.
AHEAD = 32
LINE = 64
# A source of draws by the generator is its stream, N, the place of the next number in the ring, and the ring.
ROWS, PLACE, RING = 6, 7, 8
_BLOCK = 1 << 16
_PREFETCH = "llvm.prefetch.p0"


class Source(Protocol):
    """The numbers of the rows, one draw after the other, from the address that the loop is given as %source."""

    def pieces(self) -> tuple[str, ...]:
        """What the module must hold beside the loop."""

    def enter(self, emit: Emitter, rows: int) -> None:
        """Before the loop, in which a step draws so many rows and there are %steps of them."""

    def take(self, emit: Emitter, columns: int) -> str:
        """The number of the next row; where rows come from memory, one further on is asked for."""

    def leave(self, emit: Emitter) -> None:
        """After the loop: what the next call goes on from."""


class Given:
    """An array of as many numbers as are drawn."""

    def pieces(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def enter(self, emit: Emitter, rows: int) -> None:
        """Begin with the first."""
        emit.do(f"%draws = mul i64 %steps, {rows}")
        emit.do("%place = alloca i64")
        emit.do("store i64 0, ptr %place")

    def take(self, emit: Emitter, columns: int) -> str:
        """Ask for the row that is drawn AHEAD draws later, while there is one."""
        place = emit.let("load i64, ptr %place")
        emit.do(f"store i64 {emit.let(f'add i64 {place}, 1')}, ptr %place")
        later = emit.let(f"add i64 {place}, {AHEAD}")
        exists = emit.let(f"icmp slt i64 {later}, %draws")
        coming = self._number(emit, emit.let(f"select i1 {exists}, i64 {later}, i64 {place}"))
        _prefetch(emit, coming, columns)
        return self._number(emit, place)

    def leave(self, emit: Emitter) -> None:
        """Another call has its own array."""

    def _number(self, emit: Emitter, place: str) -> str:
        return emit.load("i64", emit.element("%source", place, "i64"))


class Uniform:
    """generator.integers(N), drawn here."""

    def pieces(self) -> tuple[str, ...]:
        """The generator."""
        return PIECES

    def enter(self, emit: Emitter, rows: int) -> None:
        """The state of the stream lives in registers."""
        emit.do("%stream = alloca %Stream")
        emit.do(f"store %Stream {emit.let('load %Stream, ptr %source')}, ptr %stream")
        emit.do("%place = alloca i64")
        emit.do(f"%placed = getelementptr i64, ptr %source, i64 {PLACE}")
        emit.do(f"store i64 {emit.load('i64', '%placed')}, ptr %place")
        emit.do(f"%ring = getelementptr i64, ptr %source, i64 {RING}")
        emit.do(f"%n = load i64, ptr {emit.element('%source', str(ROWS), 'i64')}")

    def take(self, emit: Emitter, columns: int) -> str:
        """The number that has waited longest; a new one takes its place."""
        place = emit.let("load i64, ptr %place")
        slot = emit.element("%ring", place, "i64")
        number = emit.load("i64", slot)
        coming = emit.let("call i64 @below(ptr %stream, i64 %n)")
        emit.store("i64", coming, slot)
        _prefetch(emit, coming, columns)
        later = emit.let(f"and i64 {emit.let(f'add i64 {place}, 1')}, {AHEAD - 1}")
        emit.do(f"store i64 {later}, ptr %place")
        return number

    def leave(self, emit: Emitter) -> None:
        """The stream and the place."""
        emit.do(f"store %Stream {emit.let('load %Stream, ptr %stream')}, ptr %source")
        emit.store("i64", emit.let("load i64, ptr %place"), "%placed")


class Order:
    """0, 1, ..., N - 1 and again: %source holds the next one and N. Processors see such rows coming by themselves."""

    def pieces(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def enter(self, emit: Emitter, rows: int) -> None:
        """The next row is counted in a register."""
        emit.do("%place = alloca i64")
        emit.do(f"store i64 {emit.load('i64', '%source')}, ptr %place")
        emit.do(f"%n = load i64, ptr {emit.element('%source', '1', 'i64')}")

    def take(self, emit: Emitter, columns: int) -> str:
        """One further, or the first after the last."""
        number = emit.let("load i64, ptr %place")
        later = emit.let(f"add i64 {number}, 1")
        ends = emit.let(f"icmp eq i64 {later}, %n")
        emit.do(f"store i64 {emit.let(f'select i1 {ends}, i64 0, i64 {later}')}, ptr %place")
        return number

    def leave(self, emit: Emitter) -> None:
        """The next row."""
        emit.store("i64", emit.let("load i64, ptr %place"), "%source")


def _prefetch(emit: Emitter, number: str, columns: int) -> None:
    """Ask for a row and its target, into the second cache: it takes twice as many lines at a time as the first."""
    row = emit.element("%X", emit.let(f"mul i64 {number}, {columns}"))
    width = 8 * columns
    inside = [emit.element(row, str(offset), "i8") for offset in [*range(0, width, LINE), width - 1]]
    emit.needed.add(f"declare void @{_PREFETCH}(ptr, i32, i32, i32)")
    for address in [*inside, emit.element("%y", number)]:
        emit.do(f"call void @{_PREFETCH}(ptr {address}, i32 0, i32 2, i32 1)")


def _uniform(rows: int, seed: int, skipped: int = 0) -> NDArray[Any]:
    drawn = generator(seed)
    for start in range(0, skipped, _BLOCK):
        # How many outputs a number takes is known only once it is drawn.
        drawn.integers(rows, size=min(_BLOCK, skipped - start), dtype=np.uint64)
    ring = drawn.integers(rows, size=AHEAD, dtype=np.uint64)
    return np.concatenate([words(drawn), np.array([rows, 0], dtype=np.uint64), ring])


def _order(rows: int, seed: int, skipped: int = 0) -> NDArray[Any]:
    return np.array([skipped % rows, rows])


# By the sampling: what the loop does, and what it is given at first for so many rows, a seed, and draws to leave out.
SOURCES: dict[str, Callable[[], Source]] = {"uniform": Uniform, "order": Order}
STARTS: dict[str, Callable[..., NDArray[Any]]] = {"uniform": _uniform, "order": _order}
