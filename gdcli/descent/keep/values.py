"""The state of a run as JSON, to the bit and back: nested tuples of numbers and arrays, nothing that could run.

A float is a text (float.hex), an integer a number, a tuple a list, an array its type, shape and bytes in base64.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

TYPES = ("<f8", "<i8")


def encode(value: Any) -> Any:
    """JSON values for None, booleans, integers, floats, float64 and intp arrays, and tuples of these.

    Raises TypeError for anything else: a method has no other state.
    """
    if value is None or type(value) in (bool, int):
        return value
    if type(value) is float:
        return value.hex()
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, np.ndarray) and _type(value) in TYPES:
        data = np.ascontiguousarray(value, dtype=_type(value)).tobytes()
        return {"type": _type(value), "shape": list(value.shape), "data": base64.b64encode(data).decode("ascii")}
    raise TypeError(f"{type(value).__name__} is no part of a state")


def decode(value: Any) -> Any:
    """What `encode` was given. Raises ValueError for anything that it does not write."""
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, str):
        return float.fromhex(value)
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if isinstance(value, dict) and value.keys() == {"type", "shape", "data"}:
        return _array(value["type"], value["shape"], value["data"])
    raise ValueError("this is no part of a state")


def _type(value: np.ndarray[Any, Any]) -> str:
    return f"<{value.dtype.str[1:]}"


def _array(kind: Any, shape: Any, data: Any) -> np.ndarray[Any, Any]:
    if kind not in TYPES or not isinstance(shape, list) or not isinstance(data, str):
        raise ValueError("this is no array of a state")
    if not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError("this is no shape of an array")
    raw = base64.b64decode(data, validate=True)
    if len(raw) != 8 * math.prod(shape):
        raise ValueError("the array has another size than its shape says")
    return np.frombuffer(raw, dtype=kind).astype(kind[1:]).reshape(shape)
