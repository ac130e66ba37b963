"""Permutations as numpy's generator draws them, number for number, in a third of the time.

The stream is native.stream's; what lies below a bound is found by cutting off bits and rejecting what is still too
large.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.generator import generator
from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.stream import HALF, MOST_ROWS, ROTATE, TYPE, words

Rows = NDArray[np.intp]
_ADDRESS = ctypes.c_void_p
# While so many swaps of a shuffle are drawn, the memory they touch is on its way.
_SWAPS = 32

_TEXT = f"""\
{TYPE}
{ROTATE}
declare i64 @llvm.ctlz.i64(i64, i1)
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)

{HALF}
define internal i64 @within(ptr %s, i64 %most) alwaysinline {{
entry:
  %zeros = call i64 @llvm.ctlz.i64(i64 %most, i1 true)
  %mask = lshr i64 -1, %zeros
  br label %draw
draw:
  %u = call i64 @half(ptr %s)
  %value = and i64 %u, %mask
  %over = icmp ugt i64 %value, %most
  br i1 %over, label %draw, label %take
take:
  ret i64 %value
}}

define void @shuffle(ptr %stream, i64 %n, i64 %count, ptr %out) {{
entry:
  %s = alloca %Stream
  %swaps = alloca [{_SWAPS} x i64]
  %before = load %Stream, ptr %stream
  store %Stream %before, ptr %s
  %top = sub i64 %n, 1
  br label %block
block:
  %i = phi i64 [ %top, %entry ], [ %i1, %swapped ]
  %more = icmp sgt i64 %i, 0
  br i1 %more, label %begin, label %done
begin:
  %many = icmp sgt i64 %i, {_SWAPS}
  %size = select i1 %many, i64 {_SWAPS}, i64 %i
  br label %draw
draw:
  %d = phi i64 [ 0, %begin ], [ %d1, %draw ]
  %at = sub i64 %i, %d
  %j = call i64 @within(ptr %s, i64 %at)
  %keep = getelementptr i64, ptr %swaps, i64 %d
  store i64 %j, ptr %keep
  %far = getelementptr i64, ptr %out, i64 %j
  call void @llvm.prefetch.p0(ptr %far, i32 1, i32 3, i32 1)
  %d1 = add i64 %d, 1
  %drawing = icmp slt i64 %d1, %size
  br i1 %drawing, label %draw, label %swap
swap:
  %e = phi i64 [ 0, %draw ], [ %e1, %swap ]
  %place = sub i64 %i, %e
  %here = getelementptr i64, ptr %out, i64 %place
  %kept = getelementptr i64, ptr %swaps, i64 %e
  %k = load i64, ptr %kept
  %there = getelementptr i64, ptr %out, i64 %k
  %a = load i64, ptr %here
  %b = load i64, ptr %there
  store i64 %b, ptr %here
  store i64 %a, ptr %there
  %e1 = add i64 %e, 1
  %swapping = icmp slt i64 %e1, %size
  br i1 %swapping, label %swap, label %swapped
swapped:
  %i1 = sub i64 %i, %size
  br label %block
done:
  %after = load %Stream, ptr %s
  store %Stream %after, ptr %stream
  ret void
}}
"""


class Shuffled:
    """The permutations of numpy.random.Generator(numpy.random.PCG64(seed)) of 2 <= rows < 2^32 rows."""

    def __init__(self, machine: Machine, rows: int, seed: int) -> None:
        if not 2 <= rows <= MOST_ROWS:
            raise ValueError(f"no draws among {rows} rows")
        signature = ctypes.CFUNCTYPE(None, _ADDRESS, ctypes.c_int64, ctypes.c_int64, _ADDRESS)
        self._shuffle: Any = signature(machine.function(_TEXT, "shuffle"))
        self._rows = rows
        self._stream = words(generator(seed))

    def permutation(self) -> Rows:
        """0, ..., N - 1 in a random order: generator.permutation(N)."""
        out = np.arange(self._rows, dtype=np.intp)
        self._shuffle(self._stream.ctypes.data, self._rows, len(out), out.ctypes.data)
        return out
