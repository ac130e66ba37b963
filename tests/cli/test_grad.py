"""`gdcli grad` and `gdcli tangent` as processes: arguments, streams, formats, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def gdcli(*args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "gdcli", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_gradient_as_a_new_user_types_it() -> None:
    done = gdcli("grad", "x1**2*x2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  df/dx1 = 2*x1*x2\n  df/dx2 = x1**2\n" in done.stdout


def test_a_formula_may_begin_with_a_minus_and_so_may_a_point() -> None:
    done = gdcli("grad", "-x1**2", "--at", "-3", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["gradient"] == {"x1": 6.0}


def test_json_is_one_document() -> None:
    document = json.loads(gdcli("grad", "x^2 y + |z|", "--at", "1,2,0", "--format", "json").stdout)
    assert document["command"] == "grad"
    assert document["variables"] == ["x", "y", "z"]
    assert document["gradient"] == {"x": 4.0, "y": 1.0, "z": None}
    assert document["gradient_reason"] == {"z": "no derivative: left -1, right 1"}
    assert document["rules"][0] == "sum"
    assert document["warnings"] == []


def test_tangent_json() -> None:
    document = json.loads(gdcli("tangent", "x^2", "--at", "1", "--json").stdout)
    assert (document["tangent"], document["remainder"]) == ("1 + 2*(x - 1)", "h**2")
    assert document["decay"][0] == {"h": 0.1, "ratios": [0.1, 0.1]}


def test_latex() -> None:
    done = gdcli("tangent", "x^2", "--at", "1", "--format", "latex")
    assert done.stdout.startswith("\\begin{align*}\n")
    assert "\\end{align*}\n\n\\noindent\\begin{tabular}{rrr}\n" in done.stdout
    assert done.stdout.endswith("\\end{tabular}\n")


def test_notes_go_to_stderr_and_into_the_document() -> None:
    done = gdcli("grad", "1/2x", "--json")
    assert done.returncode == 0
    assert "gdcli: note: " in done.stderr
    assert json.loads(done.stdout)["warnings"]
    assert gdcli("grad", "1/2x", "-q").stderr == ""


def test_the_order_of_the_variables_and_the_partials_asked_for() -> None:
    document = json.loads(gdcli("grad", "x y^2", "--vars", "y,x", "--wrt", "x", "--at", "2,3", "--json").stdout)
    assert document["variables"] == ["y", "x"]
    assert document["at"] == {"y": 2.0, "x": 3.0}
    assert document["gradient"] == {"x": 4.0}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["grad", "x^2", "--wrt", "y"], ["--wrt y: the formula has no variable y", "its variables are x"]),
        (["grad", "x^2", "--wrt", "x,x"], ["--wrt x,x: a variable comes twice", "name each variable once"]),
        (["grad", "7", "--wrt", "y"], ["the formula has no variable y", "none: it is a constant"]),
        (["grad", "7", "--at", "1"], ["--at: the formula has no variables", "leave --at out"]),
        (["grad", "1/x", "--at", "0"], ["f is not defined at x = 0: a division by zero", "inside the domain"]),
        (["tangent", "|x|", "--at", "0"], ["f has no tangent here: in x no derivative: left -1, right 1"]),
        (["tangent", "x^2"], ["--at", "gdcli tangent --help"]),
        (["grad", "x^2", "--format", "yaml"], ["unknown format 'yaml'", "text, json", "latex, python"]),
        (["grad", "1/2x", "--strict"], ["ambiguous"]),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(args: list[str], words: list[str]) -> None:
    done = gdcli(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(word in done.stderr for word in words)


def test_an_error_travels_in_the_envelope_too() -> None:
    done = gdcli("grad", "log x", "--at", "0", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "domain"


def test_the_deadline_holds() -> None:
    done = gdcli("grad", "((x+y+z)^9999)^9999", "--at", "7,8,9", "--timeout", "1")
    assert done.returncode in (2, 4)
    assert "gdcli: error: " in done.stderr


def test_help_fits_eighty_columns_and_begins_with_examples() -> None:
    for command in ("grad", "tangent", "chain", "steepest"):
        page = gdcli(command, "--help").stdout
        assert max(map(len, page.splitlines())) <= 80
        assert f"gdcli {command} " in page.split("Options:")[0]
