"""SGD with one row a step, and with batches: rows a second, by the order in which they come."""

from __future__ import annotations

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import Entry, Times, library
from tests.benchmarks.engine.data import BATCH, ETA, TOLERANCE, Given, plain, put, risk, sample
from tests.benchmarks.engine.report import WORSE, Section, mark, pivot, slower, spread

ORDERS = ("uniform", "shuffled", "in order", f"batches of {BATCH}")
WIDTHS = (4, 20, 100)
LOSSES = ("logistic", "squared")
HEAD = ["entry", "rows", "median ms", "least ms", "million rows/s", "times gdcli's", "R at the end", "R of plain SGD"]


def measure(bench: Bench) -> list[Section]:
    """One epoch for each loss and width."""
    cells: dict[tuple[str, str], str] = {}
    details = [HEAD]
    for loss in LOSSES:
        for width in WIDTHS:
            _race(bench, loss, width, cells, details)
    note = (
        f"Million rows a second, one epoch with eta = {ETA} from theta = 0, double precision (Vowpal Wabbit: single); "
        "in brackets, gdcli's speed over it in the same order of rows. Batches take the step size times their size. "
        "gdcli's own times are its loop's, without R*, the log and reading, which the other tables hold. "
        f"{WORSE}: R at the end is above that of plain SGD after as many rows by more than {100 * TOLERANCE:g} %."
    )
    table = pivot("", dict(sorted(cells.items(), key=lambda cell: _place(cell[0][0]))))
    return [Section("SGD, one row a step", table, (note,), details=details)]


def _race(bench: Bench, loss: str, width: int, cells: dict[tuple[str, str], str], details: list[list[str]]) -> None:
    rows = sample(loss, bench.rows_of(width), width)
    folder = bench.folder / f"sgd-{loss}-{width}"
    put(folder, *rows)
    entries = [
        Entry(name, order, Given(str(folder), loss))
        for name in bench.libraries
        for order in ORDERS
        if order in library(name).JOBS and loss in getattr(library(name), "LOSSES", LOSSES)
    ]
    found = dict(zip(entries, bench.crew.race(entries), strict=True))
    base = {entry.job: times for entry, times in found.items() if entry.library == "gdcli"}
    truth = _truth(loss, rows, found)
    for entry, times in found.items():
        assert times.found is not None
        at_end = risk(loss, *rows, times.found.vector, times.found.intercept)
        reference = truth[entry.job == ORDERS[-1], times.found.rows]
        rate, ratio = times.found.rows / times.median / 1e6, times.over(base[entry.job])
        name, column = f"{library(entry.library).TITLE}, {entry.job}", f"{loss} d={width}"
        shown = "" if entry.library == "gdcli" else f" ({slower(ratio)})"
        cells[name, column] = f"{rate:.3g}{shown}{mark(at_end, reference)}"
        numbers = [f"{rate:.4g}", f"{ratio:.3g}", f"{at_end:.8g}", f"{reference:.8g}"]
        details.append([f"{name}, {column}", str(times.found.rows), *spread(times), *numbers])


def _truth(loss: str, rows: tuple[object, object], found: dict[Entry, Times]) -> dict[tuple[bool, int], float]:
    """R of plain SGD in order after as many rows as each entry took, by whether they come in batches."""
    truth = {}
    for batched in (False, True):
        marks = {
            times.found.rows
            for entry, times in found.items()
            if times.found is not None and (entry.job == ORDERS[-1]) is batched
        }
        thetas = plain(loss, rows, sorted(marks), BATCH if batched else 1)
        truth |= {(batched, count): risk(loss, *rows, theta) for count, theta in thetas.items()}
    return truth


def _place(name: str) -> tuple[int, bool]:
    """By order of rows, gdcli first."""
    title, _, order = name.partition(", ")
    return ORDERS.index(order), title != "gdcli"
