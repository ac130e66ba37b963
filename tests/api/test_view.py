"""How results look: printed, and in a notebook as formulas or pages; plain Python without the face."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import gdcli
from gdcli.api.view import FORMULAS
from gdcli.cli.app import COMMANDS
from tests.api.test_formulas import CASES
from tests.cli.inprocess import run

PAGES = {
    "descend": lambda: gdcli.descend("line", steps=5),
    "rate": lambda: gdcli.rate("line", methods=["gd"], steps=20, jobs=1),
    "problems": gdcli.problems,
}

ARGS = {
    "descend": ["descend", "line", "--steps", "5"],
    "rate": ["rate", "line", "--methods", "gd", "--steps", "20", "--jobs", "1"],
    "problems": ["problems"],
}


def environments(text: str) -> list[str]:
    return re.findall(r"\\(?:begin|end)\{([^}]*)\}", text)


@pytest.mark.parametrize("name", CASES)
def test_formulas_are_displayed_equations(name: str) -> None:
    report = CASES[name][0]()
    latex = report._repr_latex_()
    blocks = latex.split("\n\n")
    assert all(
        block.startswith("$$\n\\begin{aligned}\n") and block.endswith("\n\\end{aligned}\n$$") for block in blocks
    )
    assert latex.count("$$") == 2 * len(blocks)
    assert set(environments(latex)) <= {"aligned", "pmatrix", "cases"}
    assert latex.count(r"\begin{") == latex.count(r"\end{")
    assert latex.count("{") == latex.count("}")
    assert r"\hline" not in latex
    assert report._repr_markdown_() is None


def test_a_gradient() -> None:
    latex = gdcli.gradient("x^2 y")._repr_latex_()
    assert latex is not None
    assert r"\frac{\partial f}{\partial x} &= 2 x y \\" in latex


@pytest.mark.parametrize("name", PAGES)
def test_runs_and_rates_are_pages(name: str) -> None:
    report = PAGES[name]()
    assert report._repr_latex_() is None
    assert report._repr_markdown_().startswith("## ")


@pytest.mark.parametrize("name", [*CASES, *PAGES])
def test_a_printed_result_is_what_the_command_prints(name: str) -> None:
    report = CASES[name][0]() if name in CASES else PAGES[name]()
    lines = [line for line in str(report).splitlines() if not re.search(r"\d s\b", line)]
    args = CASES[name][1] if name in CASES else ARGS[name]
    printed = run(*args)[1].splitlines()
    assert lines
    assert [line for line in lines if line not in printed] == []


def test_a_formula_shows_itself() -> None:
    assert gdcli.parse("x^2/3")._repr_latex_() == "$$\n\\frac{{x}^{2}}{3}\n$$"


def test_every_command_on_formulas_has_its_equations() -> None:
    assert set(FORMULAS) <= set(COMMANDS)
    assert {CASES[name][1][0] for name in CASES} == set(FORMULAS)


def test_without_the_face_a_result_is_plain_python() -> None:
    program = (
        "from gdcli.results.problems import ProblemList as P\n"
        "assert P(())._repr_latex_() is None and P(())._repr_markdown_() is None\n"
        "import gdcli\n"
        "assert gdcli.problems()._repr_markdown_()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(gdcli.__file__).parents[1])
