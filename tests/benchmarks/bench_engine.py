"""The engine beside scikit-learn, JAX, PyTorch and numpy: the same data, the same number of steps, the risk compared.

    python tests/benchmarks/bench_engine.py [ROWS]

Single-sample SGD in million rows a second (ROWS x 4 and x 20, a fifth of ROWS x 100), full gradients in ms beside the
memory's own speed, and whole processes. All in alternation; the best of a few rounds counts, as others may use the
machine. What is not installed is said and left out. Prints Markdown.
"""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from gdcli.data.dataset import Dataset, Origin
from gdcli.data.folders import cache_folder
from gdcli.descent.loops.chunks import InChunks
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.state import State
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.kernels.native import engine
from gdcli.kernels.native.model import Linear
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Task
from gdcli.risk.models.linear import LinearRisk

ROUNDS = 3
LOSSES = ("logistic", "squared")
ETA = 0.002
Job = Callable[[], Any]


def main() -> None:
    """Print the tables."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {machine()}, best of {ROUNDS} in alternation")
    print(f"Not installed, left out: {', '.join(name for name in PEERS if not find_spec(name)) or 'none'}\n")
    print("| SGD, one row a step | rows | million rows/s | of the best peer drawing so | R at the end |")
    print("|---|---|---|---|---|")
    for width in (4, 20, 100):
        for loss in LOSSES:
            sgd(loss, rows if width < 100 else rows // 5, width)
    print("\n| full gradient | rows | ms | GB/s | R |\n|---|---|---|---|---|")
    for width in (20, 100):
        for loss in LOSSES:
            full(loss, rows if width < 100 else rows // 5, width)
    print("\n| whole process, second run | s | of scikit-learn's |\n|---|---|---|")
    for count, width, epochs in ((500, 5, 100), (100_000, 20, 5)):
        whole(count, width, epochs)


PEERS = ("sklearn", "jax", "torch", "vowpalwabbit", "mlpack")


def machine() -> str:
    """The processor and what runs on it."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0] if names else model
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {model}, Python {platform.python_version()}, numpy {np.__version__}, {load}"


def sample(loss: str, rows: int, width: int) -> tuple[Any, Any]:
    """Rows of independent normal numbers, and targets with noise."""
    rng = np.random.default_rng(width)
    X = rng.standard_normal((rows, width))
    clean = X @ (np.ones(width) / np.sqrt(width))
    if loss == "squared":
        return X, clean + 0.5 * rng.standard_normal(rows)
    return X, np.where(rng.uniform(size=rows) < 1 / (1 + np.exp(-2 * clean)), 1.0, -1.0)


def planned(loss: str, X: Any, y: Any, **options: Any) -> Plan:
    """What the command prepares."""
    labels = ("-1", "+1") if loss == "logistic" else None
    target = (y > 0).astype(float) if loss == "logistic" else y
    names = tuple(f"x{j}" for j in range(X.shape[1]))
    data = Dataset(X, target, names, "y", labels, Origin("made", len(X), "", True, ","), ())
    given = {"loss": loss, "intercept": False, "standardise": False, "gap": 0.0, **options}
    return prepare(data, Options(**given))


def best(jobs: dict[str, Job]) -> dict[str, tuple[float, Any]]:
    """The least seconds of each job, all in alternation, and what the last one returned."""
    found: dict[str, tuple[float, Any]] = {}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            start = time.perf_counter()
            result = job()
            seconds = time.perf_counter() - start
            found[name] = (min(seconds, found.get(name, (seconds, None))[0]), result)
    return found


def sgd(loss: str, rows: int, width: int) -> None:
    """One epoch with a constant step size, by each way."""
    X, y = sample(loss, rows, width)
    # One epoch without the log: what looks at the run is timed by whole processes.
    uniform = planned(loss, X, y, method="sgd", steps=rows, eta=str(ETA), engine="compile")
    shuffled = replace(uniform, options=replace(uniform.options, sampling="shuffle"))
    jobs: dict[str, Job] = {
        "gdcli, uniform": lambda: stepped(uniform),
        "gdcli, shuffled": lambda: stepped(shuffled),
        "gdcli engine, in order": in_order(uniform),
        **dict(_peers(loss, X, y)),
    }
    for job in jobs.values():
        job()
    found = best(jobs)
    for name, (seconds, theta) in found.items():
        kind = name.rpartition(", ")[2]
        peers = [s for other, (s, _) in found.items() if other.endswith(kind) and not other.startswith("gdcli")]
        ratio = f"{min(peers) / seconds:.1f}" if name.startswith("gdcli") and peers else ""
        print(
            f"| {name}, {loss} d={width} | {rows} | {rows / seconds / 1e6:.1f} | {ratio} "
            f"| {uniform.risk.value(np.asarray(theta)):.8g} |",
            flush=True,
        )


def stepped(plan: Plan) -> Any:
    """theta after all steps."""
    assert plan.engine.loop is not None
    start = State(plan.theta0, plan.theta0, ETA)
    loop = InChunks(plan, Judge.of(plan, 0.0), start, plan.engine.loop)
    # The goal is asked for at the end of the epoch: one step before that.
    loop.go_to(plan.steps - 1)
    return loop.state.theta


def in_order(plan: Plan) -> Job:
    """The loop alone over the rows as they stand, which the command does not offer."""
    assert isinstance(plan.risk, LinearRisk)
    task = Task(plan.risk.kernel.derived, Linear(plan.risk.width), plan.risk.X, plan.risk.y, plan.risk.penalty)
    steps = engine.steps(task, task.X.shape[0], "compile", cache_folder() / "kernels")
    rows = np.arange(len(task.y)).reshape(-1, 1)
    etas = np.full(len(rows), ETA)

    def job() -> Any:
        theta = np.zeros(task.model.parameters)
        steps.advance(theta, theta.copy(), rows, etas, Tally(0.0, 0.0, 0.0, 1.0, 0.0, 0.0))
        return theta

    return job


def _peers(loss: str, X: Any, y: Any) -> Iterator[tuple[str, Job]]:
    if find_spec("sklearn"):
        for shuffle in (True, False):
            yield f"scikit-learn, {'shuffled' if shuffle else 'in order'}", sklearn_sgd(loss, X, y, shuffle)
    if find_spec("jax"):
        for uniform in (True, False):
            yield f"JAX lax.scan, {'uniform' if uniform else 'in order'}", jax_sgd(loss, X, y, uniform)


def sklearn_sgd(loss: str, X: Any, y: Any, shuffle: bool) -> Job:
    """One epoch of SGDClassifier or SGDRegressor with the same step size and no penalty."""
    from sklearn.linear_model import SGDClassifier, SGDRegressor

    kind, name = (SGDClassifier, "log_loss") if loss == "logistic" else (SGDRegressor, "squared_error")
    fit = {"alpha": 0.0, "penalty": None, "learning_rate": "constant", "eta0": ETA, "max_iter": 1, "tol": None}

    def job() -> Any:
        model = kind(loss=name, fit_intercept=False, shuffle=shuffle, random_state=0, **fit)
        return model.fit(X, y).coef_.ravel()

    return job


def jax_sgd(loss: str, X: Any, y: Any, uniform: bool) -> Job:
    """lax.scan over the rows, drawn inside where they are drawn; double precision."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def slope(p: Any, t: Any) -> Any:
        return -t * jax.nn.sigmoid(-t * p) if loss == "logistic" else p - t

    def step(theta: Any, row: Any) -> Any:
        x, t = (data[0][row], data[1][row]) if uniform else row
        return theta - ETA * slope(x @ theta, t) * x, None

    data = jnp.asarray(X), jnp.asarray(y)

    @jax.jit
    def epoch(theta: Any, key: Any) -> Any:
        rows = jax.random.randint(key, (len(y),), 0, len(y)) if uniform else data
        return jax.lax.scan(step, theta, rows)[0]

    return lambda: np.asarray(epoch(jnp.zeros(X.shape[1]), jax.random.key(0)))


def full(loss: str, rows: int, width: int) -> None:
    """R and its gradient by one pass, and how fast the same memory can be read."""
    X, y = sample(loss, rows, width)
    plan = planned(loss, X, y, steps=1000, engine="compile")
    risk, theta = plan.risk, np.full(width, 0.1)
    assert plan.engine.passes is not None
    assert isinstance(risk, LinearRisk)
    passes = plan.engine.passes
    jobs: dict[str, Job] = {
        f"gdcli, {passes.threads} threads": lambda: passes.value_and_gradient(theta)[0],
        "numpy, two passes": lambda: two_passes(risk, theta),
        "numpy in blocks": lambda: risk.value_and_gradient(theta)[0],
        "reading alone (X.sum())": lambda: X.sum(),
    }
    if find_spec("jax"):
        jobs["JAX"] = jax_full(loss, X, y, theta)
    for job in jobs.values():
        job()
    for name, (seconds, value) in best(jobs).items():
        shown = "" if "reading" in name else f"{float(value):.10g}"
        rate = X.nbytes / seconds / 1e9
        print(f"| {name}, {loss} d={width} | {rows} | {1e3 * seconds:.2f} | {rate:.1f} | {shown} |", flush=True)


def two_passes(risk: LinearRisk, theta: Any) -> float:
    """As anybody would write it."""
    p = risk.X @ theta
    gradient = risk.X.T @ risk.kernel.first(p, risk.y) / risk.rows
    return float(np.mean(risk.kernel.value(p, risk.y))) + 0.0 * float(gradient[0])


def jax_full(loss: str, X: Any, y: Any, theta: Any) -> Job:
    """value_and_grad of the mean loss, compiled."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def mean(at: Any, X: Any, y: Any) -> Any:
        p = X @ at
        return jnp.mean(jnp.logaddexp(0.0, -y * p) if loss == "logistic" else (p - y) ** 2 / 2)

    found, data = jax.jit(jax.value_and_grad(mean)), (jnp.asarray(X), jnp.asarray(y))
    return lambda: float(found(theta, *data)[0].block_until_ready())


SCRIPT = """
import numpy as np
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler
data = np.loadtxt({path!r}, delimiter=",", skiprows=1)
X = StandardScaler().fit_transform(data[:, :-1])
model = SGDClassifier(loss="log_loss", penalty=None, max_iter={epochs}, tol=None).fit(X, data[:, -1])
print(np.mean(np.logaddexp(0, -(2 * data[:, -1] - 1) * model.decision_function(X))))
"""


def whole(rows: int, width: int, epochs: int) -> None:
    """From a CSV file to theta in a process of its own, all caches warm."""
    X, y = sample("logistic", rows, width)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        names = ",".join([*(f"x{j}" for j in range(width)), "y"])
        np.savetxt(path, np.column_stack([X, y > 0]), delimiter=",", header=names, comments="", fmt="%.6g")
        options = ["--method", "sgd", "--loss", "logistic", "--epochs", str(epochs), "--gap", "0", "-q"]
        commands = {"gdcli": [sys.executable, "-m", "gdcli", "descend", str(path), *options]}
        if find_spec("sklearn"):
            commands["scikit-learn"] = [sys.executable, "-c", SCRIPT.format(path=str(path), epochs=epochs)]
        jobs: dict[str, Job] = {name: _command(command) for name, command in commands.items()}
        for job in jobs.values():
            job()
        found = best(jobs)
    other = found.get("scikit-learn", (float("nan"), None))[0]
    for name, (seconds, _) in found.items():
        print(f"| {name}, {rows} x {width}, {epochs} epochs | {seconds:.3f} | {seconds / other:.2f} |", flush=True)


def _command(command: list[str]) -> Job:
    # What pip installs has its bytecode beside it; a source folder gets its own in the first run.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


if __name__ == "__main__":
    main()
