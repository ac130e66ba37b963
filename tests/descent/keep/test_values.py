"""The state of a run comes back to the bit, and nothing else comes back at all."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gdcli.descent.keep.values import decode, encode

FLOATS = st.floats(allow_nan=False) | st.just(float("nan"))
NUMBERS = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=st.floats())
ROWS = arrays(np.intp, array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=4))
STATES = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | NUMBERS | ROWS,
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


def bits(value: Any) -> Any:
    """What two states must share: kinds, shapes, and the bits of every number."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, tuple):
        return tuple(map(bits, value))
    return struct.pack("<d", value) if isinstance(value, float) else (type(value), value)


@given(STATES)
@settings(max_examples=300, deadline=None)
def test_there_and_back_through_json(state: Any) -> None:
    assert bits(decode(json.loads(json.dumps(encode(state))))) == bits(state)


@given(st.integers(1, 4), st.integers(1, 4))
def test_an_array_in_any_order_of_memory(rows: int, columns: int) -> None:
    whole = np.arange(2.0 * rows * 2 * columns).reshape(2 * rows, 2 * columns)
    for part in (whole[::2, ::2], whole.T, whole[::-1]):
        again = decode(encode(part))
        assert np.array_equal(again, part)
        assert again.flags.writeable


@pytest.mark.parametrize("state", [object(), "text", [1.0], {"a": 1}, np.float64(1.0), np.array(["a"]), b"raw", 1j])
def test_what_is_no_state_is_not_written(state: Any) -> None:
    with pytest.raises(TypeError, match="no part of a state"):
        encode(state)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "shape", "data", "x"]), inner),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_foreign_json_is_refused_or_a_state(document: Any) -> None:
    try:
        state = decode(document)
    except (ValueError, OverflowError):
        return
    assert bits(decode(encode(state))) == bits(state)


@pytest.mark.parametrize(
    "array",
    [
        {"type": "<f8", "shape": [2], "data": "AAAAAAAAAAA="},
        {"type": "|O8", "shape": [1], "data": "AAAAAAAAAAA="},
        {"type": "<f8", "shape": [-1], "data": "AAAAAAAAAAA="},
        {"type": "<f8", "shape": [1.0], "data": "AAAAAAAAAAA="},
        {"type": "<f8", "shape": "1", "data": "AAAAAAAAAAA="},
        {"type": "<f8", "shape": [1], "data": "AAAAAAAAAA*="},
        {"type": ["<f8"], "shape": [1], "data": "AAAAAAAAAAA="},
        {"type": "<f8", "shape": [1], "data": 5},
        {"type": "<f8", "shape": [1]},
    ],
)
def test_a_broken_array_is_refused(array: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(array)
