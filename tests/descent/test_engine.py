"""A whole run is the same whichever engine takes its steps, and says which one that was."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.data.sampling import SAMPLINGS
from gdcli.descent import report
from gdcli.descent.engine import choose
from gdcli.descent.loops import chunks
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.descent.stopping import Stopped
from gdcli.errors import UsageError
from gdcli.kernels.native import engine as native
from gdcli.risk.losses import LOSSES
from tests.cli import inprocess

KEPT = ("t", "epoch", "risk", "gap", "gradient_norm", "eta", "bound", "averaged")


def both(go: Any, data: Any, **options: Any) -> list[tuple[Run, list[Any]]]:
    found = [go(data, **options, engine=engine) for engine in ("interpret", "compile")]
    assert [run.plan.engine.name for run, _ in found] == ["interpret", "compile"]
    return found


def same_bits(found: list[tuple[Run, list[Any]]]) -> None:
    (first, ours), (second, others) = found
    assert first.stopped is second.stopped
    assert [[getattr(step, name) for name in KEPT] for step in ours] == [
        [getattr(step, name) for name in KEPT] for step in others
    ]
    for a, b in zip(ours, others, strict=True):
        assert a.theta.tobytes() == b.theta.tobytes()
        assert (a.average is None) == (b.average is None)
        assert a.average is None or a.average.tobytes() == b.average.tobytes()


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize(("batch", "l2", "d"), [(1, 0.0, 3), (1, 0.1, 40), (4, 0.0, 3), (7, 0.1, 3)])
@pytest.mark.parametrize("loss", ["squared", "logistic", "absolute", "softmax"])
def test_sgd_has_the_same_bits(go, problem, loss, batch, l2, d, sampling) -> None:
    data = problem(loss, N=60, d=d)
    same_bits(
        both(go, data, method="sgd", loss=loss, sampling=sampling, batch=batch, l2=l2, steps=700, gap=0.0, seed=3)
    )


@pytest.mark.parametrize("loss", [name for name in LOSSES if LOSSES[name].target != "counts"])
def test_every_loss_has_the_same_bits(go, problem, loss) -> None:
    data = problem("logistic" if LOSSES[loss].target == "signs" else "squared")
    same_bits(both(go, data, method="sgd", loss=loss, eta="0.001", steps=300, gap=0.0))


def test_a_model_by_formula_has_the_same_bits(go, problem) -> None:
    options = {"model": "a*exp(-b*x1) + c*x2", "theta0": "a=1, b=0.1, c=1", "eta": "0.001"}
    same_bits(both(go, problem(), method="sgd", steps=500, **options))


def test_the_goal_is_reached_at_the_same_step(go, problem) -> None:
    found = both(go, problem(), method="sgd", gap=0.05)
    same_bits(found)
    assert found[0][0].stopped is Stopped.GAP


@pytest.mark.parametrize("engine", ["interpret", "compile"])
@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("most", [1, 5, 64])
def test_where_chunks_end_changes_no_bit(go, problem, most, batch, sampling, engine, monkeypatch) -> None:
    options = {"method": "sgd", "steps": 500, "gap": 0.0, "every": 130, "engine": engine, "sampling": sampling}
    whole = go(problem(), batch=batch, **options)
    monkeypatch.setattr(chunks, "MOST_STEPS", most)
    same_bits([whole, go(problem(), batch=batch, **options)])


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_another_run_of_a_plan_draws_from_the_beginning(problem, sampling) -> None:
    plan = prepare(problem(), Options(method="sgd", sampling=sampling, steps=200, gap=0.0, engine="compile"))
    first, again = (list(Run(plan, lambda: 0.0))[-1].theta for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_one_row_and_constant_step_sizes_by_the_compiled_loop(go, problem) -> None:
    """numpy draws among one row without its stream."""
    data = problem(N=1, d=1)
    for sampling in SAMPLINGS:
        same_bits(both(go, data, method="sgd", sampling=sampling, intercept=False, standardise=False, eta="0.01"))


@pytest.mark.parametrize("engine", ["interpret", "compile"])
@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("batch", [1, 5])
@pytest.mark.parametrize("loss", ["squared", "softmax"])
def test_the_loop_takes_the_steps_of_the_method(problem, loss, engine, sampling, batch) -> None:
    """Up to the order in which x . theta is added up, and with it the weights, average and sums of step sizes."""
    options = Options(method="sgd", sampling=sampling, batch=batch, steps=400, gap=0.0, engine=engine, l2=0.01)
    plan = prepare(problem(loss, N=50, d=6), options)
    run, own = Run(plan, lambda: 0.0), Run(replace(plan, engine=replace(plan.engine, loop=None)), lambda: 0.0)
    for ours, steps in zip(run, own, strict=True):
        assert ours.theta == pytest.approx(steps.theta, rel=1e-13, abs=1e-15)
        assert ours.average == pytest.approx(steps.average, rel=1e-13, abs=1e-15)
        assert (ours.t, ours.eta) == (steps.t, steps.eta)
        assert None in (ours.bound, steps.bound) or ours.bound.value == steps.bound.value


@pytest.mark.parametrize("loss", ["squared", "logistic", "softmax"])
@pytest.mark.parametrize("eta", ["50", "1e100", "1e300"])
def test_divergence_at_the_same_step(go, problem, loss, eta) -> None:
    found = both(go, problem(loss), method="sgd", eta=eta, l2=0.5, steps=2000)
    assert found[0][0].stopped is found[1][0].stopped is Stopped.DIVERGED
    assert found[0][0].t == found[1][0].t


def test_a_bounded_loss_whose_predictions_overflow_diverged(go, problem) -> None:
    """R stays finite where p is not: the loop itself says so."""
    for run, _ in both(
        go, problem(), method="sgd", loss="1/(1 + (p - y)^2) + (p - y)^2/1e300", eta="1e305", steps=3000
    ):
        assert run.stopped is Stopped.DIVERGED


@pytest.mark.parametrize("loss", ["squared", "logistic", "huber", "softmax"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_full_gradients_agree(go, problem, loss, l2) -> None:
    (_, ours), (_, others) = both(go, problem(loss), loss=loss, l2=l2, steps=10, gap=0.0)
    for a, b in zip(ours, others, strict=True):
        assert a.theta == pytest.approx(b.theta, rel=1e-11, abs=1e-13)
        assert a.risk == pytest.approx(b.risk, rel=1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_the_gram_form_takes_the_steps_of_passes(problem, l2, scale) -> None:
    data = problem(N=40_000, d=4)
    data = replace(data, X=data.X * np.array([scale, 1.0, 1.0, 1.0]))
    options = Options(l2=l2, steps=100, gap=0.0, standardise=False, every=25, eta="1/(20*L)")
    plan = prepare(data, options)
    assert plan.engine.quadratic == 7
    assert plan.engine.reason.endswith("after 7 passes by X^T X")
    passes = replace(plan, engine=replace(plan.engine, quadratic=None))
    for ours, theirs in zip(Run(plan, lambda: 0.0), Run(passes, lambda: 0.0), strict=True):
        assert ours.theta == pytest.approx(theirs.theta, rel=1e-10, abs=1e-12)
        # R and its gap are of a pass in both.
        assert ours.risk == plan.risk.value_and_gradient(ours.theta)[0]
        assert ours.gap == plan.certificate.gap(ours.theta)


def test_the_gram_form_stops_below_the_gap(go, problem) -> None:
    run, steps = go(problem(N=40_000, d=4), gap=1e-13)
    assert run.plan.engine.quadratic is not None
    assert run.stopped is Stopped.GAP
    assert steps[-1].gap.upper <= 1e-13


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "jit"}, "unknown engine 'jit'"),
        ({"threads": 0}, "--threads is 0"),
    ],
)
def test_an_engine_that_cannot_be(problem, options, message) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        prepare(problem(), Options(**options))
    assert caught.value.hint


def test_classes_that_are_not_active_are_numpys_work(problem) -> None:
    plan = prepare(problem("softmax"), Options())
    part = replace(plan.risk, active=np.ones((3, 24), dtype=bool))
    assert choose(part, plan.options, 10**9, plan.method).reason == "its steps are numpy's"
    with pytest.raises(UsageError, match="gd with softmax loss is not compiled") as caught:
        choose(part, replace(plan.options, engine="compile"), 10, plan.method)
    assert caught.value.hint == "leave --engine compile away: it runs with numpy"


def test_there_is_no_compiler(problem, monkeypatch) -> None:
    monkeypatch.setattr(native, "available", lambda: False)
    plan = prepare(problem(), Options(method="sgd", steps=10**9))
    assert (plan.engine.name, plan.engine.reason) == ("interpret", "there is no compiler here")
    with pytest.raises(UsageError, match="there is no compiler here"):
        choose(plan.risk, replace(plan.options, engine="compile"), 10, plan.method)


def test_a_user_without_a_home_is_told_that_code_is_not_kept(problem, monkeypatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("gdcli.data.folders.cache_folder", homeless)
    plan = prepare(problem(), Options(method="sgd", engine="compile"))
    assert plan.engine.reason.endswith("; compiled code is not kept: there is no folder for it")


def test_the_head_says_which_engine_and_why(go, problem) -> None:
    run, steps = go(problem(), method="sgd", steps=20, engine="compile")
    found = report.run_report(run, steps[-1]).head
    assert (found.engine, found.threads) == ("compile", 1)
    assert found.engine_reason == "asked for; 20 steps with 1 row of 4 numbers"
    run, steps = go(problem(), steps=20)
    found = report.run_report(run, steps[-1]).head
    assert (found.engine, found.engine_reason) == ("interpret", "20 passes over 24 rows of 4 numbers: little work")
    run, steps = go(problem("softmax"), steps=20)
    assert report.run_report(run, steps[-1]).head.engine_reason == (
        "20 passes over 24 rows of 4 numbers for 3 classes: little work"
    )


PROGRAM = """
import json, sys
from gdcli.__main__ import main
try:
    main()
except SystemExit:
    pass
from gdcli.data.folders import cache_folder
compiled = loaded = None
if "llvmlite" in sys.modules:
    from gdcli.kernels.native.machine import machine
    found = machine(cache_folder() / "kernels")
    compiled, loaded = found.compiled, found.loaded
print(json.dumps([compiled, loaded, "sympy" in sys.modules]))
"""


@pytest.mark.parametrize("name", ["diabetes", "iris3"])
def test_a_second_run_compiles_nothing_and_derives_nothing(tmp_path, monkeypatch, name) -> None:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path))
    found = []
    for method in ("sgd", "sgd", "gd", "gd"):
        command = ["descend", name, "--method", method, "--engine", "compile", "--steps", "20", "--json"]
        done = subprocess.run([sys.executable, "-c", PROGRAM, *command], capture_output=True, text=True, check=True)
        *lines, counts = done.stdout.splitlines()
        document = json.loads("\n".join(lines))
        assert (document["engine"], math.isfinite(document["risk"])) == ("compile", True)
        found.append((json.loads(counts), document["theta"]))
    (first, theta), (second, again), (full, _), (full_again, _) = found
    # The loop, which draws; then the two passes.
    assert (first, second) == ([1, 1, False], [0, 1, False])
    assert (full, full_again) == ([2, 2, False], [0, 2, False])
    assert theta == again


def test_a_matrix_in_a_file_is_read_by_numpy_unless_compiled_code_is_asked_for(problem, monkeypatch) -> None:
    monkeypatch.setattr("gdcli.descent.engine.mapped", lambda X: True)
    plan = prepare(problem(), Options(steps=30))
    assert plan.engine.reason == "30 passes over 24 rows of 4 numbers, which lie in a file"
    assert (plan.engine.name, plan.engine.passes) == ("interpret", None)
    assert prepare(problem(), Options(steps=30, engine="compile")).engine.passes is not None


@pytest.mark.parametrize("loss", ["squared", "softmax"])
def test_drawn_rows_of_a_matrix_in_a_file_take_the_same_steps(go, problem, monkeypatch, loss) -> None:
    options = {"method": "sgd", "steps": 400, "gap": 0.0, "every": 90}
    whole = both(go, problem(loss), **options)
    monkeypatch.setattr("gdcli.descent.draws.mapped", lambda X: True)
    monkeypatch.setattr("gdcli.descent.draws.release", lambda X: None)
    monkeypatch.setattr("gdcli.data.sampling._GATHERED", 50)
    apart = both(go, problem(loss), **options)
    same_bits(apart)
    same_bits([whole[0], apart[0]])


@pytest.mark.parametrize("options", [["--method", "sgd", "--l2", "0.01"], ["--method", "sgd", "--batch", "7"]], ids=str)
def test_the_command_has_the_same_bits_for_classes(options) -> None:
    found = []
    for engine in ("interpret", "compile"):
        code, out, _ = inprocess.run("descend", "iris3", *options, "--engine", engine, "--json")
        assert code == 0
        document = json.loads(out)
        assert document["engine"] == engine
        found.append([document[name] for name in ("theta", "risk", "gap", "step", "averaged")])
    assert found[0] == found[1]


def test_the_command_says_which_engine_and_why() -> None:
    code, out, _ = inprocess.run("descend", "diabetes", "-v", "--steps", "5")
    assert code == 0
    assert "engine: interpret (5 passes over 442 rows of 11 numbers: little work)" in " ".join(out.split())
    code, _, err = inprocess.run("descend", "diabetes", "--engine", "jit")
    assert (code, "unknown engine 'jit'" in err) == (2, True)
    assert "the engines are auto, interpret, compile" in err


@pytest.mark.parametrize("loss", ["squared", "logistic", "huber"])
@pytest.mark.parametrize("method", ["saga", "sag", "svrg"])
def test_rows_in_a_file_that_are_remembered_give_the_same_bits(tmp_path, problem, method, loss) -> None:
    """One row at a time by numpy there, a compiled loop for rows in memory."""
    rows = problem("logistic" if loss == "logistic" else "squared", N=60, d=5)
    np.save(tmp_path / "X.npy", rows.X)
    there = replace(rows, X=np.load(tmp_path / "X.npy", mmap_mode="r"))
    options = Options(method=method, loss=loss, l2=0.1, standardise=False, intercept=False, steps=200, gap=0.0)
    plans = [prepare(there, options), prepare(rows, replace(options, engine="compile"))]
    assert [plan.engine.reason == "its steps are numpy's" for plan in plans] == [True, False]
    ours, theirs = ([*Run(plan, lambda: 0.0)][-1] for plan in plans)
    assert ours.theta.tobytes() == theirs.theta.tobytes()
    assert (ours.work, ours.eta) == (theirs.work, theirs.eta)
