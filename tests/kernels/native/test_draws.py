"""Compiled draws are numpy's, number for number."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdcli.kernels.native.draws import Shuffled
from gdcli.kernels.native.emit import Emitter
from gdcli.kernels.native.engine import shuffled
from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.sources import AHEAD, SOURCES, STARTS
from gdcli.kernels.native.stream import MOST_ROWS

SIZES = (2, 3, 10, 255, 256, 257, 1000, 65_537, 2**31 - 1, 2**31, 2**31 + 1, 3 * 2**30, MOST_ROWS)
SEEDS = (0, 1, 12345, 2**63)
COUNTS = (1, 7, 4096, 4097, 3, AHEAD)


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def drawn(compiler: Machine, sampling: str, rows: int, seed: int) -> Callable[[int], Any]:
    """The next numbers of a source by a loop that only writes them down; what is asked for ahead is never read."""
    source, emit = SOURCES[sampling](), Emitter()
    source.enter(emit, 1)
    for line in ("br label %step", "step:", "%t = phi i64 [ 0, %entry ], [ %next, %step ]"):
        emit.do(line)
    emit.store("i64", source.take(emit, 1), emit.element("%out", "%t", "i64"))
    for line in (
        "%next = add i64 %t, 1",
        "%more = icmp slt i64 %next, %steps",
        "br i1 %more, label %step, label %done",
    ):
        emit.do(line)
    emit.do("done:")
    source.leave(emit)
    head = "define void @numbers(ptr %X, ptr %y, ptr %source, i64 %steps, ptr %out) {\nentry:"
    text = "\n".join([*source.pieces(), head, emit.text(), "  ret void\n}", *sorted(emit.needed), ""])
    kinds = [*[ctypes.c_void_p] * 3, ctypes.c_int64, ctypes.c_void_p]
    function = ctypes.CFUNCTYPE(None, *kinds)(compiler.function(text, "numbers"))
    state = STARTS[sampling](rows, seed)

    def take(count: int) -> Any:
        out = np.empty(count, dtype=np.intp)
        function(None, None, state.ctypes.data, count, out.ctypes.data)
        return out

    return take


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rows", SIZES)
def test_uniform_in_calls_of_odd_sizes(rows: int, seed: int, compiler: Machine) -> None:
    ours, numpys = drawn(compiler, "uniform", rows, seed), generator(seed)
    for count in COUNTS:
        assert np.array_equal(ours(count), numpys.integers(rows, size=(count, 1), dtype=np.intp).ravel())


@pytest.mark.parametrize("rows", [1, 2, 3, 1000, 65_537])
def test_in_order_pass_after_pass(rows: int, compiler: Machine) -> None:
    ours = drawn(compiler, "order", rows, 0)
    found = np.concatenate([ours(count) for count in COUNTS])
    assert np.array_equal(found, np.resize(np.arange(rows), len(found)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rows", [2, 3, 31, 32, 33, 64, 65, 1000, 65_537])
def test_one_permutation_after_the_other(rows: int, seed: int, compiler: Machine) -> None:
    ours, numpys = Shuffled(compiler, rows, seed), generator(seed)
    for _ in range(3):
        assert np.array_equal(ours.permutation(), numpys.permutation(rows))


@pytest.mark.parametrize("rows", [1, MOST_ROWS + 1])
def test_what_numpy_draws_in_another_way_is_left_to_it(rows: int, compiler: Machine) -> None:
    assert shuffled(rows, 0, compiler.store.directory) is None
    with pytest.raises(ValueError, match=f"no draws among {rows} rows"):
        Shuffled(compiler, rows, 0)
