"""What a cluster costs and brings: `python -m tests.benchmarks.bench_cluster`, on an idle machine.

A step over W workers of one core takes about T = o(W) + c N k / W: o(W) for the question and the answers, c for each
of the N k numbers of X on one core. Both are measured here, medians of several rounds in one process, the ways taking
turns; `model` adds what a network takes, and `python -m tests.benchmarks.bench_cluster --paper` prints the README's
table.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.partitions import reading
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.risk.empirical import Vector
from gdcli.risk.engines.dask.cluster import Cluster

FILES, ROWS, WIDTH, ROUNDS = 8, 250_000, 20, 15
# Measured: seconds for a question, for each answer of those that the driver or a holder waits for, and for a number.
QUESTION, ANSWER, NUMBER = 2.7e-3, 0.5e-3, 0.94e-9
# A network's seconds for a message there and back, and bytes a second; how many are asked by one.
LATENCY, SPEED, ARITY = 2e-4, 1.25e9, 8
PAPER = ((10**6, 8), (10**8, 8), (10**8, 64), (10**10, 512), (10**12, 4096))


def model(rows: int, width: int, workers: int) -> float:
    """Seconds of a step with the gradient of all rows, of `width` numbers each, over workers on a 10 Gbit/s network."""
    levels = max(1, math.ceil(math.log(workers, ARITY) - 1e-9))
    asked = min(workers, ARITY)
    level = asked * ANSWER + LATENCY + asked * 8 * width / SPEED
    return QUESTION + levels * level + NUMBER * rows * width / workers


def alone(rows: int, width: int, cores: int) -> float:
    """Seconds of the same on one machine that has room for the rows."""
    return NUMBER * rows * width / cores


def paper(width: int = WIDTH + 1) -> list[str]:
    """The table of the README."""
    lines = [
        "| rows | bytes of X | workers | bytes a worker | a step | on 8 cores of one machine |",
        "|---|---|---|---|---|---|",
    ]
    for rows, workers in PAPER:
        size = 8.0 * rows * width
        there, here = shown(model(rows, width, workers)), shown(alone(rows, width, 8))
        exponent = round(math.log10(rows))
        lines.append(f"| 10^{exponent} | {sized(size)} | {workers} | {sized(size / workers)} | {there} | {here} |")
    return lines


def shown(seconds: float) -> str:
    """Two digits."""
    value, unit = (seconds, "s") if seconds >= 1.0 else (1e3 * seconds, "ms")
    return f"{float(f'{value:.2g}'):g} {unit}"


def sized(size: float) -> str:
    """Two digits."""
    unit, power = ("MB", 6) if size < 1e9 else ("GB", 9) if size < 1e12 else ("TB", 12)
    return f"{float(f'{size / 10**power:.2g}'):g} {unit}"


def main() -> None:
    """Print what was measured, or the table."""
    if "--paper" in sys.argv:
        print("\n".join(paper()))
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        tiny, large = written(Path(folder) / "tiny", 10), written(Path(folder) / "large", ROWS)
        print(f"{FILES * ROWS} rows x {WIDTH} features, logistic loss; medians of {ROUNDS} rounds")
        passes: dict[str, Callable[[], object]] = {}
        for threads in (1, 2):
            plan = prepare(read(large), Options(engine="compile", threads=threads, steps=1000))
            passes[f"one process, threads {threads}"] = step(plan)
        for workers in (1, 2):
            cluster = stack.enter_context(Cluster.opened(None, workers))
            began = time.perf_counter()
            passes[f"round trip, workers {workers}"] = step(apart(cluster, tiny))
            passes[f"pass, workers {workers}"] = step(apart(cluster, large))
            print(f"read and proven on workers {workers}: {time.perf_counter() - began:.1f} s")
        for name, seconds in medians(passes).items():
            print(f"{name:26} {1e3 * seconds:8.2f} ms")


def apart(cluster: Cluster, source: str) -> Plan:
    """A plan over the workers."""
    data: Dataset = reading.read(cluster, source, None, None, UNWATCHED)
    return prepare(data, Options(engine="dask", steps=1000))


def step(plan: Plan) -> Callable[[], object]:
    """R and its gradient at a point that is another each time."""
    full = plan.engine.full(plan.risk, plan.certificate.optimum.theta)
    rng = np.random.default_rng(0)

    def once() -> tuple[float, Vector]:
        return full(rng.normal(size=plan.risk.width))

    return once


def medians(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The ways take turns; seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def written(folder: Path, rows: int) -> str:
    """So many files of so many rows."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    weights: Sequence[float] = rng.normal(size=WIDTH)
    for number in range(FILES):
        X = rng.normal(size=(rows, WIDTH))
        y = (X @ weights + rng.normal(size=rows) > 0.0).astype(float)
        np.save(folder / f"{number}.npy", np.column_stack([X, y]))
    return str(folder / "*.npy")


if __name__ == "__main__":
    sys.exit(main())
