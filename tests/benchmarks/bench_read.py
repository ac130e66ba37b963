"""Reading large files: gdcli, first and second run, beside polars, pandas and pyarrow; the numbers compared, too.

    python tests/benchmarks/bench_read.py [ROWS]

Makes a table of ROWS (1 000 000) x 20 doubles as CSV and Parquet, and reads them to a row-major matrix, in alternation,
each in a process of its own that has imported what it uses. Prints medians, ratios to polars' read of the CSV, and how
much memory each process took at its peak, as a share of the matrix. The figures to hold: the first run at most 1.2, the
second at most 0.1.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

RUNS = 5
WIDTH = 20
GDCLI = "data = read(path); X, y = data.X, data.y"
# name: (imports, statement that leaves X and y or a matrix M, the library that must be there)
WAYS = {
    "polars": ("import polars", 'M = polars.read_csv(path).to_numpy(order="c")', "polars"),
    "gdcli, first run": ("from gdcli.data.readers import read", GDCLI, "gdcli"),
    "gdcli, second run": ("from gdcli.data.readers import read", GDCLI, "gdcli"),
    "gdcli, standardised": (
        "from gdcli.data.readers import read\nfrom gdcli.data.scaling import standardise",
        "data = read(path); X, y = standardise(data.X, True)[0], data.y",
        "gdcli",
    ),
    "pandas": ("import pandas, numpy", "M = numpy.ascontiguousarray(pandas.read_csv(path).to_numpy())", "pandas"),
    "pyarrow": (
        "import pyarrow.csv, numpy",
        "M = numpy.column_stack([c.to_numpy() for c in pyarrow.csv.read_csv(path).columns])",
        "pyarrow",
    ),
    "polars, Parquet": ("import polars", 'M = polars.read_parquet(path).to_numpy(order="c")', "polars"),
    "gdcli, Parquet": ("from gdcli.data.readers import read", GDCLI, "polars"),
}
PROGRAM = """
import json, sys, time
{imports}
{warm}
path = sys.argv[1]
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) << 10
before = peak()
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
memory = peak() - before
import hashlib, numpy
found = numpy.column_stack([X, y]) if "X" in dir() and {whole} else M if "M" in dir() else numpy.zeros(1)
print(json.dumps([seconds, memory, hashlib.sha256(numpy.ascontiguousarray(found)).hexdigest()]))
"""


def run(name: str, path: Path) -> tuple[float, float, str]:
    """Seconds, bytes at the peak over those before, and a hash of the numbers, of one reading in a new process."""
    imports, statement, _ = WAYS[name]
    warm = "import polars" if "gdcli" in name and find_spec("polars") else ""
    whole = "standardised" not in name
    program = PROGRAM.format(imports=imports, warm=warm, statement=statement, whole=whole)
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    seconds, memory, digest = json.loads(done.stdout)
    return seconds, memory, digest


def make(folder: Path, rows: int) -> tuple[Path, Path, bytes]:
    """Write the table; return its files and the bytes of its numbers."""
    import numpy as np

    values = np.random.default_rng(0).normal(size=(rows, WIDTH))
    csv, parquet = folder / "data.csv", folder / "data.parquet"
    with csv.open("w") as file:
        file.write(",".join([*(f"x{j}" for j in range(1, WIDTH)), "y"]) + "\n")
        for row in values.tolist():
            file.write(",".join(map(repr, row)) + "\n")
    if find_spec("polars"):
        import polars

        polars.read_csv(csv).write_parquet(parquet)
    # Old enough for the store to trust its times.
    os.utime(csv, (1e9, 1e9))
    return csv, parquet, values.tobytes()


def main() -> None:
    """Measure in alternation after one warm-up; print medians, ratios and memory."""
    import hashlib
    import shutil

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["GDCLI_CACHE_DIR"] = str(folder / "cache")
        csv, parquet, values = make(folder, rows)
        truth = hashlib.sha256(values).hexdigest()
        ways = [way for way, (_, _, library) in WAYS.items() if find_spec(library)]
        found: dict[str, list[tuple[float, float, str]]] = {way: [] for way in ways}
        for turn in range(RUNS + 1):
            for way in ways:
                if way in ("gdcli, first run", "gdcli, Parquet"):
                    shutil.rmtree(folder / "cache", ignore_errors=True)
                measured = run(way, parquet if "Parquet" in way else csv)
                if turn > 0:
                    found[way].append(measured)
        base = statistics.median(seconds for seconds, _, _ in found[ways[0]])
        print(f"{csv.stat().st_size / 1e6:.0f} MB of CSV, {rows} x {WIDTH}")
        for way, measures in found.items():
            seconds = statistics.median(measure[0] for measure in measures)
            memory = max(measure[1] for measure in measures) / len(values)
            same = "" if "standardised" in way else "  same bits" if measures[0][2] == truth else "  OTHER NUMBERS"
            print(f"{way:<20}{seconds:8.3f} s  {seconds / base:6.3f} x {ways[0]}   memory {memory:5.2f} x{same}")


if __name__ == "__main__":
    main()
