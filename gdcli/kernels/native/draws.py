"""Row numbers as numpy's generator draws them, number for number, in a third of the time.

The stream is that of numpy.random.PCG64 (O'Neill, 2014: a 128-bit congruential state, the output rotated by its highest
bits), halved to 32-bit numbers; brought below a bound by Lemire's multiplication (2019) with its rejections, and for a
shuffle by cutting off bits and rejecting what is still too large.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.kernels.native.machine import Machine

Rows = NDArray[np.intp]
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MOST_ROWS = 2**32 - 1
_ADDRESS = ctypes.c_void_p
# While so many swaps of a shuffle are drawn, the memory they touch is on its way.
_SWAPS = 32

_TEXT = f"""\
; the state, the increment, whether half an output is left over, and that half
%Stream = type {{ i128, i128, i64, i64 }}

declare i64 @llvm.ctlz.i64(i64, i1)
declare i64 @llvm.fshr.i64(i64, i64, i64)
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)

define internal i64 @half(ptr %s) alwaysinline {{
  %hasp = getelementptr %Stream, ptr %s, i64 0, i32 2
  %restp = getelementptr %Stream, ptr %s, i64 0, i32 3
  %has = load i64, ptr %hasp
  %left = icmp ne i64 %has, 0
  br i1 %left, label %rest, label %step
rest:
  store i64 0, ptr %hasp
  %upper = load i64, ptr %restp
  ret i64 %upper
step:
  %incp = getelementptr %Stream, ptr %s, i64 0, i32 1
  %state = load i128, ptr %s
  %inc = load i128, ptr %incp
  %times = mul i128 %state, {MULTIPLIER}
  %next = add i128 %times, %inc
  store i128 %next, ptr %s
  %high128 = lshr i128 %next, 64
  %high = trunc i128 %high128 to i64
  %low = trunc i128 %next to i64
  %mixed = xor i64 %high, %low
  %turn = lshr i64 %high, 58
  %out = call i64 @llvm.fshr.i64(i64 %mixed, i64 %mixed, i64 %turn)
  %second = lshr i64 %out, 32
  store i64 %second, ptr %restp
  store i64 1, ptr %hasp
  %first = and i64 %out, 4294967295
  ret i64 %first
}}

define internal i64 @below(ptr %s, i64 %n) alwaysinline {{
entry:
  br label %draw
draw:
  %u = call i64 @half(ptr %s)
  %product = mul i64 %u, %n
  %rest = and i64 %product, 4294967295
  %near = icmp ult i64 %rest, %n
  br i1 %near, label %doubt, label %take
doubt:
  %range = sub i64 4294967296, %n
  %least = urem i64 %range, %n
  %biased = icmp ult i64 %rest, %least
  br i1 %biased, label %draw, label %take
take:
  %value = lshr i64 %product, 32
  ret i64 %value
}}

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

define void @uniform(ptr %stream, i64 %n, i64 %count, ptr %out) {{
entry:
  %s = alloca %Stream
  %before = load %Stream, ptr %stream
  store %Stream %before, ptr %s
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %body, label %done
body:
  %row = call i64 @below(ptr %s, i64 %n)
  %place = getelementptr i64, ptr %out, i64 %i
  store i64 %row, ptr %place
  %next = add i64 %i, 1
  br label %loop
done:
  %after = load %Stream, ptr %s
  store %Stream %after, ptr %stream
  ret void
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


class Draws:
    """The stream of numpy.random.Generator(numpy.random.PCG64(seed)) for `rows` rows, 2 <= rows < 2^32."""

    def __init__(self, machine: Machine, rows: int, seed: int) -> None:
        if not 2 <= rows <= MOST_ROWS:
            raise ValueError(f"no draws among {rows} rows")
        signature = ctypes.CFUNCTYPE(None, _ADDRESS, ctypes.c_int64, ctypes.c_int64, _ADDRESS)
        self._uniform: Any = signature(machine.function(_TEXT, "uniform"))
        self._shuffle: Any = signature(machine.function(_TEXT, "shuffle"))
        self._rows = rows
        found: Any = np.random.PCG64(seed).state
        words = [found["state"][key] >> shift & (2**64 - 1) for key in ("state", "inc") for shift in (0, 64)]
        self._stream = np.array([*words, 0, 0], dtype=np.uint64)

    def uniform(self, count: int) -> Rows:
        """`count` numbers below N, with replacement: generator.integers(N, size=count)."""
        return self._filled(self._uniform, np.empty(count, dtype=np.intp))

    def permutation(self) -> Rows:
        """0, ..., N - 1 in a random order: generator.permutation(N)."""
        return self._filled(self._shuffle, np.arange(self._rows, dtype=np.intp))

    def _filled(self, function: Any, out: Rows) -> Rows:
        function(self._stream.ctypes.data, self._rows, len(out), out.ctypes.data)
        return out
