"""The tree of sums: the same bits whoever holds which part."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gdcli.data.partitions.parts import added
from tests.oracles.here import Here


def _own(part: float) -> tuple[float]:
    return (part,)


def _scaled(part: float, factor: float) -> tuple[float]:
    return (part * factor,)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.integers(1, 7))
def test_sums_are_the_same_bits_for_any_number_of_holders(values: list[float], holders: int) -> None:
    (found,) = Here(values, holders).total(_own, by=added)
    assert (found,) == Here(values).total(_own, by=added)
    exact = sum(map(Fraction, values))
    bound = len(values).bit_length() * 2.0**-53 * float(sum(map(abs, values)))
    assert abs(Fraction(found) - exact) <= bound


@given(st.integers(1, 40), st.data())
def test_only_the_parts_that_are_named_take_part(count: int, data: st.DataObject) -> None:
    own = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(-9, 9), min_size=1))
    parts = np.arange(1.0, count + 1.0).tolist()
    for holders in (1, 3):
        (found,) = Here(parts, holders).total(_scaled, by=added, own=own)
        assert found == sum(parts[index] * factor for index, factor in own.items())
