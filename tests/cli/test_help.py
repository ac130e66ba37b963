"""Every page of help: 80 columns, the same bytes everywhere, examples first, and each of them runs."""

from __future__ import annotations

import math
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gdcli
from gdcli.cli.app import COMMANDS, root
from gdcli.cli.groups import GROUPS, OWN, REST, heading
from gdcli.cli.pages import Entry, Page, commands_of, page, told, written
from gdcli.cli.tree import command_of, program
from gdcli.errors import Exit

NAMES = ("gdcli", *COMMANDS)
PRINT_ALL = "from gdcli.cli.tree import *\nfor f, c in [program(), *map(command_of, {names})]: print(f.get_help(c))"


def help_of(name: str) -> str:
    found, context = program() if name == "gdcli" else command_of(name)
    return str(found.get_help(context))


def run(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, env=os.environ | environment)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_eighty_columns_and_any_encoding(name: str) -> None:
    text = help_of(name)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_begins_with_usage_summary_and_examples(name: str) -> None:
    lines = help_of(name).splitlines()
    assert lines[0].startswith("Usage: gdcli ")
    assert lines.index("Examples:") < 6
    examples = lines[lines.index("Examples:") + 1 :]
    assert any(line.startswith("  gdcli " if name == "gdcli" else f"  gdcli {name}") for line in examples)


ENVIRONMENTS: dict[str, dict[str, str]] = {
    "narrow": {"COLUMNS": "40", "LINES": "10"},
    "wide": {"COLUMNS": "200", "TERMINAL_WIDTH": "200"},
    "coloured": {"FORCE_COLOR": "1", "PY_COLORS": "1", "CLICOLOR_FORCE": "1"},
    "in a workflow": {"GITHUB_ACTIONS": "true", "CI": "true"},
    "of ASCII": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "of a bare terminal": {"TERM": "dumb", "NO_COLOR": "1"},
}


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_the_pages_are_the_same_bytes_in_an_environment(kind: str) -> None:
    program = PRINT_ALL.format(names=COMMANDS)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=os.environ | ENVIRONMENTS[kind])
    assert done.stdout.decode() == "".join(f"{help_of(name)}\n" for name in NAMES)
    assert done.stderr == b""


def test_the_page_is_the_same_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "gdcli", "descend", "-h"], stdin=theirs, stdout=theirs) as process:
        os.close(theirs)
        seen = b""
        while b"gdcli man." not in seen:
            seen += os.read(ours, 65536)
        assert process.wait() == 0
    os.close(ours)
    assert seen.decode().replace("\r\n", "\n") == help_of("descend") + "\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_there_are_three_ways_to_a_page(name: str) -> None:
    pages = {run(name, "--help").stdout, run(name, "-h").stdout, run("help", name).stdout}
    assert pages == {f"{help_of(name)}\n".encode()}


def test_the_first_page_names_all_commands_and_exit_codes() -> None:
    assert run("--help").stdout == run("-h").stdout == run("help").stdout
    text = help_of("gdcli")
    assert all(f"\n  {name} " in text for name in COMMANDS)
    assert all(f"{int(code):>3}  {code.meaning}" in text for code in Exit)


def options_of(name: str) -> list[str]:
    command, context = command_of(name)
    return [p.name for p in command.get_params(context) if p.param_type_name == "option"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_heading(name: str) -> None:
    grouped = {option for names in GROUPS.values() for option in names} | {option for _, option in OWN}
    missing = [option for option in options_of(name) if option not in grouped]
    assert not missing, f"put {missing} under a heading in gdcli/cli/groups.py"


def test_an_option_without_a_heading_stands_among_the_rest() -> None:
    assert heading("descend", "new") == REST
    assert heading("descend", "target") == "Data and model"
    assert heading("grad", "steps") == "Output"


def test_no_option_has_two_headings() -> None:
    names = [option for names in GROUPS.values() for option in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_on_its_page_once(name: str) -> None:
    command, context = command_of(name)
    parameters = command.get_params(context)
    shown = [entry.shown for _, entries in page(command, parameters).sections for entry in entries]
    assert len(shown) == len(parameters)
    for parameter in parameters:
        if parameter.param_type_name == "option":
            assert sum(parameter.opts[0] in entry.replace(",", "").split() for entry in shown) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_says_what_it_is_for(name: str) -> None:
    command, context = command_of(name)
    for _, entries in page(command, command.get_params(context)).sections:
        for entry in entries:
            assert entry.text.endswith((".", ")")), entry


def test_a_long_name_has_its_text_below() -> None:
    long, short = Entry("--" + "x" * 30, "long"), Entry("-s", "short")
    text = written(Page("gdcli x", "X.", (), (), (("Options", (long, short)),)))
    assert f"  --{'x' * 30}\n      long\n  -s  short\n" in text


def test_an_examples_second_line_belongs_to_its_text() -> None:
    assert commands_of(["gdcli a  one", "         two", "gdcli b"]) == [("gdcli a", "one two"), ("gdcli b", "")]


ROWS = "".join(f"{x / 4},{3 * math.exp(-x / 8) + 0.01 * (x % 3)}\n" for x in range(20))
FILES = {
    **dict.fromkeys(("data.csv", "old.csv", "new.csv"), f"x,price\n{ROWS}"),
    "formulas.txt": "x^2\nx*y\n",
    "homework.txt": "x^2 => 2*x\n",
}
# What an example needs that may be missing where the tests run.
NEEDED = {"| man": "man"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The user's folder that the examples speak of, and gdcli on the path."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".config/fish/completions").mkdir(parents=True)
    (tmp_path / ".bin").mkdir()
    program = tmp_path / ".bin/gdcli"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gdcli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(shutil.which("bash") is None, reason="the examples are lines for bash")
@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs(name: str, folder: Path) -> None:
    path = f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "HOME": str(folder), "GDCLI_CACHE_DIR": str(folder / ".cache"), "MANPAGER": "cat"}
    own["PYTHONPATH"] = str(Path(gdcli.__file__).parent.parent)
    examples = commands_of(told(root)[1] if name == "gdcli" else told(command_of(name)[0].callback)[1])
    assert examples
    for line, _ in examples:
        if any(part in line and shutil.which(program) is None for part, program in NEEDED.items()):
            continue
        command = ["bash", "-o", "pipefail", "-c", line]
        done = subprocess.run(
            command, cwd=folder, env=os.environ | own, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == Exit.DONE, f"{line}\n{done.stderr}"
