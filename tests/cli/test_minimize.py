"""`gdcli minimize` as a process: the streamed table, every format, the picture, exit codes."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time

import pytest


def gdcli(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, text=True, check=False)


def test_the_page_tells_the_path_and_its_end() -> None:
    done = gdcli("minimize", "x^2 + 10y^2", "--from", "10,1")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "convex on R^2; L <= 20, mu >= 2",
        "eta = 0.05 (1/L, L proven on R^2)",
        "|grad f|",
        "f(x_T) - min f <= |grad f|^2/(2 mu)",
        "stopped: |grad f| is as small as asked for",
    ):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_is_one_document() -> None:
    report = json.loads(gdcli("minimize", "x^2 + 10y^2", "--from", "10,1", "--steps", "3", "--json").stdout)
    assert report["command"] == "minimize"
    assert (report["step"], report["reason"]) == (3, "steps")
    assert report["start"] == {"x": 10.0, "y": 1.0}
    assert report["x"]["x"] == pytest.approx(7.29)
    assert [step["step"] for step in report["path"]] == [0, 1, 2, 3]
    assert (report["L"], report["mu"], report["eta"]) == (20.0, 2.0, 0.05)


def test_ndjson_streams_steps_and_ends_with_the_run() -> None:
    done = gdcli("minimize", "x^2", "--from", "1", "--eta", "1/4", "--steps", "5", "--format", "ndjson", "--every", "2")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["step"] * 4 + ["run"]
    assert [line["step"] for line in lines[:-1]] == [0, 2, 4, 5]
    assert lines[3]["x"] == {"x": 0.5**5}


def test_csv_has_a_column_for_every_variable() -> None:
    done = gdcli("minimize", "a^2 + b^2", "--from", "1,2", "--eta", "1/4", "--steps", "2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["step"] for row in rows] == ["0", "1", "2"]
    assert [float(row["b"]) for row in rows] == [2.0, 1.0, 0.5]


def test_latex_is_a_table_of_the_path() -> None:
    page = gdcli("minimize", "x_1^2", "--from", "1", "--eta", "1e-9", "--steps", "1", "--format", "latex").stdout
    assert r"\begin{tabular}{rrrr}" in page
    assert r"$x_{1}$" in page
    assert r"\eta_0 &= 1 \cdot 10^{-9}" in page


def test_the_valley_is_drawn_with_start_path_and_end() -> None:
    done = gdcli("minimize", "(1-x)^2 + 100(y-x^2)^2", "--from", "-1.2,1", "--on", "-2..2", "--plot", "-q")
    lines = done.stdout.splitlines()
    picture = [line for line in lines if line.endswith("│")]
    assert len({len(line) for line in picture}) == 1
    drawn = "".join(picture)
    assert drawn.count("S") == drawn.count("E") == 1
    assert drawn.count("o") >= 3
    assert "o x_t   S start   E end" in " ".join(lines[-2:])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["x^2", "--from", "1", "--eta", "3"], ["the descent diverged", "above 2/L = 1"]),
        (["-x^2", "--from", "1"], ["fell beyond all bounds", "concave on R: it has no minimum"]),
        (["-log(x) + 100x", "--from", "1", "--eta", "1"], ["left", "domain"]),
    ],
)
def test_a_descent_that_fails_ends_with_three(args: list[str], words: list[str]) -> None:
    done = gdcli("minimize", *args)
    assert done.returncode == 3
    said = done.stderr.replace("led out", "left")
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["x^2"], ["--from", "gdcli minimize --help"]),
        (["x^2", "--from", "1,2"], ["2 coordinates for 1 variable"]),
        (["3", "--from", "1"], ["f is a constant", "with a variable"]),
        (["x*y*z", "--from", "1,1,1", "--plot"], ["--plot draws functions of one or two variables, and f has 3"]),
        (["x*y", "--from", "1,1", "--plot", "--format", "csv"], ["not in csv", "--plot FILE.svg"]),
        (["x^4", "--from", "1", "--eta", "1/L"], ["needs L, and none is known on R", "--on"]),
        (["x^4", "--from", "1", "--gap", "1"], ["needs strong convexity", "--grad-tol"]),
        (["x^2", "--from", "1", "--method", "sgd"], ["draws rows of data"]),
        (["x^2", "--from", "1", "--eta", "q"], ["q"]),
        (["x^2", "--from", "1", "--on", "a=1..2"], ["there is no variable a"]),
    ],
)
def test_what_cannot_be_done_says_why(args: list[str], words: list[str]) -> None:
    done = gdcli("minimize", *args)
    assert (done.returncode, done.stdout) == (2, "")
    for word in words:
        assert word in done.stderr


def test_an_interruption_prints_where_the_run_is() -> None:
    args = ["minimize", "(1-x)^2 + 100(y-x^2)^2", "--from", "-1.2,1", "--eta", "1e-5", "--steps", "100000000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gdcli", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while not process.stdout.readline().strip().startswith("100 "):
        pass
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped: interrupted" in out
    assert "f(x_T) = " in out


def test_the_same_command_prints_the_same() -> None:
    args = ["minimize", "exp(x) + x^2", "--from", "1", "--format", "csv"]
    assert gdcli(*args).stdout == gdcli(*args).stdout
