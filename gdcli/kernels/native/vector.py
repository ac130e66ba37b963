"""exp, log, log1p, sinh and tanh over eight lanes at once, for the sums over all rows.

Each is right to about 2 units in the last place (sinh and tanh 4), infinite, nan and subnormal arguments included; the
polynomials are Chebyshev interpolants of the functions named beside them, computed with 60 digits. A multiplication and
an addition may be fused where the processor does that.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from math import inf, nan

from gdcli.kernels.native.emit import Emitter, double, number, truth

LANES = 8
_KIND = double(LANES)
_WORD = f"<{LANES} x i64>"
# log 2 as a sum: the first part has 32 bits, so that a whole number of up to 20 bits times it is exact.
_LOG2_HIGH, _LOG2_LOW = 0.6931471803691238, 1.9082149292705877e-10
_PER_LOG2 = 1.4426950408889634
# Adding it rounds to a whole number, which then stands in the lowest bits.
_ROUNDER = 1.5 * 2.0**52
# (exp(r) - 1 - r)/r^2 for |r| <= log(2)/2.
_EXP = (
    *(0.5000000000000001, 0.16666666666666669, 0.041666666666623824, 0.008333333333330039, 0.0013888888917367081),
    *(0.00019841269863171557, 2.4801521057868204e-05, 2.7557268276905696e-06, 2.7620201591031547e-07),
    2.5100472505694996e-08,
)
# (2 atanh(s) - 2 s)/s^3 as a polynomial in s^2, for s^2 <= 0.0295.
_LOG = (
    *(0.666666666666667, 0.3999999999989889, 0.28571428626253836, 0.22222211089379496, 0.1818289243253687),
    *(0.15331611722055008, 0.14617807153417325),
)
# (tanh(a) - a)/a^3 as a polynomial in a^2, for a <= 0.55.
_TANH = (
    *(-0.3333333333333331, 0.13333333333315647, -0.05396825394889914, 0.021869487712363182, -0.008863217663269123),
    *(0.003591904413192802, -0.0014541180436174583, 0.0005817724407868131, -0.00021454222089075102),
    5.390642014172177e-05,
)
# (sinh(a) - a)/a^3 as a polynomial in a^2, for a <= 1.
_SINH = (
    *(0.16666666666666666, 0.008333333333333299, 0.00019841269841324198, 2.7557319191381816e-06),
    *(2.5052117695907823e-08, 1.6057679623801638e-10, 7.746178593018827e-13),
)


class _Lanes:
    """Arithmetic on eight doubles, in words."""

    def __init__(self) -> None:
        self.emit = Emitter()

    def op(self, operation: str, a: str | float, b: str | float) -> str:
        return self.emit.op(operation, _KIND, _constant(a), _constant(b))

    def add(self, a: str | float, b: str | float) -> str:
        return self.op("fadd", a, b)

    def minus(self, a: str | float, b: str | float) -> str:
        return self.op("fsub", a, b)

    def times(self, a: str | float, b: str | float) -> str:
        return self.op("fmul", a, b)

    def over(self, a: str | float, b: str | float) -> str:
        return self.op("fdiv", a, b)

    def fused(self, a: str | float, b: str | float, c: str | float) -> str:
        """a b + c."""
        return self.emit.call(f"llvm.fmuladd.v{LANES}f64", _KIND, *map(_constant, (a, b, c)))

    def size(self, a: str) -> str:
        return self.emit.call(f"llvm.fabs.v{LANES}f64", _KIND, a)

    def signed(self, a: str, b: str) -> str:
        return self.emit.call(f"llvm.copysign.v{LANES}f64", _KIND, a, b)

    def pick(self, a: str, order: str, b: str | float, yes: str | float, no: str | float) -> str:
        """`yes` where `a order b` holds, else `no`."""
        holds = self.op(f"fcmp {order}", a, b)
        return self.emit.let(f"select {truth(LANES)} {holds}, {_KIND} {_constant(yes)}, {_KIND} {_constant(no)}")

    def polynomial(self, coefficients: Sequence[float], u: str) -> str:
        """sum_j c_j u^j: pairs first, so that half of it runs side by side."""
        square = self.times(u, u)
        pairs = [self.fused(u, high, low) for low, high in zip(coefficients[::2], coefficients[1::2], strict=False)]
        parts: list[str | float] = [*pairs, coefficients[-1]] if len(coefficients) % 2 else [*pairs]
        total = parts.pop()
        while parts:
            total = self.fused(total, square, parts.pop())
        return _constant(total)

    def bits(self, a: str) -> str:
        return self.emit.let(f"bitcast {_KIND} {a} to {_WORD}")

    def from_bits(self, a: str) -> str:
        return self.emit.let(f"bitcast {_WORD} {a} to {_KIND}")

    def word(self, operation: str, a: str, b: str | int) -> str:
        return self.emit.let(f"{operation} {_WORD} {a}, {b if isinstance(b, str) else _words(b)}")

    def power_of_two(self, n: str) -> str:
        """2^n for whole -1022 <= n <= 1023."""
        return self.from_bits(self.word("shl", self.word("add", n, 1023), 52))

    def number(self, n: str) -> str:
        """A small whole number as a double."""
        return self.minus(self.from_bits(self.word("add", n, _bits(_ROUNDER))), _ROUNDER)


def _exp(v: _Lanes, x: str) -> str:
    """2^n exp(r), x = n log 2 + r; 2^n in two factors, for results that are subnormal."""
    x = v.pick(x, "ogt", 710.0, 710.0, x)
    x = v.pick(x, "olt", -746.0, -746.0, x)
    shifted = v.fused(x, _PER_LOG2, _ROUNDER)
    n = v.minus(shifted, _ROUNDER)
    r = v.fused(n, -_LOG2_LOW, v.fused(n, -_LOG2_HIGH, x))
    value = v.add(1.0, v.fused(v.times(r, r), v.polynomial(_EXP, r), r))
    whole = v.word("sub", v.bits(shifted), _bits(_ROUNDER))
    half = v.word("ashr", whole, 1)
    rest = v.word("sub", whole, half)
    return v.times(v.times(value, v.power_of_two(half)), v.power_of_two(rest))


def _log(v: _Lanes, x: str) -> str:
    """n log 2 + 2 atanh(s), x = 2^n m with sqrt(1/2) < m < sqrt 2 and s = (m - 1)/(m + 1)."""
    tiny = 2.0**-1022
    scaled = v.pick(x, "olt", tiny, v.times(x, 2.0**54), x)
    # Taking the bits of sqrt(1/2) away first puts the cut between exponents there.
    above = v.word("sub", v.bits(scaled), _bits(0.5**0.5))
    n = v.word("ashr", above, 52)
    mantissa = v.word("add", v.word("and", above, (1 << 52) - 1), _bits(0.5**0.5))
    f = v.minus(v.from_bits(mantissa), 1.0)
    count = v.number(n)
    count = v.pick(x, "olt", tiny, v.minus(count, 54.0), count)
    s = v.over(f, v.add(f, 2.0))
    z = v.times(s, s)
    rest = v.times(s, v.minus(f, v.times(z, v.polynomial(_LOG, z))))
    value = v.fused(count, _LOG2_HIGH, v.minus(f, v.minus(rest, v.times(count, _LOG2_LOW))))
    value = v.pick(x, "oeq", inf, inf, value)
    value = v.pick(x, "oeq", 0.0, -inf, value)
    return v.pick(x, "uge", 0.0, v.pick(x, "uno", x, x, value), nan)


def _log1p(v: _Lanes, x: str) -> str:
    """log(u) + c/u, where u + c = 1 + x exactly and u is 1 + x rounded; x itself where u = 1."""
    u = v.add(1.0, x)
    large = v.minus(1.0, v.minus(u, x))
    small = v.minus(x, v.minus(u, 1.0))
    c = v.pick(x, "ogt", 1.0, large, small)
    value = v.add(_log(v, u), v.over(c, u))
    value = v.pick(u, "oeq", 1.0, x, value)
    value = v.pick(x, "oeq", inf, inf, value)
    return v.pick(u, "oeq", 0.0, -inf, value)


def _tanh(v: _Lanes, x: str) -> str:
    """A polynomial near 0; 1 - 2/(exp(2|x|) + 1) from |x| = 0.55 on."""
    a = v.size(x)
    z = v.times(a, a)
    near = v.fused(v.times(a, z), v.polynomial(_TANH, z), a)
    far = v.minus(1.0, v.over(2.0, v.add(_exp(v, v.add(a, a)), 1.0)))
    return v.signed(v.pick(a, "olt", 0.55, near, far), x)


def _sinh(v: _Lanes, x: str) -> str:
    """A polynomial near 0; (e - 1/e)/2 from |x| = 1 on, with e/2 made as exp(|x|/2)^2/2, which overflows last."""
    a = v.size(x)
    z = v.times(a, a)
    near = v.fused(v.times(a, z), v.polynomial(_SINH, z), a)
    root = _exp(v, v.times(0.5, a))
    far = v.minus(v.times(v.times(0.5, root), root), v.over(0.5, v.times(root, root)))
    return v.signed(v.pick(a, "olt", 1.0, near, far), x)


VECTOR: dict[str, Callable[[_Lanes, str], str]] = {
    "exp": _exp,
    "log": _log,
    "log1p": _log1p,
    "sinh": _sinh,
    "tanh": _tanh,
}


def definition(name: str) -> tuple[str, set[str]]:
    """The text of `name`_lanes, and the declarations it needs."""
    lanes = _Lanes()
    result = VECTOR[name](lanes, "%x")
    head = f"define internal {_KIND} @{name}_lanes({_KIND} %x) alwaysinline {{"
    return "\n".join([head, lanes.emit.text(), f"  ret {_KIND} {result}", "}"]), lanes.emit.needed


def definitions(needed: set[str]) -> tuple[list[str], list[str]]:
    """The texts of those functions over lanes that are `needed`, and the declarations of all else."""
    defined = []
    for name in VECTOR:
        if any(f"@{name}_lanes" in line for line in needed):
            body, more = definition(name)
            defined.append(body)
            needed = needed | more
    return defined, sorted(line for line in needed if "_lanes(" not in line)


def _constant(value: str | float) -> str:
    return value if isinstance(value, str) else number(value, LANES)


def _words(value: int) -> str:
    return f"<{', '.join([f'i64 {value}'] * LANES)}>"


def _bits(value: float) -> int:
    return int(struct.unpack(">q", struct.pack(">d", value))[0])
