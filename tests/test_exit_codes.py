"""One enum is the source of every table of exit codes, and of every exit code."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import gdcli
from gdcli import errors
from gdcli.cli.app import COMMANDS
from gdcli.errors import Exit, GdcliError
from tests.cli.inprocess import run

README = Path(__file__).parents[1] / "README.md"
TABLE = [(int(code), code.meaning) for code in Exit]


def test_the_readme_has_the_table() -> None:
    rows = README.read_text(encoding="utf-8").partition("| exit code | meaning |\n|---|---|\n")[2].partition("\n\n")[0]
    found = re.findall(r"^\| (\d+) \| (.+) \|$", rows, re.MULTILINE)
    assert [(int(code), meaning) for code, meaning in found] == TABLE


def test_the_help_has_the_table() -> None:
    rows = run()[2].partition("Exit codes")[2]
    assert [
        (int(code), " ".join(meaning.split())) for code, meaning in re.findall(r"^ +(\d+)  (.+)$", rows, re.MULTILINE)
    ] == TABLE


def test_the_codes_are_those_of_shells() -> None:
    """Signals end with 128 and their number; 70 is EX_SOFTWARE of sysexits."""
    assert (Exit.HANGUP, Exit.INTERRUPTED, Exit.PIPE, Exit.TERMINATED) == (128 + 1, 128 + 2, 128 + 13, 128 + 15)
    assert (Exit.DONE, Exit.BUG) == (0, 70)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_of_help_speaks_of_codes_that_exist(command: str) -> None:
    doc = " ".join((inspect.getdoc(import_module(f"gdcli.cli.{command}").command) or "").split())
    for sentence in re.findall(r"\b[Ee]xit (?:code )?(?:is then )?([^.;:]*)", doc):
        for number in re.findall(r"(?<![\w.])\d+(?![\w.])", sentence):
            assert int(number) in set(Exit), sentence


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("args", [[], ["--bogus"], ["x", "y", "z", "--at", "-"], ["--help"]], ids=str)
def test_a_command_ends_with_a_code_of_the_enum(command: str, args: list[str]) -> None:
    assert run(command, *args)[0] in set(Exit)


def test_every_failure_has_a_code_of_the_enum() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GdcliError)]
    assert len(kinds) >= 7
    assert all(isinstance(kind.exit, Exit) for kind in kinds)


def numbers(path: Path) -> list[int]:
    """The lines where a process or a command is ended with a number of its own."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    ends = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in ("Exit", "exit")]
    return [call.lineno for call in ends if any(isinstance(argument, ast.Constant) for argument in call.args)]


def test_no_code_is_written_as_a_number(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import sys\nsys.exit(3)\n")
    assert numbers(bad) == [2]
    assert {path.name: found for path in Path(gdcli.__file__).parent.rglob("*.py") if (found := numbers(path))} == {}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["grad", "x"], Exit.DONE),
        (["check", "x", "--grad", "2"], Exit.NOT_MET),
        (["descend", "line", "--steps", "0", "--max-gap", "0", "-q"], Exit.NOT_MET),
        (["grad", "x +"], Exit.USAGE),
        (["descend", "diabetes", "--eta", "9", "-q"], Exit.DIVERGED),
        (["minimize", "-x^2", "--from", "1"], Exit.DIVERGED),
        (["grad", "x^2 sin(x)", "--timeout", "0.01"], Exit.EXHAUSTED),
    ],
    ids=lambda value: str(value),
)
def test_a_process_ends_with_the_code(args: list[str], code: Exit) -> None:
    done = subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, check=False)
    assert done.returncode == code
