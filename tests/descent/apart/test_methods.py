"""Every method over rows in parts takes the steps it takes where all rows are at hand."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from gdcli.data.dataset import Dataset
from gdcli.data.partitions import portions, reading
from gdcli.data.problems import locate
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.descent.method import find, names
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.rates.measure import Rates
from gdcli.descent.report import run_report
from gdcli.descent.run import Run
from gdcli.errors import UsageError
from gdcli.risk.apart.compiled import CompiledRisk
from gdcli.risk.losses import LOSSES as LOSSES_BY_NAME
from gdcli.risk.losses import compile_loss
from gdcli.risk.models.linear import LinearRisk
from tests.oracles.holders import Holders

STEPS = 100
# What remembers a number for each row.
LOCAL = {name for name in names() if find(name).remembers == "last"}
LOSSES = {"diabetes": ("squared", "huber", "logcosh"), "breast_cancer": ("logistic", "squared_hinge", "exponential")}
# Methods whose step sizes amplify rounding, near the minimum to all of theta: so many steps, and so near.
AMPLIFYING = {"adgd": (10, 1e-9), "lbfgs": (10, 1e-9), "polyak": (10, 1e-9), "armijo": (10, 1e-9)}


def both(name: str, monkeypatch: pytest.MonkeyPatch, size: int = 1 << 12) -> tuple[Dataset, Dataset]:
    cut = portions.portions
    monkeypatch.setattr(reading, "portions", lambda files, columns: cut(files, columns, size))
    path = str(locate(name))
    return read(path), reading.read(Holders(), path, None, None, UNWATCHED)


def run(dataset: Dataset, **options: object) -> Run:
    found = Run(prepare(dataset, Options(**options)), time.perf_counter)  # type: ignore[arg-type]
    for _ in found:
        pass
    return found


@pytest.mark.parametrize("method", sorted(set(names()) - LOCAL))
@pytest.mark.parametrize("name", LOSSES)
def test_theta_is_that_of_all_rows_at_once(method: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = both(name, monkeypatch)
    loss, batch = LOSSES[name][0], {"batch": 8} if find(method).draws else {}
    steps, near = AMPLIFYING.get(method, (STEPS, 1e-12))
    common = {"method": method, "loss": loss, "steps": steps, "gap": 0.0, "l2": 0.01, **batch}
    local, apart = run(here, engine="interpret", **common), run(there, engine="dask", **common)
    assert apart.t == local.t
    distance = np.linalg.norm(apart.theta - local.theta) / np.linalg.norm(local.theta)
    assert distance <= near
    assert apart.plan.engine.name == "dask"


@pytest.mark.parametrize("loss", [(name, loss) for name, losses in LOSSES.items() for loss in losses])
def test_the_report_is_that_of_all_rows_at_once(loss: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = both(loss[0], monkeypatch)
    reports = []
    for dataset, engine in ((here, "interpret"), (there, "dask")):
        found = run(dataset, engine=engine, loss=loss[1], steps=300, l2=0.1)
        reports.append(run_report(found, found.look()))
    local, apart = reports
    assert apart.risk_optimum == pytest.approx(local.risk_optimum, rel=1e-13)
    assert apart.risk == pytest.approx(local.risk, rel=1e-12)
    assert max(apart.gap_lower, local.gap_lower) <= min(apart.gap_upper, local.gap_upper)
    assert apart.reason == local.reason
    assert apart.condition is not None
    assert apart.condition == pytest.approx(local.condition, rel=1e-6)
    assert apart.head.constants.kappa_raw == pytest.approx(local.head.constants.kappa_raw, rel=1e-6)
    assert [bound.name for bound in apart.bounds] == [bound.name for bound in local.bounds]
    for mine, its in zip(apart.bounds, local.bounds, strict=True):
        assert mine.value == (None if its.value is None else pytest.approx(its.value, rel=1e-6))
    assert apart.theta == pytest.approx(local.theta, rel=1e-9)


REFUSED = {
    "softmax loss": {"loss": "softmax"},
    "--model": {"model": "a*bmi"},
    "--l1": {"l1": 1.0, "method": "fista"},
    "absolute loss has kinks": {"loss": "absolute"},
    "--holdout": {"holdout": 0.2},
    "--sampling shuffle": {"sampling": "shuffle", "method": "sgd"},
    "is not known to be convex": {"loss": "1 - exp(-(p-y)^2)"},
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_takes_all_rows_in_one_place_is_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both("diabetes", monkeypatch)
    with pytest.raises(UsageError) as error:
        prepare(there, Options(engine="dask", **REFUSED[what]))  # type: ignore[arg-type]
    assert what in str(error.value)
    assert error.value.hint


def test_what_remembers_a_gradient_a_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both("diabetes", monkeypatch)
    for method in LOCAL:
        with pytest.raises(UsageError, match=f"{method} remembers"):
            prepare(there, Options(engine="dask", method=method))


def test_a_loss_by_a_formula_is_judged_by_a_few_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = both("diabetes", monkeypatch)
    local = run(here, engine="interpret", loss="sqrt(1 + (p - y)^2)", steps=50, eta="0.5")
    apart = run(there, engine="dask", loss="sqrt(1 + (p - y)^2)", steps=50, eta="0.5")
    np.testing.assert_allclose(apart.theta, local.theta, rtol=1e-9)
    assert apart.plan.risk.loss == local.plan.risk.loss


def test_counts_below_zero_are_told(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text("x,y\n1,2\n2,-3\n3,4\n")
    there = reading.read(Holders(), str(file), None, None, UNWATCHED)
    with pytest.raises(UsageError, match=r"poisson loss needs counts >= 0, and 'y' is -3"):
        prepare(there, Options(engine="dask", loss="poisson"))


def test_rates_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both("diabetes", monkeypatch)
    with pytest.raises(UsageError, match="not over a cluster"):
        Rates(there, Options(engine="dask"), ["gd"], seeds=1, at="steps", clock=time.perf_counter)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_compiled_sums_of_a_part_are_those_of_numpy(loss: str) -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(50_000, 6))
    y = np.sign(X[:, 0] + rng.normal(size=50_000))
    plain = LinearRisk(X, y, compile_loss(LOSSES_BY_NAME[loss]), np.zeros(6))
    compiled = CompiledRisk(plain.X, plain.y, plain.kernel, plain.penalty)
    assert compiled.passes is not None
    theta = rng.normal(size=6)
    (value, gradient), (its_value, its_gradient) = plain.sums(theta), compiled.sums(theta)
    assert its_value == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(its_gradient, gradient, rtol=1e-10, atol=1e-9)
    assert its_gradient.tobytes() == compiled.sums(theta)[1].tobytes()
