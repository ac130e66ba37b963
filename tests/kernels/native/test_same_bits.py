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
from scipy.special import softmax

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.native.engine import steps
from gdcli.kernels.native.library import LIBM
from gdcli.kernels.native.model import Field, Linear
from gdcli.kernels.native.softmax.task import ClassTask, Scores
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Task
from gdcli.kernels.native.update import ROW, Held, Update
from gdcli.kernels.parametric import parametric
from gdcli.kernels.source import derive
from gdcli.risk.losses import LOSSES
from gdcli.risk.models.softmax import SoftmaxRisk
from tests.oracles.softmax import Truth, sample

CUSTOM = ("(p - y)^4", "sqrt(1 + (p - y)^2) - 1", "max(p - y, 2*(y - p), 0)", "log(1 + (p - y)^2)", "1/(1 + exp(p*y))")
STEPS = 60


def loss_of(name: str) -> Derived:
    return derived(LOSSES[name].formula, ("p", "y"), 2) if name in LOSSES else derive(name, ("p", "y"), 1)


def tally() -> Tally:
    return Tally(0.0, 0.0, 0.0, 1.0, 1.5, 0.3)


def both(
    task: Task | ClassTask, theta: Any, rows: Any, etas: Any, folder: Path
) -> list[tuple[int, bytes, bytes, bytes]]:
    """What each engine returns: the steps taken, the bits of theta, the average and the tally (every nan the same)."""
    found = []
    for engine in ("interpret", "compile"):
        now, average, sums = np.array(theta), np.array(theta), tally()
        taken = steps(task, len(rows), engine, folder).advance(now, average, rows, etas, sums, Held())
        found.append((taken, bits(now), bits(average), bits(sums.values)))
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


sizes = st.tuples(st.integers(1, 20), st.integers(1, 70))


@given(size=sizes | st.tuples(st.just(3), st.just(300)), batch=st.sampled_from([1, 3]), l2=st.sampled_from([0.0, 0.1]))
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("scale", [1e-160, 1.0, 30.0])
def test_every_number_of_classes_and_columns(scale: float, size: Any, batch: int, l2: float, folder: Path) -> None:
    (classes, width), rng = size, np.random.default_rng(size)
    X, y = scale * rng.standard_normal((40, width)), rng.integers(classes, size=40)
    penalty = l2 * rng.uniform(size=classes * width)
    task = ClassTask(Scores(classes, width), X, y, penalty, batch)
    etas = 0.5 / np.sqrt(np.arange(1.0, STEPS + 1.0))
    interpreted, compiled = both(task, rng.standard_normal(classes * width), drawn(40, batch), etas, folder)
    assert interpreted == compiled
    assert compiled[0] == STEPS


@pytest.mark.parametrize("size", [1.0, 40.0, 800.0])
@pytest.mark.parametrize(("classes", "width"), [(2, 1), (3, 5), (7, 9)])
def test_a_step_of_the_softmax_loss_to_400_digits(
    classes: int, width: int, size: float, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """theta - eta g with g of one row, relative to each of g's entries, however small."""
    monkeypatch.setattr("tests.oracles.softmax.DIGITS", 400)
    X, y = sample("plain", classes, 20, width)
    theta = size / math.sqrt(width) * np.random.default_rng(1).standard_normal(classes * width)
    for i in range(4):
        risk = SoftmaxRisk(X[i : i + 1], y[i : i + 1], classes, np.full(classes * width, 0.01))
        truth = [float(g) for g in Truth.of(risk).derivatives(theta.tolist())[0]]
        moved, average = theta.copy(), theta.copy()
        task = ClassTask(Scores(classes, width), risk.X, risk.y, risk.penalty)
        # A power of two so large that theta is but a rounding in the step.
        eta = np.array([2.0**300])
        steps(task, 1, "compile", folder).advance(moved, average, np.zeros((1, 1), np.intp), eta, tally(), Held())
        # exp of a difference of scores that are right to their last digit: their size is what is lost of it.
        room = 1e-15 * (10.0 + width * size * float(np.abs(X[i]).max()))
        assert -moved / eta == pytest.approx(truth, rel=room, abs=1e-300)


@pytest.mark.parametrize("batch", [1, 4])
def test_steps_of_the_softmax_loss_beside_scipy(batch: int, folder: Path) -> None:
    X, y = sample("plain", 7, 40, 6)
    theta = np.random.default_rng(2).standard_normal((7, 6))
    moved, average, rows = theta.ravel().copy(), theta.ravel().copy(), drawn(40, batch)
    task = ClassTask(Scores(7, 6), X, y, np.full(42, 0.1), batch)
    assert (
        steps(task, STEPS, "compile", folder).advance(moved, average, rows, np.full(STEPS, 0.2), tally(), Held())
        == STEPS
    )
    for drawn_rows in rows:
        slopes = softmax(X[drawn_rows] @ theta.T, axis=1)
        slopes[np.arange(batch), y[drawn_rows]] -= 1.0
        theta = theta - 0.2 * (slopes.T @ X[drawn_rows] / batch + 0.1 * theta)
    assert moved == pytest.approx(theta.ravel(), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("code", [-1, 3])
def test_a_code_of_no_class_is_an_error(code: int) -> None:
    with pytest.raises(UsageError, match="y holds a code of no class") as caught:
        ClassTask(Scores(3, 2), np.ones((4, 2)), np.array([0, 1, code, 2]), np.zeros(6))
    assert caught.value.hint == "classes are numbered 0 to 2"


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


@settings(max_examples=40, deadline=None)
@given(X=arrays(np.float64, (4, 3), elements=hostile), eta=st.floats(0, 1e9))
def test_whatever_floats_can_hold_for_classes(X: Any, eta: float, folder: Path) -> None:
    task = ClassTask(Scores(3, 3), X, np.array([0, 1, 2, 1]), np.zeros(9))
    interpreted, compiled = both(task, np.linspace(-1.0, 1.0, 9), drawn(4), np.full(STEPS, eta), folder)
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


@pytest.mark.parametrize("call", ["np.maximum(state, theta)", "np.maximum(theta, state)"])
@pytest.mark.parametrize("width", [1, 4, 7, 37])
def test_the_larger_one_is_numpys_where_one_is_no_number(width: int, call: str, folder: Path) -> None:
    rng = np.random.default_rng(width)
    theta = rng.standard_normal(width)
    state = rng.choice([math.nan, math.inf, -math.inf, 0.5, -0.5], size=width)
    state[0] = math.nan
    source = f"def step(theta, g, state, eta):\n    return theta, {call}\n"
    update = Update(source, (), ROW, step=lambda theta, g, state, eta: (theta, np.maximum(state, theta)))
    task = Task(
        loss_of("squared"), Linear(width), rng.standard_normal((3, width)), np.ones(3), np.zeros(width), 1, update
    )
    held = Held(state.copy())
    loop = steps(task, 1, "compile", folder)
    assert loop.advance(theta.copy(), theta.copy(), np.zeros((1, 1), np.intp), np.ones(1), tally(), held) == 1
    assert bits(held.state) == bits(np.maximum(state, theta))
