"""How large a formula and its numbers may be. Beyond these a computer algebra system stops answering."""

from __future__ import annotations

from fractions import Fraction

TEXT_BYTES = 100_000
TOKENS = 60_000
NODES = 60_000
DEPTH = 150
BITS = 16_384
INTEGER_EXPONENT = 10_000
DECIMAL_EXPONENT = 400
GAMMA_ARGUMENT = 500
TERMS = 10_000
# exp(u) has at most BITS bits up to BITS ln 2.
EXP_ARGUMENT = 11_356

LIMIT_HINT = "reduce the numbers: gdcli bounds them so that every formula gets an answer"


def bits(value: Fraction) -> int:
    """The bits of the larger one of numerator and denominator."""
    return max(abs(value.numerator).bit_length(), value.denominator.bit_length())


def too_many_bits(value: Fraction) -> bool:
    """Whether the number is beyond the bound of 16 384 bits (4 932 digits)."""
    return bits(value) > BITS
