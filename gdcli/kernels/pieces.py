"""Functions of long arrays, a piece after the other: what they need beside the result is as long as a piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# Numbers of a piece: some arrays of it stay in the cache.
PIECE = 1 << 14


def in_pieces(function: Callable[..., Any], room: Callable[[tuple[int, ...]], Any]) -> Callable[..., Any]:
    """The function of arrays (N,) whose result is an array (N,), or a pair of them; a constant fills its array.

    `room` gives an empty array of a shape.
    """

    def over(*arguments: Any) -> Any:
        rows = len(arguments[0]) if np.ndim(arguments[0]) == 1 else 0
        if rows <= PIECE:
            return function(*arguments)
        pieces = [slice(start, start + PIECE) for start in range(0, rows, PIECE)]
        return _filled(room, rows, ((piece, function(*(part[piece] for part in arguments))) for piece in pieces))

    return over


def _filled(room: Callable[[tuple[int, ...]], Any], rows: int, found: Any) -> Any:
    whole: tuple[Any, ...] | None = None
    pair = False
    for piece, values in found:
        pair = isinstance(values, tuple)
        parts = values if pair else (values,)
        if whole is None:
            whole = tuple(room((rows,)) for _ in parts)
        for array, part in zip(whole, parts, strict=True):
            array[piece] = part
    assert whole is not None
    return whole if pair else whole[0]
