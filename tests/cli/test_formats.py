"""Every command in every format, and names of a file that would be markup in one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gdcli.cli.app import COMMANDS
from gdcli.cli.options import EVERY
from tests.cli.inprocess import frame_of, run
from tests.cli.paper import PDFLATEX, compiled, csv_rows, latex_is_whole, markdown_tables

PARABOLA = "x^2 y + sqrt(x)"
SHORT = ["--steps", "20", "--seeds", "2", "--jobs", "1"]
# RUN is a saved run, CLAIMS a file of claims.
CASES: dict[str, list[list[str]]] = {
    "grad": [[PARABOLA], [PARABOLA, "--at", "2,3", "--steps"], ["|x| y", "--at", "0,1"], ["7"]],
    "derive": [["|x|", "--at", "0"], ["x1^2 x2", "--steps"]],
    "tangent": [[PARABOLA, "--at", "1,2"], ["x^2", "--at", "1", "--slope", "3"], ["x |y|", "--at", "0,0"]],
    "chain": [["sin(u) v", "u = x^2 y", "v = x", "--at", "1,2", "--tape"]],
    "steepest": [["x^2 y", "--at", "1,2", "--along", "1,1"], ["|x| + y", "--at", "0,0"], ["x^2", "--at", "0"]],
    "differentiable": [["|x|", "--at", "0"], ["x*y/norm(x, y)", "--at", "0,0", "--value", "0"]],
    "curvature": [["x^2 y"], ["x^2 + |y|", "--at", "1,0"], ["x^2 + y^2", "--at", "1,2"]],
    "check": [["x^2 y", "--grad", "2*x*y, x^2"], ["--file", "CLAIMS"]],
    "minimize": [["x^2 + 10y^2", "--from", "10,1", "--steps", "5"], ["x_1^2", "--from", "1", "--eta", "1e-9"]],
    "descend": [
        ["diabetes", "--steps", "3"],
        ["line", "-q"],
        ["iris", "--method", "sgd", "--averaging", "polyak", "--steps", "8", "--holdout", "0.2"],
        ["longley", "--l1", "0.1", "--steps", "3"],
        ["line", "--model", "a*exp(-b*x)", "--steps", "3"],
    ],
    "rate": [["line", *SHORT], ["engel", "--loss", "absolute", *SHORT]],
    "rerun": [["RUN"]],
    "predict": [["RUN", "iris"]],
    "plot": [["RUN"]],
    "problems": [[], ["longley"]],
    "cache": [[]],
    "config": [[], ["descend"]],
}
EACH = [(command, place) for command in CASES for place in range(len(CASES[command]))]
each = pytest.mark.parametrize(("command", "place"), EACH, ids=lambda value: str(value))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = tmp_path_factory.mktemp("formats")
    assert run("descend", "iris", "--steps", "5", "--save", str(made / "run"))[0] == 0
    claims = ["x^2 => 2*x", "|x| y => sign(x) y, |x|", "sqrt(x) => 1/(2 sqrt(x))"]
    (made / "claims").write_text("\n".join(claims), encoding="utf-8")
    return str(made)


@cache
def page(folder: str, command: str, place: int, format: str) -> str:
    """What a case prints."""
    names = {"RUN": f"{folder}/run", "CLAIMS": f"{folder}/claims"}
    code, out, err = run(command, *(names.get(word, word) for word in CASES[command][place]), "--format", format)
    assert code == 0, err
    return out


def test_every_command_with_formats_is_in_the_matrix_and_offers_all_of_them() -> None:
    offered = {name: getattr(import_module(f"gdcli.cli.{name}"), "FORMATS", None) for name in COMMANDS}
    assert {name for name, formats in offered.items() if formats} == set(CASES)
    assert all(formats[: len(EVERY)] == EVERY for formats in offered.values() if formats)


@each
@pytest.mark.parametrize("format", EVERY)
def test_every_page_is_there(folder: str, command: str, place: int, format: str) -> None:
    out = page(folder, command, place, format)
    quiet = format == "csv" and "-q" in CASES[command][place]
    assert quiet or out.strip()
    assert "None" not in out
    assert out == "" or out.endswith("\n")


@each
def test_csv_is_read_by_csv_and_pandas_with_the_numbers_of_the_json(folder: str, command: str, place: int) -> None:
    out = page(folder, command, place, "csv")
    if not out:
        return
    rows = csv_rows(out)
    frame = frame_of(out)
    assert frame.shape == (len(rows), len(out.splitlines()[0].split(",")))
    known = {0.0, *numbers(json.loads(page(folder, command, place, "json")))}
    known |= {
        number for line in page(folder, command, place, "ndjson").splitlines() for number in numbers(json.loads(line))
    }
    cells = [float(text) for row in rows for name, text in row.items() if is_number(text) and name not in TIMED]
    assert {cell for cell in cells if abs(cell) != float("inf") and cell == cell} <= known


TIMED = ("seconds", "line")
"""No two runs take the same time; the line of a claim is an integer in its file."""


def numbers(document: Any) -> Iterator[float]:
    """Every number of a document."""
    if isinstance(document, int | float):
        yield float(document)
    elif isinstance(document, dict | list):
        for part in document.values() if isinstance(document, dict) else document:
            yield from numbers(part)


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@each
def test_markdown_tables_are_whole(folder: str, command: str, place: int) -> None:
    out = page(folder, command, place, "markdown")
    markdown_tables(out)
    assert out.startswith("## ") or "-q" in CASES[command][place]


@each
def test_latex_is_balanced(folder: str, command: str, place: int) -> None:
    latex_is_whole(page(folder, command, place, "latex"))


@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex")
def test_latex_compiles(folder: str, tmp_path: Path) -> None:
    compiled([page(folder, command, place, "latex") for command, place in EACH], tmp_path)


def test_a_log_has_the_numbers_of_the_json(folder: str) -> None:
    path = json.loads(page(folder, "minimize", 0, "json"))["path"]
    (table,) = markdown_tables(page(folder, "minimize", 0, "markdown"))
    assert [row[1:3] for row in table[1:]] == [[f"{s['value']:.9g}", f"{s['gradient_norm']:.9g}"] for s in path]
    steps = [json.loads(line) for line in page(folder, "descend", 0, "ndjson").splitlines()[:-1]]
    log = markdown_tables(page(folder, "descend", 0, "markdown"))[1]
    assert [row[:2] for row in log[1:]] == [[str(step["step"]), f"{step['risk']:.9g}"] for step in steps]


NAMES = ["a|b", "$x_1$", "=1+1", "<b>", "\\input{x}", "new\nline", "*a*_b_`c`", "[1](http://x)", "100%&#~^{"]
CLASSES = ["=2+5", "<i>$|\\relax\x1b[31m"]
# As they are shown: control characters escaped.
WHOLE = [name.replace("\n", "\\n") for name in NAMES]
SHOWN = [name.replace("\x1b", "\\x1b") for name in CLASSES]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data whose file, columns and classes are named by someone who knows the formats."""
    file = tmp_path_factory.mktemp("hostile") / "a|b $x_1$ <b> %#.csv"
    quoted = [f'"{name}"' for name in [*NAMES, "y"]]
    rows = [[*((i * 7 + j * j) % 5 for j in range(len(NAMES))), f'"{CLASSES[i % 3 % 2]}"'] for i in range(24)]
    file.write_text("\n".join(",".join(map(str, row)) for row in [quoted, *rows]) + "\n", encoding="utf-8")
    assert run("descend", str(file), "--steps", "5", "--save", str(file.parent / "run"))[0] == 0
    return file


def hostile_page(file: Path, command: str, format: str) -> str:
    args = {
        "descend": [str(file), "--steps", "3"],
        "predict": [str(file.parent / "run"), str(file)],
        "rate": [str(file), *SHORT, "--l2", "0.1"],
        "rerun": [str(file.parent / "run")],
        "plot": [str(file.parent / "run")],
    }
    code, out, err = run(command, *args[command], "--format", format)
    assert code == 0, err
    return out


HOSTILE = ("descend", "predict", "rate", "rerun", "plot")


@pytest.mark.parametrize("command", HOSTILE)
def test_names_of_a_file_are_text_in_every_format(hostile: Path, command: str) -> None:
    assert not any("\x1b" in hostile_page(hostile, command, format) for format in EVERY)
    csv_rows(hostile_page(hostile, command, "csv"))
    json.loads(hostile_page(hostile, command, "json"))
    markdown_tables(hostile_page(hostile, command, "markdown"))
    latex_is_whole(hostile_page(hostile, command, "latex"))


@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex")
def test_latex_of_hostile_names_compiles(hostile: Path, tmp_path: Path) -> None:
    compiled([hostile_page(hostile, command, "latex") for command in HOSTILE], tmp_path)


def test_names_are_read_back_from_tables_and_cells(hostile: Path) -> None:
    theta = markdown_tables(hostile_page(hostile, "descend", "markdown"))[-1]
    assert [row[0] for row in theta[1:-1]] == WHOLE
    shown = markdown_tables(hostile_page(hostile, "predict", "markdown"))[0]
    predicted = csv_rows(hostile_page(hostile, "predict", "csv"))
    assert [row[1] for row in shown[1:]] == [row["prediction"] for row in predicted]
    assert {row["prediction"] for row in predicted} == set(SHOWN)


def test_a_log_that_nobody_watches_is_no_open_table() -> None:
    page = run("descend", "line", "-q", "--format", "latex")[1]
    assert page.startswith("\\noindent\\begin{tabular}{lp")
    latex_is_whole(page)


def test_help_and_a_wrong_format_name_what_there_is() -> None:
    code, _, err = run("cache", "--format", "yaml")
    assert code == 2
    assert ", ".join(EVERY) in err
    assert "text, json, ndjson, csv, markdown" in " ".join(run_help("cache").split())


def run_help(command: str) -> str:
    from typer.testing import CliRunner

    from gdcli.cli.app import app

    return CliRunner().invoke(app, [command, "--help"]).output
