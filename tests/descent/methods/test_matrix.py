"""Every method of the folder times every property: a new method is tested by being there."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdcli.data.sampling import draw
from gdcli.descent.method import find, names
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.descent.run import Run
from gdcli.descent.stopping import Stopped
from tests.oracles.methods import REFERENCES, Problem

DIGITS = 50
# How far a run may be from exact arithmetic after 100 steps, for what amplifies rounding on the way: AdGD divides by
# the change of g over a first step of a millionth, L-BFGS by s . y near the minimum, Polyak's step is R - R* there.
LOOSE = {"adgd": 1e-8, "lbfgs": 1e-9, "polyak": 1e-9}
# From here on the path of a method that is at the minimum is rounding.
ARRIVED = 1e-9
# Methods whose steps look the same in any orthogonal basis.
ROTATED = ("adgd", "armijo", "averaged_sgd", "dog", "gd", "heavy_ball", "lbfgs", "nesterov", "newton", "polyak", "sag",
           "saga", "sgd", "svrg")  # fmt: skip
# Methods that are blind to the size of the gradients.
SCALED = ("adagrad", "adam", "amsgrad", "rmsprop")


def made(loss: str, l2: float, **options: Any) -> Options:
    return Options(loss=loss, l2=l2, standardise=False, intercept=False, gap=0.0, **options)


def numbers(problem: Any, loss: str, N: int = 12, d: int = 3) -> Any:
    return problem("logistic" if loss == "logistic" else "squared", N=N, d=d, seed=5)


def path(plan: Plan, T: int) -> list[np.ndarray]:
    run = Run(plan, lambda: 0.0)
    return [step.theta for step in run][: T + 1]


def exact(plan: Plan, T: int) -> Problem:
    """The same numbers for the references."""
    risk = plan.risk
    X = [[mp.mpf(v) for v in row] for row in risk.X.tolist()]
    y = [mp.mpf(v) for v in risk.y.tolist()]
    blocks = draw("uniform", risk.rows, 1, plan.options.seed)
    draws = [int(rows[0]) for rows in next(blocks)][:T]
    etas = [mp.mpf(float(eta)) for eta in plan.schedule.etas(0, T)]
    optimum = mp.mpf(plan.certificate.optimum.risk_optimum)
    return Problem(X, y, plan.options.loss or "", mp.mpf(plan.options.l2), draws, etas, optimum)


def test_every_method_has_a_reference() -> None:
    assert set(REFERENCES) == set(names())


@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("name", names())
def test_a_hundred_steps_agree_with_fifty_digits(problem: Any, name: str, loss: str) -> None:
    T = 100
    plan = prepare(numbers(problem, loss), made(loss, 0.125, method=name, steps=T, every=1))
    found = path(plan, T)
    with mp.workdps(DIGITS):
        truth = REFERENCES[name](exact(plan, T), arrived(found, plan))
    assert len(found) >= 2
    size = max(float(np.abs(theta).max()) for theta in found)
    for theta, right in zip(found, truth, strict=False):
        assert np.abs(theta - np.array([float(v) for v in right])).max() <= LOOSE.get(name, 1e-12) * size


def arrived(found: list[np.ndarray], plan: Plan) -> int:
    """How many steps there are before the minimum is reached to rounding, where the path depends on it."""
    least = plan.certificate.optimum.risk_optimum
    close = [t for t, theta in enumerate(found) if plan.risk.value(theta) - least <= ARRIVED * least]
    return min([*close, len(found) - 1]) if plan.method.asks or plan.method.sized else len(found) - 1


@pytest.mark.parametrize("loss", ["squared", "logistic", "huber"])
@pytest.mark.parametrize("name", names())
def test_the_optimum_is_reached(problem: Any, name: str, loss: str) -> None:
    """By full gradients to a millionth, by rows whose noise goes away too, by others to a tenth of the first gap."""
    method = find(name)
    exactly = not method.draws or bool(method.remembers)
    data = numbers(problem, loss, N=40)
    target = 1e-6 if exactly else 0.1
    plan = prepare(data, Options(method=name, loss=loss, l2=0.05, epochs=400.0 if method.draws else None))
    plan = prepare(data, Options(method=name, loss=loss, l2=0.05, gap=target * plan.gap0, epochs=400.0))
    run = Run(plan, lambda: 0.0)
    last = [*run][-1]
    assert run.stopped is Stopped.GAP, last
    assert last.gap.upper <= target * plan.gap0


@pytest.mark.parametrize("stop", [1, 7, 40])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("name", names())
def test_a_run_goes_on_from_its_state_to_the_same_bits(problem: Any, name: str, loss: str, stop: int) -> None:
    T = 60
    plan = prepare(numbers(problem, loss), made(loss, 0.125, method=name, steps=T))
    whole, part = Run(plan, lambda: 0.0), Run(plan, lambda: 0.0)
    last = [*whole][-1]
    for step in part:
        if step.t >= min(stop, last.t // 2):
            break
    again = Run(plan, lambda: 0.0, part.state)
    found = [*again]
    assert found[0].t == part.t
    assert found[-1].t == last.t
    assert found[-1].theta.tobytes() == last.theta.tobytes()
    assert (found[-1].work, found[-1].eta, found[-1].risk) == (last.work, last.eta, last.risk)
    if last.average is not None:
        assert found[-1].average is not None
        assert found[-1].average.tobytes() == last.average.tobytes()


@pytest.mark.parametrize("name", names())
def test_the_order_of_the_columns_does_not_matter(problem: Any, data: Any, name: str) -> None:
    if name == "coordinate":
        # It takes them in their order: the same for columns that have nothing to do with one another.
        X = np.kron(np.eye(3), np.ones((4, 1))) * np.arange(1.0, 4.0)
        whole = data(X, np.arange(12.0))
    else:
        whole = numbers(problem, "squared")
    order = [2, 0, 1]
    ours, theirs = (
        path(prepare(rows, made("squared", 0.125, method=name, steps=30, every=1)), 30)
        for rows in (whole, data(whole.X[:, order], whole.y))
    )
    size = max(float(np.abs(theta).max()) for theta in ours)
    early = [*zip(ours, theirs, strict=False)][:20]
    for a, b in early:
        assert np.abs(a[order] - b).max() <= 1e-7 * size


@pytest.mark.parametrize("name", ROTATED)
def test_the_basis_does_not_matter(problem: Any, data: Any, name: str) -> None:
    whole = numbers(problem, "squared")
    Q = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    ours, theirs = (
        path(prepare(rows, made("squared", 0.125, method=name, steps=20, every=1)), 20)
        for rows in (whole, data(whole.X @ Q, whole.y))
    )
    size = max(float(np.abs(theta).max()) for theta in ours)
    for a, b in zip(ours[:12], theirs[:12], strict=False):
        assert np.abs(a @ Q - b).max() <= 1e-6 * size


@pytest.mark.parametrize("name", SCALED)
def test_the_size_of_the_gradients_does_not_matter(problem: Any, data: Any, name: str) -> None:
    """Targets and features a thousand times as large: gradients 10^6 times as large, and the same theta."""
    whole = numbers(problem, "squared")
    ours, theirs = (
        path(prepare(rows, made("squared", 0.0, method=f"{name}(epsilon=0)", steps=50, every=1, eta="0.01")), 50)
        for rows in (whole, data(1000.0 * whole.X, 1000.0 * whole.y))
    )
    for a, b in zip(ours, theirs, strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-12)


def test_newton_does_not_see_how_columns_are_mixed(problem: Any, data: Any) -> None:
    whole = numbers(problem, "logistic", N=30)
    A = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0], [0.5, 0.0, 1.0]])
    ours, theirs = (
        path(prepare(rows, made("logistic", 0.0, method="newton", steps=8, every=1)), 8)
        for rows in (whole, data(whole.X @ A, whole.y, whole.labels))
    )
    for a, b in zip(ours, theirs, strict=False):
        assert A @ b == pytest.approx(a, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("name", names())
def test_the_rate_and_the_update_are_told(name: str) -> None:
    for whole in (True, False):
        method = find(name, whole=whole)
        assert method.update
        assert method.rate
        assert method.schedules
        assert method.draws != whole or not method.either


def test_parameters_are_read_by_name_and_in_order() -> None:
    theta, g = np.zeros(2), np.ones(2)
    for text in ("heavy_ball(0.5)", "heavy_ball(beta=0.5)", "heavy_ball( beta = 5e-1 )"):
        method = find(text)
        _, v = method.step(theta, g, np.ones(2), 0.1)
        assert v.tolist() == [1.5, 1.5]
        assert method.title == "Heavy ball, beta = 0.5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("adam(beta3=0.5)", "adam has no parameter for 'beta3=0.5'"),
        ("adam(beta1=x)", "'x' is no number for beta1 of adam"),
        ("adam(beta1=1)", r"beta1 = 1 of adam is outside \[0, 1\)"),
        ("adam(beta1=1e999)", "is outside"),
        ("heavy_ball(0.5, 0.5)", "heavy_ball has no parameter for '0.5'"),
        ("heavy_ball(0.5, beta=0.5)", "heavy_ball has no parameter for 'beta=0.5'"),
        ("gd(1)", "gd has no parameter for '1'"),
        ("lbfgs(memory=2.5)", "memory = 2.5 of lbfgs is no whole number"),
        ("nesterov(0.5)", "restart = 0.5 of nesterov is no whole number"),
        ("adam(", "unknown method"),
        ("../gd", "unknown method"),
        ("__init__", "unknown method"),
    ],
)
def test_what_a_method_does_not_have_is_said(text: str, message: str) -> None:
    with pytest.raises(Exception, match=message) as caught:
        find(text)
    assert caught.value.hint  # type: ignore[attr-defined]


def test_a_change_of_the_slope_whose_square_is_no_double_is_not_remembered() -> None:
    """s = 1e-150 and y = 1e-170 have s y > 0, and y y = 0 is divided by."""
    before, slope = np.zeros(1), np.array([1e-170])
    theta, g = before + 1e-150, slope + 1e-170
    quiet = SimpleNamespace(here=0.0, value=lambda _: -1.0)
    _, (*_, pairs, eta) = find("lbfgs").step(theta, g, (before, slope, (), 1.0), 1.0, quiet)
    assert (pairs, eta) == ((), 1.0)


def test_a_step_that_backtracking_did_not_take_has_no_size() -> None:
    """Its bound adds the sizes up."""
    method, theta = find("armijo"), np.ones(2)
    assert method.size is not None
    nowhere = SimpleNamespace(here=0.0, value=lambda _: math.inf)
    state: Any = (0.25, 0.5, 0.5)
    for _ in range(2):
        after, state = method.step(theta, np.ones(2), state, 1.0, nowhere)
        assert (after is theta, method.size(state)) == (True, 0.0)


@pytest.mark.parametrize("kind", ["polyak", "suffix", "weighted"])
@pytest.mark.parametrize("name", [name for name in names() if find(name).draws])
def test_averages_are_the_means_of_the_iterates(problem: Any, name: str, kind: str) -> None:
    T = 30
    plan = prepare(numbers(problem, "logistic"), made("logistic", 0.125, method=name, steps=T, every=1, averaging=kind))
    run = Run(plan, lambda: 0.0)
    steps = [*run]
    assert plan.averaging is not None
    thetas, etas = np.array([step.theta for step in steps[:-1]]), [step.eta for step in steps[1:]]
    if kind == "weighted":
        b = plan.averaging.b
        weights = np.array(etas)
        if not math.isnan(b):
            weights = weights * (1.0 - (1.0 + 1.0 / b) * weights * plan.constants.L_max)
    else:
        weights = np.array([float(kind == "polyak" or t >= T // 2) for t in range(T)])
    assert steps[-1].average == pytest.approx(weights @ thetas / weights.sum(), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("batch", "averaging"), [(1, None), (1, "weighted"), (3, "suffix")])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("name", [name for name in names() if find(name, whole=False).draws])
def test_compiled_steps_have_the_same_bits(problem: Any, name: str, loss: str, batch: int, averaging: Any) -> None:
    """Also where a run goes on from a state in the middle, and for more columns than one register holds."""
    remembers = bool(find(name, whole=False).remembers)
    data = numbers(problem, loss, N=60, d=37)
    chosen = {"method": name, "batch": 1 if remembers else batch, "averaging": averaging, "steps": 300}
    if not find(name).sized:
        chosen["eta"] = "0.001/(1 + t/N)"
    plans = [prepare(data, made(loss, 0.125, engine=engine, **chosen)) for engine in ("interpret", "compile")]
    assert [plan.engine.name for plan in plans] == ["interpret", "compile"]
    ours = [*Run(plans[0], lambda: 0.0)][-1]
    half = Run(plans[1], lambda: 0.0)
    for step in half:
        if step.t >= 100:
            break
    theirs = [*Run(plans[1], lambda: 0.0, half.state)][-1]
    assert ours.t == theirs.t == 300
    assert ours.theta.tobytes() == theirs.theta.tobytes()
    assert (ours.eta, ours.work) == (theirs.eta, theirs.work)
    if averaging:
        assert ours.average is not None
        assert theirs.average is not None
        assert ours.average.tobytes() == theirs.average.tobytes()


@pytest.mark.parametrize("name", ["adam", "averaged_sgd", "dog"])
def test_a_model_by_formula_takes_the_same_steps_compiled(problem: Any, name: str) -> None:
    data = numbers(problem, "squared", N=30, d=1)
    chosen: Any = {"method": name, "model": "exp(a*x1) + b", "theta0": "a=1, b=0", "steps": 100, "gap": 0.0}
    if not find(name).sized:
        chosen["eta"] = "0.01"
    thetas = []
    for engine in ("interpret", "compile"):
        plan = prepare(data, Options(engine=engine, **chosen))
        assert plan.engine.name == engine
        thetas.append([*Run(plan, lambda: 0.0)][-1].theta)
    assert thetas[0].tobytes() == thetas[1].tobytes()


def test_what_no_loop_can_hold_runs_by_numpy(problem: Any) -> None:
    """SVRG with batches: the mean of several remembered gradients."""
    data = numbers(problem, "squared", N=30)
    plan = prepare(data, made("squared", 0.125, method="svrg", batch=5, steps=600))
    assert plan.engine.loop is None
    last = [*Run(plan, lambda: 0.0)][-1]
    assert last.gap.value <= 1e-6 * plan.gap0
