"""What a whole run takes of memory, and runs on data larger than they may take: the same bits."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from gdcli import sizes
from gdcli.data import room
from gdcli.data.dataset import Dataset
from gdcli.descent import report
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.errors import ExhaustedError, UsageError
from gdcli.results.descend import RunReport
from gdcli.risk.truth import held
from tests.descent.conftest import dataset, sample

WIDTH = 20
MATRIX = 8 * WIDTH
# Of a float64 matrix: what a run may take beside what any run takes.
MOST = 1.5

# RLIMIT_DATA counts all private memory that can be written, touched or not; shared maps of files do not count.
LIMITED = """
import functools, resource, sys, threading
import numpy as np
from gdcli.data import room, store
from gdcli.data.readers import csv, libsvm, ndjson, npy
from gdcli.descent import report
from gdcli.descent.models import formula
from gdcli.descent.load import Source, open_problem
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
def descend(name, **options):
    plan = prepare(*open_problem(Source(name), options))
    run = Run(plan, lambda: 0.0)
    *_, last = run
    found = report.run_report(run, last)
    return found.theta_optimised, found.gap, found.gap_lower, found.gap_upper, found.condition, run.t
def status(key):
    return int(next(line for line in open("/proc/self/status") if line.startswith(key)).split()[1]) << 10
path, size, loss, method, engine, *model = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
options = dict(loss=loss, method=method, engine=engine)
if model:
    options["model"] = model[0]
if loss == "absolute" and method == "sgd":
    # Without a curvature a model by formula has no step size of its own.
    options["eta"] = "0.001"
# A process of its own derives, which has a bound of its own.
derived = functools.cache(formula.parametric)
formula.parametric = lambda *args, budget: derived(*args)
threading.stack_size(1 << 20)
np.ones((300, 300)) @ np.ones((300, 300))
# What any run loads and keeps.
descend(path + ".small.npy", steps=5, **options)
if size:
    # A MiB for what malloc keeps in pieces, which differs from run to run.
    allowed = status("VmData") + size + (1 << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
    options["memory"] = str(size)
print(repr(descend(path, steps=50, **options)))
"""


def write(folder: Path, rows: int, loss: str = "squared") -> Path:
    rng = np.random.default_rng(rows)
    values = rng.normal(size=(rows, WIDTH + 1))
    signal = values[:, :-1] @ rng.normal(size=WIDTH) / 4
    if loss in ("logistic", "squared_hinge"):
        values[:, -1] = rng.uniform(size=rows) < 1 / (1 + np.exp(-signal))
    else:
        values[:, -1] += signal
    path = folder / f"{loss}{rows}.npy"
    np.save(path, values)
    np.save(f"{path}.small.npy", values[:1000])
    return path


def peak(path: Path, *options: str) -> int:
    """The most memory (bytes, resident) that the command took."""
    command = [sys.executable, "-m", "gdcli", "descend", str(path), "--steps", "60", "-q", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    return usage.ru_maxrss << 10


def taken(folder: Path, small: int, large: int, loss: str, *options: str) -> float:
    """The memory that more rows take, in units of their float64 matrix; the compiler is among what any run takes."""
    options = (*options, "--engine", "compile")
    paths = write(folder, small, loss), write(folder, large, loss)
    first, second = (peak(path, "--loss", loss, *options) for path in paths)
    return (second - first) / (MATRIX * (large - small))


@pytest.mark.parametrize("loss", ["squared", pytest.param("logistic", marks=pytest.mark.slow)])
def test_a_run_takes_one_and_a_half_times_the_matrix(tmp_path: Path, loss: str) -> None:
    assert taken(tmp_path, 50_000, 350_000, loss) <= MOST


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["squared", "logistic", "huber"])
@pytest.mark.parametrize("options", [(), ("--method", "sgd"), ("--l2", "0.1"), ("--raw",)])
def test_so_does_a_run_on_160_megabytes(tmp_path: Path, loss: str, options: tuple[str, ...]) -> None:
    assert taken(tmp_path, 50_000, 1_000_000, loss, *options) <= MOST


def limited(path: Path, size: int, *options: str) -> str:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    command = [sys.executable, "-c", LIMITED, str(path), str(size), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def compare(folder: Path, *options: str) -> None:
    """In memory, and with a tenth of the data's size (and a MiB) for everything: the same bits."""
    path = write(folder, 1_000_000, options[0])
    size = path.stat().st_size
    assert limited(path, size // 10, *options) == limited(path, 0, *options)


@pytest.mark.parametrize(
    ("loss", "method", "engine"),
    [pytest.param("squared", "gd", "interpret", marks=pytest.mark.slow), ("logistic", "sgd", "interpret")],
)
def test_data_ten_times_the_memory_give_the_same_bits(tmp_path: Path, loss: str, method: str, engine: str) -> None:
    compare(tmp_path, loss, method, engine)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["interpret", "compile"])
@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize("loss", ["squared", "logistic", "huber", "squared_hinge"])
def test_and_so_do_other_losses(tmp_path: Path, loss: str, method: str, engine: str) -> None:
    compare(tmp_path, loss, method, engine)


CURVED = "b1*(1 - exp(-b2*x1)) + b3*x2*x3"


@pytest.mark.slow
def test_so_does_a_model_by_formula(tmp_path: Path) -> None:
    compare(tmp_path, "squared", "gd", "interpret", CURVED)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["interpret", "compile"])
@pytest.mark.parametrize("method", ["gd", "sgd"])
@pytest.mark.parametrize(
    ("loss", "model"), [("squared", CURVED), ("huber", CURVED), ("absolute", CURVED), ("huber", "b0 + b1*x1 + 2*x4")]
)
def test_and_so_do_others(tmp_path: Path, loss: str, model: str, method: str, engine: str) -> None:
    compare(tmp_path, loss, method, engine, model)


def classes(loss: str, N: int = 300) -> Dataset:
    data = sample("logistic" if loss in ("logistic", "squared_hinge", "hinge", "exponential") else "squared", N=N)
    if loss == "poisson":
        data = replace(data, y=np.floor(np.abs(data.y)))
    return dataset(data.X, np.arange(N) % 3, ("a", "b", "c")) if loss == "softmax" else data


def go(loss: str, machine: int | None, **options: object) -> RunReport:
    """A run on a machine of so many bytes."""
    data = classes(loss)
    with pytest.MonkeyPatch.context() as patch:
        if machine is not None:
            patch.setattr(room, "_machine", lambda: machine)
        # SGD has no step size that is proven safe for losses of unbounded curvature.
        plan = prepare(data, Options(loss=loss, steps=40, eta="0.001", **options))  # type: ignore[arg-type]
        assert room.mapped(plan.risk.X) == (machine is not None)  # type: ignore[attr-defined]
        run = Run(plan, lambda: 0.0)
        *_, last = run
        return report.run_report(run, last)


LOSSES = ["squared", "logistic", "huber", "logcosh", "squared_hinge", "exponential", "poisson", "softmax"]
KINKED = ["absolute", "quantile", "hinge"]


@pytest.mark.parametrize("loss", LOSSES + KINKED)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"l2": 0.1},
        {"method": "sgd"},
        {"method": "sgd", "batch": 7, "seed": 3},
        {"method": "sgd", "batch": 7, "sampling": "shuffle"},
        {"standardise": False},
    ],
    ids=str,
)
def test_where_the_matrix_lies_changes_no_bit(loss: str, options: dict[str, object]) -> None:
    inside, outside = go(loss, None, **options), go(loss, 1000, **options)
    assert outside.head.data.choices[-1] == "X takes 0 MB: it lies in a file and is read in blocks"
    assert outside.theta_optimised == inside.theta_optimised
    assert (outside.gap_lower, outside.gap, outside.gap_upper) == (inside.gap_lower, inside.gap, inside.gap_upper)
    assert outside.bounds == inside.bounds
    assert outside.condition == inside.condition


@pytest.mark.parametrize("loss", [*KINKED, "softmax"])
def test_a_bound_that_cannot_be_kept_is_an_error_before_the_run(loss: str) -> None:
    try:
        room.bound(10_000)
        said = rf"^{loss} loss holds about \d+kB at once, and --memory allows 10kB$"
        with pytest.raises(ExhaustedError, match=said) as caught:
            prepare(classes(loss), Options(loss=loss))
        enough = re.match(r"--memory (\d+kB), fewer rows", str(caught.value.hint))
        assert enough
        room.bound(sizes.size(enough[1]))
        prepare(classes(loss), Options(loss=loss))
    finally:
        room.bound(None)


PENALTIES = [
    *product([*KINKED, "softmax"], [0.0], [0.0, 0.1]),
    *product(["squared", "logistic", "huber"], [0.01], [0.0]),
]


@pytest.mark.parametrize(("loss", "l1", "l2"), PENALTIES)
def test_no_more_is_held_than_is_said(loss: str, l1: float, l2: float) -> None:
    data = classes(loss, 4000)
    prepare(classes(loss), Options(loss=loss, l1=l1))
    tracemalloc.start()
    try:
        plan = prepare(data, Options(loss=loss, l1=l1, l2=l2, steps=5))
        run = Run(plan, lambda: 0.0)
        *_, last = run
        report.run_report(run, last)
        assert tracemalloc.get_traced_memory()[1] < held(plan.risk)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "expected"), [("2GB", 2 * 10**9), ("1.5 MiB", 3 << 19), ("1000", 1000), ("1kb", 1000)]
)
def test_sizes(text: str, expected: int) -> None:
    assert sizes.size(text, "") == expected


@pytest.mark.parametrize("text", ["", "much", "-1GB", "2GBB", "1e400", "nan", "2 G B", "\x1b[31m"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="is no size") as caught:
        sizes.size(text, hint="write it like 2GB")
    assert caught.value.hint == "write it like 2GB"
    assert "\x1b" not in str(caught.value)


def test_the_command_takes_the_option() -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gdcli", "descend", "diabetes", "--steps", "3", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    plain, small = run("--json", "-q"), run("--json", "-q", "--memory", "10kB")
    assert (plain.returncode, small.returncode) == (0, 0)
    assert '"X takes 0 MB: it lies in a file and is read in blocks"' in small.stdout
    assert "lies in a file" not in plain.stdout
    wrong = run("--memory", "lots")
    assert wrong.returncode == 2
    assert '"lots" is no size' in wrong.stderr
    assert "write it like 2GB or 500MiB" in wrong.stderr
