"""The stream of numpy's generator as LLVM text, number for number.

It is that of numpy.random.PCG64 (O'Neill, 2014: a 128-bit congruential state, the output rotated by its highest bits),
halved to 32-bit numbers; brought below a bound by Lemire's multiplication (2019) with its rejections.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MOST_ROWS = 2**32 - 1

TYPE = """\
; the state, the increment, whether half an output is left over, and that half
%Stream = type { i128, i128, i64, i64 }
"""
ROTATE = "declare i64 @llvm.fshr.i64(i64, i64, i64)"
HALF = f"""\
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
"""
BELOW = """\
define internal i64 @below(ptr %s, i64 %n) alwaysinline {
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
}
"""
# What a module needs that draws below a bound.
PIECES = (TYPE, ROTATE, HALF, BELOW)


def words(generator: np.random.Generator) -> NDArray[np.uint64]:
    """What follows in the stream of a generator over PCG64, as a %Stream."""
    found: Any = generator.bit_generator.state
    halves = [found["state"][key] >> shift & (2**64 - 1) for key in ("state", "inc") for shift in (0, 64)]
    return np.array([*halves, found["has_uint32"], found["uinteger"]], dtype=np.uint64)
