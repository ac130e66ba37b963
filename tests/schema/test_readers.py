"""NDJSON as other tools read it: jq, pandas and DuckDB see the numbers that CSV has."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.inprocess import run

RUN = ("descend", "diabetes", "--method", "lbfgs", "--steps", "20")
SGD = ("descend", "diabetes", "--method", "sgd", "--epochs", "1", "--averaging", "polyak")
NUMBERS = ("step", "epoch", "risk", "gap", "gap_lower", "gap_upper", "gradient_norm")


@pytest.fixture(scope="module", params=[RUN, SGD], ids=["lbfgs", "sgd"])
def log(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, list[float]]]:
    """The lines of a run's steps as a file, and its CSV."""
    path = tmp_path_factory.mktemp("ndjson") / "steps.ndjson"
    lines = run(*request.param, "--format", "ndjson")[1].splitlines(keepends=True)
    path.write_text("".join(line for line in lines if json.loads(line)["kind"] == "step"), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run(*request.param, "--format", "csv")[1])))
    return path, {name: [float(row[name]) for row in rows] for name in NUMBERS}


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
def test_jq_reads_every_line_and_the_end(tmp_path: Path) -> None:
    out = run(*RUN, "--format", "ndjson")[1]
    program = 'select(.kind == "step") | .gap'
    done = subprocess.run(["jq", program], input=out, capture_output=True, text=True, check=True)
    table = csv.DictReader(io.StringIO(run(*RUN, "--format", "csv")[1]))
    assert [float(line) for line in done.stdout.split()] == [float(row["gap"]) for row in table]
    last = subprocess.run(["jq", "-r", "-s", "last.kind"], input=out, capture_output=True, text=True, check=True)
    assert last.stdout == "run\n"


def test_pandas_reads_a_frame(log: tuple[Path, dict[str, list[float]]]) -> None:
    pandas = pytest.importorskip("pandas")
    path, table = log
    # Its usual parser is not exact to the last digit.
    frame = pandas.read_json(path, lines=True, precise_float=True)
    assert frame["step"].dtype.kind == "i"
    assert all(frame[name].dtype.kind == "f" for name in NUMBERS if name != "step" and name != "epoch")
    for name, numbers in table.items():
        assert frame[name].tolist() == pytest.approx(numbers, rel=1e-15, abs=0)


@pytest.mark.parametrize("reader", ["read_json_auto", "read_ndjson_auto"])
def test_duckdb_reads_a_table(reader: str, log: tuple[Path, dict[str, list[float]]]) -> None:
    duckdb = pytest.importorskip("duckdb")
    path, table = log
    with duckdb.connect() as connection:
        types = dict(
            connection.execute(f"select column_name, column_type from (describe from {reader}('{path}'))").fetchall()
        )
        columns = ", ".join(NUMBERS)
        rows = connection.execute(f"select {columns} from {reader}('{path}') order by step").fetchall()
    assert types["step"] == "BIGINT"
    assert all(types[name] == "DOUBLE" for name in NUMBERS if name not in ("step",))
    for name, column in zip(NUMBERS, zip(*rows, strict=True), strict=True):
        assert list(column) == table[name]
