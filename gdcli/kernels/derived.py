"""A formula with its derivatives and the source that computes them: what the calculus hands to the descent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Derived:
    """f, f', ..., f^(k) of one scalar argument, as texts to show and as Python source to run.

    `source` defines d0, ..., dk over `arguments`; it names nothing but those, numbers and the functions of
    `kernels.interpret`, so the same text runs over floats and over arrays.
    """

    formula: str
    arguments: tuple[str, ...]
    shown: tuple[str, ...]
    source: str
