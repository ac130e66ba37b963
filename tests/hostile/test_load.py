"""Much of everything: columns, lines of a log, formulas, runs side by side, rows. Memory is bounded and stated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.tables import write_table

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the memory of a child is read from Linux")
MIB = 1 << 20


def measured(
    folder: Path, *args: str, given: bytes = b"", out: Path | None = None, **environment: str
) -> tuple[int, str, int]:
    """The exit code, stderr and the peak of memory in bytes of one command and its children; stdout goes to `out`."""
    program = (
        "import os, resource, subprocess, sys\n"
        "code = subprocess.run([sys.executable, '-m', 'gdcli', *sys.argv[1:]]).returncode\n"
        "with open('peak', 'w') as file:\n"
        "    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
        "sys.exit(code)\n"
    )
    with (out or folder / "out").open("wb") as stdout:
        done = subprocess.run(
            [sys.executable, "-c", program, *args],
            input=given,
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
            check=False,
        )
    return done.returncode, done.stderr.decode(), int((folder / "peak").read_text()) * 1024


@pytest.mark.slow
def test_a_hundred_thousand_columns_are_refused_before_they_are_worked_on(tmp_path: Path) -> None:
    """L, R* and its proof take matrices of d x d numbers, here of 80 GB. About 20 s."""
    write_table(tmp_path / "wide.csv", 20, 100_000)
    code, err, peak = measured(tmp_path, "descend", "wide.csv", "--steps", "20")
    assert code == 4
    assert "100001 parameters take 4 matrices of 80002MB" in err
    assert "choose fewer columns with --features" in err
    assert peak < 1024 * MIB


@pytest.mark.slow
def test_a_few_of_a_hundred_thousand_columns(tmp_path: Path) -> None:
    """They alone are read. About 20 s."""
    write_table(tmp_path / "wide.csv", 20, 100_000)
    code, err, peak = measured(tmp_path, "descend", "wide.csv", "--features", "x7,x99999", "--steps", "20", "-q")
    assert (code, err) == (0, "")
    assert peak < 1024 * MIB


@pytest.mark.nightly
def test_a_million_lines_of_a_log(tmp_path: Path) -> None:
    """Lines are written and forgotten: the memory is that of a run of ten thousand lines. Some minutes."""
    options = ("descend", "line", "--every", "1", "--gap", "0", "--eta", "1e-9", "--format", "ndjson")
    assert measured(tmp_path, *options, "--steps", "10000")[0] == 0
    code, err, few = measured(tmp_path, *options, "--steps", "10000")
    assert (code, err) == (0, "")
    code, err, many = measured(tmp_path, *options, "--steps", "1000000", out=tmp_path / "log")
    assert (code, err) == (0, "")
    with (tmp_path / "log").open("rb") as file:
        assert sum(1 for _ in file) == 1_000_002
    assert many < few + 16 * MIB


@pytest.mark.nightly
def test_ten_thousand_formulas_in_one_process(tmp_path: Path) -> None:
    """One worker answers all, and what it remembers has a bound. Some minutes."""
    few, many = (b"".join(b"x^%d sin(%d x y) + %d\n" % (i % 9 + 1, i, i) for i in range(n)) for n in (2_000, 10_000))
    code, err, before = measured(tmp_path, "grad", "-", "--format", "ndjson", given=few)
    assert (code, err) == (0, "")
    code, err, after = measured(tmp_path, "grad", "-", "--format", "ndjson", given=many)
    assert (code, err) == (0, "")
    answers = [json.loads(line) for line in (tmp_path / "out").read_text(encoding="utf-8").splitlines()]
    assert len(answers) == 10_000
    for i, answer in enumerate(answers[2:], start=2):
        assert answer["partials"]["y"] == f"{i}*x**{i % 9 + 2}*cos({i}*x*y)"
    assert after < before + 64 * MIB


@pytest.mark.slow
def test_twenty_runs_on_one_cache(tmp_path: Path) -> None:
    """All at once on an empty cache, which each fills with the same file and the same compiled loops. About 15 s."""
    write_table(tmp_path / "data.csv", 20_000, 5)
    command = [sys.executable, "-m", "gdcli", "descend", "data.csv", "--method", "sgd", "--epochs", "2", "--json"]
    environment = {
        **os.environ,
        "GDCLI_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    runs = [
        subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(20)
    ]
    ends = [run.communicate() for run in runs]
    assert [(run.returncode, err) for run, (_, err) in zip(runs, ends, strict=True)] == [(0, "")] * 20
    found = [json.loads(out) for out, _ in ends]
    keys = ("risk", "risk_optimum", "gap_lower", "gap_upper", "theta", "sha256")
    assert all([each[key] for key in keys] == [found[0][key] for key in keys] for each in found)


@pytest.mark.nightly
def test_ten_million_rows(tmp_path: Path) -> None:
    """A file of 10^7 x 2 numbers, with the memory bounded at 300 MB beside what any run takes; some minutes."""
    write_table(tmp_path / "long.csv", 10_000_000, 2)
    code, err, peak = measured(
        tmp_path, "descend", "long.csv", "--steps", "3", "--memory", "300MB", "--json", GDCLI_CACHE_DIR=str(tmp_path)
    )
    assert (code, err) == (0, "")
    report = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert report["rows"] == 10_000_000
    assert peak < 500 * MIB
