"""R with its gradient over all rows, beside what the memory and the cores can do: the roofline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import Entry, Times, library
from tests.benchmarks.engine.data import Given, gradient, put, sample
from tests.benchmarks.engine.machine import cores
from tests.benchmarks.engine.report import WORSE, Section, pivot, slower, spread
from tests.benchmarks.engine.roofline import Point, Roof, draw

LOSSES = ("logistic", "squared")
WIDTHS = (20, 100)
TIMES = 3
WRONG = 1e-9
# How often each way moves X between memory and processor.
MOVES = {"gdcli": 1, "numpy": 2, "numpy in blocks": 1, "PyTorch": 2, "JAX": 2}
# Each begins with its letter in the drawing.
LETTERED = {name: name for name in MOVES} | {"numpy in blocks": "blocks, numpy in"}
HEAD = ["entry", "threads", "median ms", "least ms", "times gdcli's", "GB/s at best", "largest error"]


@dataclass(frozen=True)
class Best:
    """A way at its better number of threads."""

    threads: int
    times: Times


def measure(bench: Bench) -> list[Section]:
    """Each way at its best number of threads."""
    cells: dict[tuple[str, str], str] = {}
    details, points = [HEAD], []
    roof = _roof(bench)
    for loss in LOSSES:
        for width in WIDTHS:
            points += _race(bench, loss, width, cells, details)
    counts = " and ".join(map(str, _threads()))
    figures = (
        f"Milliseconds and, in brackets, times gdcli's, each at its best of {counts} threads. "
        f"{WORSE}: R or the gradient is off by more than {WRONG:g}."
    )
    explained = (
        f"This memory gives {roof.bandwidth:.3g} GB/s (the best of reading and of STREAM's add), these cores "
        f"{roof.peak:.3g} GFLOP/s (a product of matrices). The products of a gradient are 4 d operations a row; gdcli "
        "and numpy in blocks read a row once, the others twice; here all stand by their best rounds:"
    )
    notes = figures, explained
    return [Section("A full gradient", pivot("", cells), notes, draw(roof, points), details)]


def _roof(bench: Bench) -> Roof:
    """The best round of each counts: a roof is what was reached at all."""
    given = [Given("", "", threads, {"size": bench.stream}) for threads in _threads()]
    entries = [Entry("numpy", job, each) for job in ("add", "read", "multiply") for each in given]
    found = zip(entries, bench.crew.race(entries), strict=True)
    bytes_each = {"add": 24, "read": 8}
    rates = {"memory": 0.0, "cores": 0.0}
    for entry, times in found:
        assert times.found is not None
        kind = "cores" if entry.job == "multiply" else "memory"
        work = 2.0 * times.found.rows**3 if kind == "cores" else bytes_each[entry.job] * times.found.rows
        rates[kind] = max(rates[kind], work / times.least / 1e9)
    return Roof(rates["memory"], rates["cores"])


def _race(
    bench: Bench, loss: str, width: int, cells: dict[tuple[str, str], str], details: list[list[str]]
) -> list[Point]:
    X, y = sample(loss, bench.rows_of(width), width)
    folder = bench.folder / f"full-{loss}-{width}"
    put(folder, X, y)
    entries = [
        Entry(name, job, Given(str(folder), loss, threads))
        for name in bench.libraries
        for job in ("gradient", "gradient in blocks")
        for threads in _threads()
        if job in library(name).JOBS
    ]
    found = zip(entries, bench.crew.race(entries, TIMES), strict=True)
    ways = _best([(_name(entry), entry.given.threads, times) for entry, times in found])
    truth, column = gradient(loss, X, y, np.full(width, 0.1)), f"{loss} d={width}"
    points = []
    for name, best in ways.items():
        ratio = best.times.over(ways["gdcli"].times)
        wrong = _error(best.times, truth)
        shown = "" if name == "gdcli" else f" ({slower(ratio)})"
        cells[name, column] = f"{1e3 * best.times.median:.3g}{shown}{'' if wrong <= WRONG else WORSE}"
        moved = MOVES[name] * X.nbytes + y.nbytes
        rate = f"{moved / best.times.least / 1e9:.3g}"
        details.append(
            [f"{name}, {column}", str(best.threads), *spread(best.times), f"{ratio:.3g}", rate, f"{wrong:.1e}"]
        )
        flops = 4.0 * X.size
        points.append(Point(LETTERED[name], column, flops / moved, flops / best.times.least / 1e9))
    return points


def _threads() -> list[int]:
    return sorted({1, cores()})


def _name(entry: Entry) -> str:
    return library(entry.library).TITLE + entry.job.removeprefix("gradient")


def _best(found: list[tuple[str, int, Times]]) -> dict[str, Best]:
    ways: dict[str, Best] = {}
    for name, threads, times in found:
        if name not in ways or times.median < ways[name].times.median:
            ways[name] = Best(threads, times)
    return ways


def _error(times: Times, truth: Any) -> float:
    """The largest difference, as a share of R and of the gradient's length."""
    assert times.found is not None
    off = np.abs(np.asarray(times.found.vector) - truth)
    return float(max(off[0] / abs(truth[0]), np.max(off[1:]) / np.linalg.norm(truth[1:])))
