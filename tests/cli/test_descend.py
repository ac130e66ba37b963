"""`gdcli descend` as a process: streams, formats, exit codes, interruption."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile.test_signals import wait_for_handlers

GDCLI = [sys.executable, "-m", "gdcli"]
# y = 1 + 2x exactly on four points, so theta* = (2, 1) and R* = 0; with the last y one higher R* = 0.0375.
LINE = "x,y\n0,1\n1,3\n2,5\n3,7\n"
NOISY = "x,y\n0,1\n1,3\n2,5\n3,8\n"
R_NOISY = 0.0375


def gdcli(
    *args: str, stdin: str | bytes = b"", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run one command with its output captured."""
    content = stdin.encode() if isinstance(stdin, str) else stdin
    environment = {**os.environ, "NO_COLOR": "1", **env}
    done = subprocess.run([*GDCLI, *args], input=content, capture_output=True, cwd=cwd, env=environment, check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    path = tmp_path / "noisy.csv"
    path.write_text(NOISY, encoding="utf-8")
    return path


def test_json_is_one_document_with_the_truth(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--json", "--gap", "1e-10")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["command"] == "descend"
    assert report["version"]
    assert report["rows"] == 4
    assert report["features"] == 1
    assert report["target"] == "y"
    assert report["risk_optimum"] == pytest.approx(R_NOISY, rel=1e-14)
    assert 0 <= report["gap_lower"] <= report["gap"] <= report["gap_upper"] <= 1e-10
    # Least squares by hand: slope 2.3, intercept 0.8.
    assert report["theta"] == pytest.approx({"x": 2.3, "intercept": 0.8}, abs=1e-4)
    assert report["reason"] == "gap"


def test_ndjson_streams_steps_and_ends_with_the_run(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--format", "ndjson", "--method", "sgd", "--steps", "30")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["step"] * (len(lines) - 1) + ["run"]
    assert [line["step"] for line in lines[:-1]] == [0, 1, 2, 3, 5, 10, 20, 30]
    assert lines[-1]["method"] == "sgd"
    assert lines[-1]["seed"] == 0
    assert lines[-1]["sampling"] == "uniform"


def test_csv_is_a_table_of_steps(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--format", "csv", "--steps", "5", "--eta", "0.1")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [int(row["step"]) for row in rows] == [0, 1, 2, 3, 5]
    assert float(rows[-1]["risk"]) - R_NOISY == pytest.approx(float(rows[-1]["gap"]), rel=1e-9)


def test_text_shows_gap_optimum_bound_and_theta(noisy: Path) -> None:
    done = gdcli("descend", str(noisy))
    assert done.returncode == 0
    for expected in ("Risk gap", "R* = 0.0375", "theory ", "stopped ", "intercept 0.8"):
        assert expected in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_end_is_a_few_lines_and_all_with_v(noisy: Path) -> None:
    few, everything = gdcli("descend", str(noisy), "-q"), gdcli("descend", str(noisy), "-q", "-v")
    assert len(few.stdout.strip().splitlines()) <= 9
    assert everything.stdout.startswith("\nRisk gap")
    for block in ("Data", "Risk", "Optimum and certificate", "Constants", "Bounds", "Run", "Parameters"):
        assert f"\n\n{block}" in everything.stdout
        assert f"\n{block}" not in few.stdout.replace("\nRisk gap", "")


def test_times_add_up(noisy: Path) -> None:
    report = json.loads(gdcli("descend", str(noisy), "--json").stdout)
    times = report["times"]
    assert report["seconds"] == times["descent"] > 0
    assert times["total"] == pytest.approx(times["reading"] + times["preparing"] + times["descent"])
    assert report["row_gradients_per_second"] == pytest.approx(report["row_gradients"] / report["seconds"])


def test_a_loss_by_a_formula_shows_its_derivatives_and_what_is_proven(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--loss", "log(cosh(p - y))", "--max-gap", "1e-6")
    assert (done.returncode, done.stderr) == (0, "")
    for expected in ("phi' = dphi/dp = tanh(p - y)", "phi is convex in p", "certified in", "proven to"):
        assert expected in " ".join(done.stdout.split())


def test_a_loss_not_known_to_be_convex_names_a_local_minimum_and_no_optimum(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--loss", "log(1 + (p - y)^2)", "--max-gap", "1")
    shown = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "no R* is claimed for a loss not known to be convex" in done.stderr
    for expected in (
        "R - R_loc",
        "local minimum R_loc =",
        "not known to be convex in p",
        "nothing is certified",
        "lambda_min",
    ):
        assert expected in shown
    assert "R* =" not in shown
    report = json.loads(gdcli("descend", str(noisy), "--loss", "log(1 + (p - y)^2)", "--json").stdout)
    assert report["risk_optimum"] is None
    assert report["gap"] is None
    assert report["optimum"]["status"] == "local"
    assert report["above_local"] == pytest.approx(report["risk"] - report["optimum"]["local_minimum"], abs=1e-15)


def test_counts(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("x,n\n0,1\n1,3\n2,2\n3,7\n4,9\n", encoding="utf-8")
    report = json.loads(gdcli("descend", "counts.csv", "--loss", "poisson", "--json", cwd=tmp_path).stdout)
    assert report["reason"] == "gap"
    assert report["constants"]["local"]
    assert report["constants"]["L_max"] is None
    # The score equations of Poisson regression: sum (mu - n) = 0 and sum (mu - n) x = 0.
    theta = report["theta"]
    misses = [math.exp(theta["intercept"] + theta["x"] * x) - n for x, n in enumerate([1, 3, 2, 7, 9])]
    assert abs(sum(misses)) < 0.1
    assert abs(sum(miss * x for x, miss in enumerate(misses))) < 0.2


def test_quiet_prints_the_result_only(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "-q")
    assert done.stdout.startswith("\nRisk gap")


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input(wrap: type[bytes]) -> None:
    done = gdcli("descend", "-", "--json", stdin=wrap(NOISY.encode()))
    assert json.loads(done.stdout)["risk_optimum"] == pytest.approx(R_NOISY)


def test_options_before_and_after_the_file(noisy: Path) -> None:
    first = gdcli("descend", "--method", "sgd", str(noisy), "--seed", "3", "--json")
    second = gdcli("descend", str(noisy), "--seed", "3", "--json", "--method", "sgd")
    assert without_time(json.loads(first.stdout)) == without_time(json.loads(second.stdout))


def without_time(report: dict[str, object]) -> dict[str, object]:
    timed = ("seconds", "times", "row_gradients_per_second")
    return {key: value for key, value in report.items() if key not in timed}


def test_without_a_gap_a_run_goes_down_to_max_gap(tmp_path: Path) -> None:
    asked = ("descend", "diabetes", "--method", "lbfgs", "--format", "json")
    own = json.loads(gdcli(*asked, cwd=tmp_path).stdout)
    for max_gap, goal in ((1e-9, 1e-9), (1.0, own["gap_target"])):
        done = gdcli(*asked, "--max-gap", str(max_gap), "--save", f"run{max_gap}", cwd=tmp_path)
        found = json.loads(done.stdout)
        assert (done.returncode, found["gap_target"]) == (0, goal)
        assert found["gap_upper"] <= goal
        assert gdcli("rerun", f"run{max_gap}", cwd=tmp_path).returncode == 0


def test_a_perfect_fit_has_no_gap_below_its_floor(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text(LINE, encoding="utf-8")
    report = json.loads(gdcli("descend", "line.csv", "--json", "--gap", "0", cwd=tmp_path).stdout)
    assert report["risk_optimum"] == pytest.approx(0.0, abs=1e-28)
    assert report["theta"] == pytest.approx({"x": 2.0, "intercept": 1.0}, rel=1e-12)
    assert report["gap_upper"] < 1e-25


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["--max-gap", "1e-3"], 0, ""),
        (["--steps", "1", "--method", "sgd", "--max-gap", "1e-9"], 1, "--max-gap asks for at most 1e-09"),
        (["--eta", "3"], 3, "eta = 3 is above 2/L"),
        (["--method", "sgd", "--eta", "3"], 3, "too large for single rows"),
        (["--eta", "0"], 2, "positive and finite"),
        (["--eta", "1 - t"], 2, "is 0.0 at t = 1"),
        (["--eta", "1/K"], 2, "the variables are t, epoch, L"),
        (["--eta", "invers"], 2, 'did you mean "inverse"? by name there are constant, inverse_sqrt'),
        (["--eta", "sqrt"], 2, "there is no step size 'sqrt'"),
        (["--method", "newtom"], 2, "unknown method 'newtom'"),
        (["--loss", "l7"], 2, "unknown loss 'l7'"),
        (["--loss", "logistic"], 2, "two classes are needed"),
        (["--loss", "(p - z)^2"], 2, "the variables are p, y"),
        (["--loss", "(p - y)^4", "--eta", "1/L"], 2, "give a number, such as --eta 0.01"),
        (["--sampling", "sorted", "--method", "sgd"], 2, "unknown sampling 'sorted'"),
        (["--batch", "2"], 2, "add --method sgd"),
        (["--batch", "9", "--method", "sgd"], 2, "the data has 4"),
        (["--steps", "2", "--epochs", "2"], 2, "give one of them"),
        (["--target", "z"], 2, "z"),
        (["--features", "z"], 2, "z"),
        (["--format", "xml"], 2, "descend offers text, json, ndjson, csv"),
        (["--color", "pink"], 2, "auto, always or never"),
        (["--steps", "-1"], 2, "greater than or equal to 0"),
        (["--bogus"], 2, "there is no option --bogus"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_codes_and_messages(noisy: Path, args: list[str], code: int, message: str) -> None:
    done = gdcli("descend", str(noisy), *args)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert (done.stderr == "") == (code == 0)


def test_a_diverged_run_still_reports_and_its_json_is_valid(noisy: Path) -> None:
    done = gdcli("descend", str(noisy), "--eta", "3", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["reason"]) == (3, "diverged")
    assert "2/L" in report["warnings"][0]


def test_errors_travel_in_the_envelope(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("x,y\n1,2\n3,oops\n4,5\n6,7\n", encoding="utf-8")
    done = gdcli("descend", "bad.csv", "--json", cwd=tmp_path)
    envelope = json.loads(done.stdout)
    assert done.returncode == 2
    assert envelope["command"] == "descend"
    error = envelope["error"]
    assert (error["kind"], error["file"], error["line"], error["exit"]) == ("data", "bad.csv", 3, 2)
    assert "oops" in error["message"]
    assert "oops" in done.stderr


def test_a_missing_file_names_problems_and_neighbours(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(NOISY, encoding="utf-8")
    done = gdcli("descend", "dota.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "data.csv" in done.stderr
    done = gdcli("descend", "diabetis", cwd=tmp_path)
    assert "diabetes" in done.stderr


def test_names_cannot_inject_escape_sequences(tmp_path: Path) -> None:
    (tmp_path / "evil.csv").write_text('"\x1b[31mred",y\n0,1\n1,3\n2,5\n3,8\n', encoding="utf-8")
    done = gdcli("descend", "evil.csv", cwd=tmp_path)
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[31mred" in done.stdout


def test_the_same_command_prints_the_same_bytes_but_for_time(noisy: Path) -> None:
    reports = [json.loads(gdcli("descend", str(noisy), "--method", "sgd", "--json").stdout) for _ in range(2)]
    assert without_time(reports[0]) == without_time(reports[1])


def long_run(noisy: Path, *args: str) -> subprocess.Popen[str]:
    """A run that will not end by itself within the test's time."""
    command = [*GDCLI, "descend", str(noisy), "--gap", "0", "--eta", "1e-9", "--steps", "20000000", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_an_interrupted_run_prints_what_it_has(noisy: Path, number: signal.Signals, code: int, method: str) -> None:
    process = long_run(noisy, "--format", "ndjson", "--method", method)
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["step"] < 100:
        pass
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    report = json.loads(out.splitlines()[-1])
    assert (process.returncode, report["kind"], report["reason"]) == (code, "run", "interrupted")
    assert report["step"] >= 100
    assert math.isfinite(report["gap_upper"])
    assert "Traceback" not in err


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.1, 0.2, 0.3])
def test_an_early_interruption_is_quiet(noisy: Path, delay: float) -> None:
    process = long_run(noisy)
    wait_for_handlers(process)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)
    if process.returncode == 130:
        assert "Traceback" not in err


def test_a_reader_that_goes_away_ends_the_run_quietly(noisy: Path) -> None:
    process = long_run(noisy, "--every", "1")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to play a full disk")
def test_a_full_disk_is_never_exit_0(noisy: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*GDCLI, "descend", str(noisy)], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 4
    assert b"could not be written" in done.stderr
    assert b"Traceback" not in done.stderr
