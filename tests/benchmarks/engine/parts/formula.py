"""A loss and a model of somebody's own, by formula, against built-in ones of the same cost."""

from __future__ import annotations

from dataclasses import replace

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import Entry
from tests.benchmarks.engine.data import Given, put, sample
from tests.benchmarks.engine.report import Section, spread

WIDTH = 20
MODEL = " + ".join(f"b{j}*x{j}" for j in range(1, WIDTH + 1))
# Built-in loss, the data's loss, what is given by formula.
PAIRS = (
    ("logistic", "logistic", {"loss": "log(1 + exp(-y*p))"}),
    ("squared", "squared", {"loss": "0.5*p^2 - p*y + 0.5*y^2"}),
    ("logcosh", "squared", {"loss": "sqrt(1 + (p - y)^2) - 1"}),
    ("squared", "squared", {"model": MODEL}),
)


def measure(bench: Bench) -> list[Section]:
    """Uniform SGD on a fifth of the rows; the formulas' R* is found too, but not timed."""
    table = [["by formula", "built in", "million rows/s", "of the built-in one's", "median ms", "least ms"]]
    for number, (builtin, made, options) in enumerate(PAIRS):
        folder = bench.folder / f"formula-{number}"
        put(folder, *sample(made, bench.rows // 5, WIDTH))
        plain = Given(str(folder), made, options={"loss": builtin})
        own = replace(plain, options={"loss": builtin, **options})
        entries = [Entry("gdcli", "uniform", plain, "built in"), Entry("gdcli", "uniform", own, "formula")]
        base, found = bench.crew.race(entries)
        assert found.found is not None
        name = options.get("loss") or "p = b1*x1 + ... + b20*x20"
        rate = f"{found.found.rows / found.median / 1e6:.3g}"
        table.append([f"`{name}`", builtin, rate, f"{base.over(found):.2f}", *spread(found)])
    note = f"SGD with rows drawn uniformly, d = {WIDTH}; the figure to hold: at least 0.7."
    return [Section("A loss or a model by formula", table, (note,))]
