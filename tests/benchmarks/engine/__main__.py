"""gdcli beside its peers, in one run: `python -m tests.benchmarks.engine`.

    [--quick] [--rows N] [--rounds N] [--only PART] [--update-readme]

Prints Markdown: a table for each part, then every figure behind it. Libraries that are not installed are named and left
out; `pip install scikit-learn vowpalwabbit torch jax mlpack polars duckdb pandas pyarrow` brings all. All entries of a
race run once a round, in turn; times are medians of the rounds, ratios medians of the rounds' own ratios.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.crew import LIBRARIES, ROOT, Crew, installed
from tests.benchmarks.engine.machine import describe
from tests.benchmarks.engine.report import Section

PARTS = ("sgd", "formula", "full", "read", "process", "log")
READERS = ("polars", "duckdb", "pandas", "pyarrow")
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- benchmark -->\n).*?(<!-- /benchmark -->)", re.DOTALL)


def main() -> None:
    """Measure, print, and write into the README if asked to."""
    asked = arguments()
    everything = [*LIBRARIES, *READERS]
    present = [name for name in everything if find_spec(name)]
    sizes = f"{asked.rows} rows of 4 and of 20 numbers, a fifth as many of 100; medians of {asked.rounds} rounds."
    head = f"{describe(present, [name for name in everything if name not in present])} {sizes}"
    print(f"{head}\n", flush=True)
    sections = []
    with tempfile.TemporaryDirectory() as name, Crew(asked.rounds) as crew:
        stream = 1_000_000 if asked.quick else 20_000_000
        bench = Bench(crew, Path(name), tuple(installed()), asked.rows, stream)
        os.environ["GDCLI_CACHE_DIR"] = str(bench.cache)
        for part in asked.only or PARTS:
            for section in import_module(f"tests.benchmarks.engine.parts.{part}").measure(bench):
                print(section.text(whole=True), end="\n\n", flush=True)
                sections.append(section)
    if asked.update_readme:
        README.write_text(updated(README.read_text(encoding="utf-8"), head, sections), encoding="utf-8")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.engine", description="gdcli beside its peers")
    parser.add_argument("--quick", action="store_true", help="small sizes and one round: whether it runs at all")
    parser.add_argument("--rows", type=int, help="rows of 4 and 20 numbers (1 000 000)")
    parser.add_argument("--rounds", type=int, help="how often each entry runs (5)")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be given several times")
    parser.add_argument("--update-readme", action="store_true", help="write the tables into the README")
    asked = parser.parse_args()
    if asked.update_readme and (asked.only or asked.quick):
        parser.error("the README shows a whole run: leave --only and --quick away")
    asked.rows = asked.rows or (5_000 if asked.quick else 1_000_000)
    asked.rounds = asked.rounds or (1 if asked.quick else 5)
    return asked


def updated(readme: str, head: str, sections: list[Section]) -> str:
    """The README with these tables between its markers."""
    body = "\n\n".join([head, *(section.text(whole=False) for section in sections)])
    new, count = MARKED.subn(lambda found: f"{found.group(1)}{body}\n{found.group(2)}", readme)
    if count != 1:
        raise SystemExit("README.md has lost its markers <!-- benchmark --> and <!-- /benchmark -->")
    return new


if __name__ == "__main__":
    main()
