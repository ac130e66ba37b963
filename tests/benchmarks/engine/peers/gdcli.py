"""gdcli itself: all that these benchmarks touch of its insides is here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gdcli.data.dataset import Dataset, Origin
from gdcli.descent.loops.chunks import InChunks
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.state import State
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.descent.run import Run
from tests.benchmarks.engine.data import BATCH, ETA, Given, Outcome

TITLE = "gdcli"


def planned(given: Given, **options: Any) -> Plan:
    """What the command prepares, without intercept and scaling."""
    X, y = given.rows()
    labels = ("-1", "+1") if given.loss == "logistic" else None
    names = tuple(f"x{j}" for j in range(1, X.shape[1] + 1))
    target = (y > 0).astype(float) if labels else y
    data = Dataset(X, target, names, "y", labels, Origin("made", len(X), "", True, ","), ())
    fixed = {"loss": given.loss, "intercept": False, "standardise": False, "gap": 0.0, "engine": "compile"}
    return prepare(data, Options(**{**fixed, "threads": given.threads, **options, **given.options}))


def drawn(sampling: str, batch: int = 1) -> Callable[[Given], Callable[[], Outcome]]:
    """One epoch of SGD with a constant step size, without the log: what looks at a run is a part of its own."""

    def make(given: Given) -> Callable[[], Outcome]:
        eta = ETA * batch
        plan = planned(given, method="sgd", epochs=1.0, eta=str(eta), sampling=sampling, batch=batch)
        loop = plan.engine.loop
        assert loop is not None

        def job() -> Outcome:
            run = InChunks(plan, Judge.of(plan, 0.0), State(plan.theta0, plan.theta0, eta), loop)
            run.go_to(plan.steps)
            return Outcome(run.state.theta, plan.steps * batch)

        return job

    return make


def full(given: Given) -> Callable[[], Outcome]:
    """R and its gradient by one pass."""
    plan = planned(given, steps=1000)
    passes, theta = plan.engine.passes, np.full(plan.risk.width, 0.1)
    assert passes is not None

    def job() -> Outcome:
        value, slopes = passes.value_and_gradient(theta)
        return Outcome(np.concatenate([[value], slopes]), plan.risk.rows)

    return job


def run(given: Given) -> Callable[[], Outcome]:
    """A whole run as the command makes it, its log included."""
    plan = planned(given, method="sgd")

    def job() -> Outcome:
        *_, last = Run(plan, time.perf_counter)
        return Outcome(last.theta, last.t)

    return job


JOBS = {
    "uniform": drawn("uniform"),
    "shuffled": drawn("shuffle"),
    "in order": drawn("order"),
    f"batches of {BATCH}": drawn("order", BATCH),
    "gradient": full,
    "run": run,
}
