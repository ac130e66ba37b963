"""Compiled draws are numpy's, number for number."""

from __future__ import annotations

import numpy as np
import pytest

from gdcli.kernels.native.draws import MOST_ROWS, Draws
from gdcli.kernels.native.engine import draws
from gdcli.kernels.native.machine import Machine

SIZES = (2, 3, 10, 255, 256, 257, 1000, 65_537, 2**31 - 1, 2**31, 2**31 + 1, 3 * 2**30, MOST_ROWS)
SEEDS = (0, 1, 12345, 2**63)


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rows", SIZES)
def test_uniform_in_blocks_of_odd_sizes(rows: int, seed: int, compiler: Machine) -> None:
    ours, numpys = Draws(compiler, rows, seed), generator(seed)
    for count in (1, 7, 4096, 4097, 3):
        assert np.array_equal(ours.uniform(count), numpys.integers(rows, size=(count, 1), dtype=np.intp).ravel())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rows", [2, 3, 31, 32, 33, 64, 65, 1000, 65_537])
def test_one_permutation_after_the_other(rows: int, seed: int, compiler: Machine) -> None:
    ours, numpys = Draws(compiler, rows, seed), generator(seed)
    for _ in range(3):
        assert np.array_equal(ours.permutation(), numpys.permutation(rows))


@pytest.mark.parametrize("rows", [1, MOST_ROWS + 1])
def test_what_numpy_draws_in_another_way_is_left_to_it(rows: int, compiler: Machine) -> None:
    assert draws(rows, 0, compiler.store.directory) is None
    with pytest.raises(ValueError, match=f"no draws among {rows} rows"):
        Draws(compiler, rows, 0)
