"""`gdcli rate` as a process: its page, every format, exit codes, Ctrl-C, and no process left behind."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.inprocess import run
from tests.test_house import loaded


def gdcli(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, text=True, check=False)


def test_the_page_has_slopes_bounds_tables_and_a_verdict() -> None:
    done = gdcli("rate", "gd_rate", "--steps", "1000", "--seeds", "3")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "slopes: log gap against log passes",
        "GD: theta <- theta - eta grad R(theta);  eta = 1/L = 1",
        "slope -1.03",
        "no interval: one run with full",
        "eta_t = eta0/sqrt(1 + t)",
        "jackknife over 3 seeds",
        "it holds",
        "T(eps): from this step on",
        "x9.25     0.97",
        "gap R - R* at equal passes",
        "fewest passes: ",
        "4 runs in ",
    ):
        assert " ".join(words.split()) in " ".join(done.stdout.split())
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_holds_it_all_and_the_same_for_any_number_of_processes() -> None:
    args = ["rate", "diabetes", "--steps", "300", "--seeds", "3", "--json"]
    reports = [json.loads(gdcli(*args, "--jobs", jobs).stdout, object_hook=timeless) for jobs in ("1", "2", "3")]
    assert reports[0] == reports[1] == reports[2]
    report = reports[0]
    assert (report["command"], report["data"], report["rows"], report["at"]) == ("rate", "diabetes", 442, "evaluations")
    gd, sgd = report["methods"]
    assert (gd["method"], gd["seeds"], sgd["seeds"], sgd["stochastic"]) == ("gd", 1, 3, True)
    assert gd["curves"][0]["slope"]["lower"] is None
    assert gd["curves"][0]["slope"]["reason"]
    lower, value, upper = (sgd["curves"][0]["slope"][key] for key in ("lower", "value", "upper"))
    assert lower < value < upper
    assert [reach["eps"] for reach in gd["curves"][0]["reaching"]] == pytest.approx([10.0**-k for k in range(1, 7)])
    assert len(report["winners"]) == 6


def timeless(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key != "seconds"}


def test_what_is_infinite_or_not_reached_is_null_with_a_reason() -> None:
    code, out, _ = run("rate", "engel", "--loss", "absolute", "--steps", "20", "--seeds", "1", "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["L"], report["L_reason"]) == (None, "infinite")
    assert report["methods"][0]["curves"][0]["reaching"][5]["step"] is None
    assert report["methods"][0]["curves"][0]["reaching"][5]["step_reason"] == "the runs do not come so far"


def test_csv_and_ndjson_hold_the_points_of_the_curves() -> None:
    args = ["rate", "diabetes", "--steps", "20", "--seeds", "2", "--jobs", "1", "--format"]
    rows = list(csv.DictReader(io.StringIO(run(*args, "csv")[1])))
    lines = [json.loads(line) for line in run(*args, "ndjson")[1].splitlines()]
    assert [line["kind"] for line in lines] == ["point"] * len(rows) + ["rate"]
    assert [row["step"] for row in rows if row["method"] == "gd"][:4] == ["0", "1", "2", "3"]
    assert {(row["method"], row["of"]) for row in rows} == {
        ("gd", "last iterate"),
        ("sgd", "last iterate"),
        ("sgd", "averaged iterate"),
    }
    for row, line in zip(rows, lines, strict=False):
        assert float(row["gap"]) == line["gap"]
        assert float(row["gap_lower"]) <= float(row["gap"]) <= float(row["gap_upper"])


def test_markdown_is_tables() -> None:
    page = run("rate", "line", "--steps", "50", "--seeds", "2", "--jobs", "1", "--format", "markdown")[1]
    assert page.startswith("## Rates of convergence: line\n")
    assert "| curve | step size | slope | 95 % | theory | bound at T |\n| --- | --- |" in page
    tables = [block for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1


def test_the_picture_has_a_letter_a_method_bounds_and_powers_of_ten() -> None:
    page = run("rate", "gd_rate", "--steps", "1000", "--seeds", "2", "--plot")[1]
    assert "G gd   S sgd   a sgd avg.   g gd, bound   s sgd avg., bound" in page
    picture = page[page.index("gap R - R*\n") :].splitlines()
    assert "1e+00" in picture[-3]
    assert max(map(len, picture)) <= 80
    # GD ends lowest: its last mark stands in the last row that has one.
    last = [line for line in picture if line.endswith("│") and set("GSas") & set(line)][-1]
    assert "G" in last
    assert not set("Sas") & set(last.split("│")[1])


def test_methods_may_have_parameters() -> None:
    code, out, err = run("rate", "line", "--methods", "heavy_ball(beta=0.5), adam(0.8,0.9)", "--steps", "20", "--json")
    assert (code, err) == (0, "")
    assert [rate["method"] for rate in json.loads(out)["methods"]] == ["heavy_ball(beta=0.5)", "adam(0.8,0.9)"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--methods", "gd,sgdd"], ["unknown method 'sgdd'", 'did you mean "sgd"?', "nesterov"]),
        (["--methods", "gd,gd"], ["named twice"]),
        (["--methods", ","], ["names no method"]),
        (["--methods", "gd(1)"], ["no parameters"]),
        (["--at", "hours"], ["unknown axis 'hours'", "evaluations, steps, time"]),
        (["--seeds", "0"], ["--seeds is 0"]),
        (["--steps", "5", "--epochs", "5"], ["the same thing twice"]),
        (["--format", "yaml"], ["text, json, ndjson, csv, markdown, latex"]),
        (["--plot", "--json"], ["--plot FILE.svg goes with any format"]),
        (["--eta", "1/(t - 3)", "--methods", "gd"], ["positive and finite"]),
        (["--target", "rooms"], ["rooms"]),
        (["--batch", "0"], ["--batch"]),
        (["--epochs", "0.001"], ["less than one step of gd"]),
    ],
)
def test_what_cannot_be_measured_says_why(args: list[str], words: list[str]) -> None:
    code, _, err = run("rate", "line", *args)
    assert code == 2
    for word in words:
        assert word in err


def test_an_error_on_the_way_comes_out_of_its_process() -> None:
    done = gdcli("rate", "diabetes", "--eta", "1/(100 - t)", "--seeds", "2", "--steps", "200", "--jobs", "2")
    assert done.returncode == 2
    assert "at t = 100" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_method_that_diverges_is_told_of_and_all_are_an_error() -> None:
    code, out, err = run("rate", "diabetes", "--methods", "gd,nesterov,armijo", "--eta", "0.6", "--steps", "100")
    assert (code, err) == (0, "gdcli: warning: gd: diverged\ngdcli: warning: nesterov: diverged\n")
    assert "no slope: 1 of 1 runs diverged" in out
    code, _, err = run("rate", "diabetes", "--methods", "gd", "--eta", "0.6")
    assert code == 3
    assert err.splitlines()[-1] == "gdcli: error: every method diverged"


def children(parent: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def begun(process: subprocess.Popen[str]) -> list[int]:
    """The processes it started, as soon as they are there."""
    deadline = time.monotonic() + 60.0
    while len(found := children(process.pid)) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def start(*args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gdcli", "rate", "diabetes", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_ends_every_process(number: signal.Signals, code: int) -> None:
    process = start("--methods", "adam", "--steps", "5000000000", "--seeds", "3", "--jobs", "2")
    own = begun(process)
    # As Ctrl-C does: to the whole group.
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "")
    assert not any(Path(f"/proc/{child}").exists() for child in own)


def test_what_was_done_before_an_interruption_is_told() -> None:
    process = start("--methods", "newton,adam", "--steps", "5000000000", "--seeds", "2", "--jobs", "2")
    begun(process)
    # Newton is done in milliseconds.
    time.sleep(3.0)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Newton: " in out
    assert "interrupted: 1 of 3 runs were done" in err
    assert "no run was done of adam" in err


def test_a_process_that_is_killed_is_one_message() -> None:
    process = start("--methods", "adam", "--steps", "5000000000", "--seeds", "2", "--jobs", "2")
    os.kill(begun(process)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "a process of the runs was killed" in err
    assert "Traceback" not in err


def test_processes_end_with_the_one_that_started_them() -> None:
    process = start("--methods", "adam", "--steps", "5000000000", "--seeds", "2", "--jobs", "2")
    own = begun(process)
    process.kill()
    process.communicate(timeout=60)
    deadline = time.monotonic() + 60.0
    while any(Path(f"/proc/{child}").exists() for child in own):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_help_fits_and_loads_little() -> None:
    done = gdcli("rate", "--help")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert loaded("rate", "--help") & {"numpy", "sympy", "rich"} == set()
    assert loaded("rate", "line", "--steps", "20", "--seeds", "1") & {"sympy", "mpmath", "rich", "scipy"} == set()
