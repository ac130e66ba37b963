"""A step has the same bits interpreted and compiled: every loss, row length, batch, and what floats can hold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.native.engine import steps
from gdcli.kernels.native.library import LIBM
from gdcli.kernels.native.model import Field, Linear
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Task
from gdcli.kernels.parametric import parametric
from gdcli.kernels.source import derive
from gdcli.risk.losses import LOSSES

CUSTOM = ("(p - y)^4", "sqrt(1 + (p - y)^2) - 1", "max(p - y, 2*(y - p), 0)", "log(1 + (p - y)^2)", "1/(1 + exp(p*y))")
STEPS = 60


def loss_of(name: str) -> Derived:
    return derived(LOSSES[name].formula, ("p", "y"), 2) if name in LOSSES else derive(name, ("p", "y"), 1)


def both(task: Task, theta: Any, rows: Any, etas: Any, folder: Path) -> list[tuple[int, bytes, bytes, bytes]]:
    """What each engine returns: the steps taken, the bits of theta, the average and the tally (every nan the same)."""
    found = []
    for engine in ("interpret", "compile"):
        now, average, tally = np.array(theta), np.array(theta), Tally(0.0, 0.0, 0.0, 1.0, 1.5, 0.3)
        taken = steps(task, len(rows), engine, folder).advance(now, average, rows, etas, tally)
        found.append((taken, bits(now), bits(average), bits(tally.values)))
    return found


def bits(array: Any) -> bytes:
    return np.where(np.isnan(array), math.nan, array).tobytes()


def drawn(N: int, batch: int = 1) -> Any:
    return np.random.default_rng(N).integers(N, size=(STEPS, batch), dtype=np.intp)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 7, 8, 9, 20, 31, 32, 33, 70, 129])
def test_every_row_length(width: int, batch: int, folder: Path) -> None:
    rng = np.random.default_rng(width)
    X, y = rng.standard_normal((40, width)), rng.standard_normal(40)
    etas = 0.5 / width / np.sqrt(np.arange(1.0, STEPS + 1.0))
    for penalty in (np.zeros(width), rng.uniform(0.0, 0.1, width)):
        task = Task(loss_of("squared"), Linear(width), X, y, penalty, batch)
        interpreted, compiled = both(task, rng.standard_normal(width), drawn(40, batch), etas, folder)
        assert interpreted == compiled
        assert compiled[0] == STEPS


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1.0, 30.0, 1e160])
@pytest.mark.parametrize("name", [*LOSSES, *CUSTOM])
def test_every_loss_on_data_of_every_size(name: str, scale: float, folder: Path) -> None:
    rng = np.random.default_rng(1)
    X, y = scale * rng.standard_normal((40, 5)), np.sign(rng.standard_normal(40))
    task = Task(loss_of(name), Linear(5), X, y, np.array([0.0, 0.1, 0.1, 0.1, 0.1]))
    interpreted, compiled = both(task, rng.standard_normal(5), drawn(40), np.full(STEPS, 0.2), folder)
    assert interpreted == compiled


hostile = st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 5e-324, -2e-308, 1.0, 709.8, -745.2, 1e308, math.inf]))


@pytest.mark.parametrize("name", [*LOSSES, *CUSTOM])
@settings(max_examples=15, deadline=None)
@given(X=arrays(np.float64, (4, 3), elements=hostile), y=arrays(np.float64, 4, elements=hostile), eta=st.floats(0, 1e9))
def test_whatever_floats_can_hold(name: str, X: Any, y: Any, eta: float, folder: Path) -> None:
    task = Task(loss_of(name), Linear(3), X, y, np.zeros(3))
    interpreted, compiled = both(task, np.full(3, 0.5), drawn(4), np.full(STEPS, eta), folder)
    assert interpreted == compiled


def test_a_step_size_far_too_large_ends_the_loop_where_a_prediction_overflows(folder: Path) -> None:
    X, y = np.ones((2, 2)), np.ones(2)
    task = Task(loss_of("squared"), Linear(2), X, y, np.zeros(2))
    interpreted, compiled = both(task, np.zeros(2), np.zeros((400, 1), dtype=np.intp), np.full(400, 1e3), folder)
    assert interpreted == compiled
    # The prediction grows by 1 - 2 eta a step.
    assert compiled[0] == pytest.approx(308 / math.log10(2 * 1e3 - 1), abs=3)


@pytest.mark.parametrize("text", ["t*(1 - exp(-u*x))", "t/(1 + u*x^2)", "t*x^u", "max(t*x, u)", "atan(t*x) + u*erf(x)"])
def test_models_by_formula(text: str, folder: Path) -> None:
    rng = np.random.default_rng(2)
    model = Field(parametric(text, ("t", "u"), ("x",)).slopes, parameters=2, columns=1)
    X, y = rng.uniform(-1.0, 2.0, (40, 1)), rng.standard_normal(40)
    for batch in (1, 4):
        task = Task(loss_of("huber"), model, X, y, np.array([0.1, 0.0]), batch)
        interpreted, compiled = both(task, [0.5, 1.5], drawn(40, batch), np.full(STEPS, 0.1), folder)
        assert interpreted == compiled


UNARY = [name for name in LIBM if name not in ("atan2", "pow", "log1p")]


@pytest.mark.parametrize("name", UNARY)
def test_every_function_is_the_systems_own(name: str, folder: Path) -> None:
    """phi' = f(p), one step of size 1 from theta = 1 on the row x: theta becomes 1 - f(x) x."""
    loss = Derived(f"{name}(p)", ("p", "y"), ("", ""), f"def d1(p, y):\n    return {name}(p)\n")
    X = np.concatenate([np.random.default_rng(3).normal(scale=5.0, size=200), [0.0, -0.0, 1.0, -1.0, 800.0, 1e300]])
    for x in X:
        task = Task(loss, Linear(1), np.array([[x]]), np.zeros(1), np.zeros(1))
        interpreted, compiled = both(task, [1.0], np.zeros((1, 1), dtype=np.intp), np.ones(1), folder)
        assert interpreted == compiled


@pytest.mark.parametrize(
    "source",
    [
        "p**7 + p**(-3)",
        "pow(p, y) + p**2.5 + p**y",
        "atan2(p, y)",
        "logsumexp(p, y, 1.0)",
        "oddroot(p, 3.0)",
        "where(((p > 0.0) & (p <= 1.0)) | negate(p >= y), max_(p, y, 0.5), min_(p, y, -0.5))",
        "where((p == y), 1.0/p, nan)",
        "where((p != y), -p, sqrt(p))",
    ],
)
@given(p=hostile, y=hostile)
@settings(max_examples=60, deadline=None)
def test_every_piece_of_source(source: str, p: float, y: float, folder: Path) -> None:
    loss = Derived(source, ("p", "y"), ("", ""), f"def d1(p, y):\n    return {source}\n")
    task = Task(loss, Linear(1), np.array([[p]]), np.array([y]), np.zeros(1))
    interpreted, compiled = both(task, [1.0], np.zeros((1, 1), dtype=np.intp), np.ones(1), folder)
    assert interpreted == compiled
