"""exp, log, log1p, sinh and tanh over eight lanes, against 50 digits: the error in units in the last place."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.vector import VECTOR, definition

# Units in the last place that the docstring of native.vector promises.
PROMISED = {"exp": 2.0, "log": 2.0, "log1p": 2.0, "sinh": 4.0, "tanh": 4.0}
EDGES = {
    "exp": [709.78, 709.782712893384, -708.39, -708.4, -740.0, -745.13, 1e-300, 0.34657359, -0.34657359],
    "log": [5e-324, 2.2e-308, 2.3e-308, 0.70710678, 0.70710679, 1.41421356, 1 - 1e-16, 1 + 2.3e-16, 1.7e308],
    "log1p": [1e-300, -1e-300, 1.1e-16, 2.3e-16, -1 + 1.2e-16, -0.5, 0.41421356, 1.0, 1e15, 1e17, 1.7e308],
    "sinh": [5e-324, 1e-8, 0.9999999, 1.0, -1.0, 36.0, 709.7, 710.4, -710.4],
    "tanh": [5e-324, 1e-8, 0.5499999, 0.55, -0.55, 18.0, 19.1, 22.0, 800.0],
}
DOMAIN = {"log": (0.0, math.inf), "log1p": (-1.0, math.inf)}


def over_lanes(name: str, compiler: Machine) -> Callable[[Any], Any]:
    """The function over arrays whose length is a multiple of eight."""
    body, needed = definition(name)
    loop = f"""define void @run(ptr %in, ptr %out) {{
  %x = load <8 x double>, ptr %in, align 8
  %value = call <8 x double> @{name}_lanes(<8 x double> %x)
  store <8 x double> %value, ptr %out, align 8
  ret void
}}"""
    address = compiler.function("\n".join([loop, body, *sorted(needed), ""]), "run")
    run = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)

    def function(x: Any) -> Any:
        out = np.empty_like(x)
        for start in range(0, len(x), 8):
            run(x[start:].ctypes.data, out[start:].ctypes.data)
        return out

    return function


def arguments(name: str) -> Any:
    """Of every size, and at the edges of every branch."""
    rng = np.random.default_rng(4)
    sizes = [rng.normal(size=400), rng.normal(scale=100.0, size=400), 10.0 ** rng.uniform(-300, 2.8, 400)]
    low, high = DOMAIN.get(name, (-math.inf, math.inf))
    found = np.concatenate([*sizes, -sizes[2], EDGES[name]])
    return eights(found[(found > low) & (found < high)])


def eights(x: Any) -> Any:
    return np.concatenate([x, np.full(-len(x) % 8, x[-1])])


@pytest.mark.parametrize("name", VECTOR)
def test_the_error_stays_below_what_is_promised(name: str, compiler: Machine) -> None:
    x = arguments(name)
    found = over_lanes(name, compiler)(x)
    with mpmath.workdps(50):
        truth = [getattr(mpmath, name)(mpmath.mpf(one)) for one in x.tolist()]
        for argument, value, exact in zip(x.tolist(), found.tolist(), truth, strict=True):
            if math.isinf(float(exact)):
                assert value == float(exact), argument
            else:
                assert abs(mpmath.mpf(value) - exact) <= PROMISED[name] * math.ulp(float(exact)), argument


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        (
            "exp",
            [math.inf, -math.inf, 710.0, 1e308, -746.0, -1e308, 0.0, -0.0],
            [math.inf, 0, math.inf, math.inf, 0, 0, 1, 1],
        ),
        (
            "log",
            [math.inf, 0.0, -0.0, -1.0, -math.inf, 1.0, -5e-324, 1.0],
            [math.inf, -math.inf, -math.inf, None, None, 0, None, 0],
        ),
        (
            "log1p",
            [math.inf, -1.0, -2.0, -math.inf, 0.0, 1e-320, -1e-320, 5e-324],
            [math.inf, -math.inf, None, None, 0, 1e-320, -1e-320, 5e-324],
        ),
        (
            "sinh",
            [math.inf, -math.inf, 711.0, -711.0, 0.0, 1e308, 5e-324, -5e-324],
            [math.inf, -math.inf, math.inf, -math.inf, 0, math.inf, 5e-324, -5e-324],
        ),
        (
            "tanh",
            [math.inf, -math.inf, 1e308, -1e308, 0.0, 40.0, 5e-324, -5e-324],
            [1, -1, 1, -1, 0, 1, 5e-324, -5e-324],
        ),
    ],
)
def test_the_ends_of_the_doubles(name: str, at: list[float], expected: list[float | None], compiler: Machine) -> None:
    found = over_lanes(name, compiler)(np.array(at))
    for value, wanted in zip(found.tolist(), expected, strict=True):
        assert math.isnan(value) if wanted is None else value == wanted


@pytest.mark.parametrize("name", VECTOR)
def test_nan_stays_nan(name: str, compiler: Machine) -> None:
    found = over_lanes(name, compiler)(np.array([math.nan, 1.0] * 4))
    assert np.isnan(found[::2]).all()
    assert np.isfinite(found[1::2]).all()


@pytest.mark.parametrize("name", ["sinh", "tanh"])
def test_the_sign_of_zero_is_kept(name: str, compiler: Machine) -> None:
    assert np.signbit(over_lanes(name, compiler)(np.full(8, -0.0))).all()
