"""Reading large CSV and Parquet files to a row-major matrix, in processes that have imported what they use."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import Times
from tests.benchmarks.engine.processes import run
from tests.benchmarks.engine.report import Section
from tests.benchmarks.engine.tables import write

WIDTH = 20
GDCLI = "from gdcli.data.readers import read", "data = read(path); X, y = data.X, data.y"


@dataclass(frozen=True)
class Way:
    """Imports, and a statement that leaves X and y or a matrix M; `library` must be there."""

    library: str
    imports: str
    statement: str
    fresh: bool = False


WAYS = {
    "polars": Way("polars", "import polars", 'M = polars.read_csv(path).to_numpy(order="c")'),
    "gdcli, first run": Way("gdcli", *GDCLI, fresh=True),
    "gdcli, second run": Way("gdcli", *GDCLI),
    "gdcli, standardised": Way(
        "gdcli",
        f"{GDCLI[0]}\nfrom gdcli.data.scaling import standardise",
        "data = read(path); X, y = standardise(data.X, True)[0], data.y",
    ),
    "duckdb": Way(
        "duckdb",
        "import duckdb, numpy",
        "M = numpy.column_stack(list(duckdb.read_csv(path).fetchnumpy().values()))",
    ),
    "pandas": Way("pandas", "import pandas, numpy", "M = numpy.ascontiguousarray(pandas.read_csv(path).to_numpy())"),
    "pyarrow": Way(
        "pyarrow",
        "import pyarrow.csv, numpy",
        "M = numpy.column_stack([c.to_numpy() for c in pyarrow.csv.read_csv(path).columns])",
    ),
    "polars, Parquet": Way("polars", "import polars", 'M = polars.read_parquet(path).to_numpy(order="c")'),
    "gdcli, Parquet": Way("polars", *GDCLI, fresh=True),
}
PROGRAM = """
import json, resource, sys, time
{imports}
{warm}
path = sys.argv[1]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before = peak()
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
memory = peak() - before
import hashlib, numpy
found = M if "M" in dir() else numpy.column_stack([X, y])
print(json.dumps([seconds, memory, hashlib.sha256(numpy.ascontiguousarray(found)).hexdigest()]))
"""


def measure(bench: Bench) -> list[Section]:
    """One run of each that is not counted, then in turn."""
    values = np.random.default_rng(0).normal(size=(bench.rows, WIDTH))
    csv = bench.folder / "read.csv"
    write(csv, values)
    if find_spec("polars"):
        import polars

        polars.read_csv(csv).write_parquet(csv.with_suffix(".parquet"))
    truth = hashlib.sha256(values.tobytes()).hexdigest()
    ways = [name for name, way in WAYS.items() if find_spec(way.library)]
    found = {name: Times() for name in ways}
    memory, same = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, False)
    for turn in range(bench.crew.rounds + 1):
        for name in ways:
            seconds, most, digest = _run(bench, name, csv)
            same[name] = digest == truth
            if turn > 0:
                found[name].seconds.append(seconds)
                memory[name] = max(memory[name], most / values.nbytes)
    table = [["reading", "median s", "least s", f"times {ways[0]}'s", "peak / matrix", "same bits"]]
    table += [
        [
            *(name, f"{times.median:.3f}", f"{times.least:.3f}", f"{times.over(found[ways[0]]):.3g}"),
            *(f"{memory[name]:.2f}", "scaled" if "standardised" in name else "yes" if same[name] else "no"),
        ]
        for name, times in found.items()
    ]
    size = f"{csv.stat().st_size / 1e6:.0f} MB of CSV, {bench.rows} x {WIDTH} doubles"
    note = f"{size}; gdcli's second run maps what its first one has kept."
    return [Section("Reading", table, (note,))]


def _run(bench: Bench, name: str, csv: Path) -> tuple[float, float, str]:
    """Seconds, bytes at the peak over those before, and a hash of the numbers, of one reading."""
    way = WAYS[name]
    if way.fresh:
        shutil.rmtree(bench.cache, ignore_errors=True)
    warm = "import polars" if way.imports.startswith("from gdcli") and find_spec("polars") else ""
    program = PROGRAM.format(imports=way.imports, warm=warm, statement=way.statement)
    path = csv.with_suffix(".parquet") if "Parquet" in name else csv
    command = [sys.executable, "-c", program, str(path)]
    seconds, memory, digest = json.loads(run(name, command)["said"])
    return seconds, memory, digest
