"""The generator of all random numbers: PCG64 (O'Neill, 2014), whose stream is the same on every platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gdcli.signals import deferred

if TYPE_CHECKING:
    import numpy as np


def generator(seed: int | Sequence[int]) -> np.random.Generator:
    """Return the generator of a seed, at the start of its stream."""
    # numpy loads it when it is first asked for, and loses what a signal's handler raises meanwhile.
    with deferred():
        from numpy.random import PCG64, Generator
    return Generator(PCG64(seed))
