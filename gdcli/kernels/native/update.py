"""A method's step, theta and its state from a gradient: the Python function itself, and its source for the compiler.

The state of a step is numbers and vectors as long as theta, in tuples; between two calls of a loop it lies flat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
# A vector, a number, or a tuple of such.
ROW, NUMBER = "row", "number"
Shape = Any


@dataclass(frozen=True, slots=True)
class Update:
    """step(theta, g, state, eta) -> (theta, state), called `step` in `source`, with its `constants` by name.

    `shape` is the state's, `look` and `size` tell whether the source has these too: where the gradient is taken, and
    the step size that was chosen. With `remembers` a step takes the row's gradient of "last" time, or that at a
    "snapshot", and the number of rows; the penalty's part is then no part of g.
    """

    source: str
    constants: tuple[tuple[str, float], ...]
    shape: Shape
    remembers: str = ""
    look: Callable[..., Any] | None = field(default=None, compare=False)
    size: Callable[..., Any] | None = field(default=None, compare=False)
    step: Callable[..., Any] = field(default=lambda *_: None, compare=False)

    @property
    def named(self) -> Mapping[str, float]:
        """The constants."""
        return dict(self.constants)


@dataclass(frozen=True)
class Held:
    """What a loop changes beside theta: the state, flat, and for methods that remember the slope of each row, (N,)."""

    state: Vector = field(default_factory=lambda: np.empty(0))
    table: Vector = field(default_factory=lambda: np.empty(0))


def shape_of(state: Any) -> Shape:
    """Vectors, numbers and tuples of them."""
    if isinstance(state, np.ndarray):
        return ROW
    return tuple(map(shape_of, state)) if isinstance(state, tuple) else NUMBER


def flat(state: Any) -> Vector:
    """All numbers of a state, one after the other."""
    if isinstance(state, tuple):
        return np.concatenate([np.empty(0), *map(flat, state)])
    return np.atleast_1d(np.array(state, dtype=np.float64))


def formed(numbers: Vector, shape: Shape, k: int) -> Any:
    """The state of a shape, for vectors of length k, from all its numbers."""
    return _formed(numbers, shape, k, 0)[0]


def length_of(shape: Shape, k: int) -> int:
    """How many numbers a state of the shape has."""
    if isinstance(shape, tuple):
        return sum(length_of(part, k) for part in shape)
    return k if shape == ROW else 1


def _formed(numbers: Vector, shape: Shape, k: int, at: int) -> tuple[Any, int]:
    if isinstance(shape, tuple):
        parts = []
        for part in shape:
            value, at = _formed(numbers, part, k, at)
            parts.append(value)
        return tuple(parts), at
    if shape == ROW:
        return np.array(numbers[at : at + k]), at + k
    return float(numbers[at]), at + 1
