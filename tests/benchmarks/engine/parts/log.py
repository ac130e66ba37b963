"""What the log of a long run costs: a run with its lines against one that only ends."""

from __future__ import annotations

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import Entry
from tests.benchmarks.engine.data import Given, put, sample
from tests.benchmarks.engine.report import Section, spread

WIDTH, EPOCHS = 20, 5


def measure(bench: Bench) -> list[Section]:
    """Whole runs in one process, R* found before."""
    table = [["loss", "with its log, median ms", "least ms", "its end alone, median ms", "least ms", "the log costs"]]
    for loss in ("logistic", "squared"):
        folder = bench.folder / f"log-{loss}"
        put(folder, *sample(loss, bench.rows, WIDTH))
        entries = [
            Entry("gdcli", "run", Given(str(folder), loss, options={"epochs": EPOCHS, **every}), label)
            for label, every in (("log", {}), ("end", {"every": 1 << 40}))
        ]
        log, end = bench.crew.race(entries)
        table.append([loss, *spread(log), *spread(end), f"{100 * (log.over(end) - 1):.1f} %"])
    note = f"SGD, {bench.rows} x {WIDTH}, {EPOCHS} epochs; the figure to hold: below 10 %."
    return [Section("The log", table, (note,))]
