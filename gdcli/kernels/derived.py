"""A formula with its derivatives and the source that computes them: what the calculus hands to the descent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Derived:
    """f, f', ..., f^(k) of one scalar argument, as texts to show and as Python source to run.

    `source` defines d0, ..., dk over `arguments`; it names nothing but those, numbers and the functions of
    `kernels.interpret`, so the same text runs over floats and over arrays. `tails` are the numbers of the source that
    no double holds, each with what is left of it: the exact number is the sum. Where f may have a kink (`kinked`) the
    source defines `left` and `right` too, the one-sided derivatives in the first argument, and d1 is the number of
    least absolute value between them.
    """

    formula: str
    arguments: tuple[str, ...]
    shown: tuple[str, ...]
    source: str
    tails: tuple[tuple[float, float], ...] = ()
    kinked: bool = False
