"""The README cannot lie: every `$ gdcli ...` in a console block is run, and its output compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
# What differs from run to run: seconds, and what was done in one.
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
SECONDS = re.compile(r"\s*\b\d+\.\d+(?: |e[-+]\d+/)s\b")


def examples() -> list[list[tuple[str, str]]]:
    """(command, expected output) for each command of each console block."""
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [
        [(command, output) for command, _, output in (part.partition("\n") for part in commands)]
        for commands in (re.split(r"^\$ ", block, flags=re.MULTILINE)[1:] for block in blocks)
    ]


def run(command: str, folder: Path) -> str:
    """Run a command line as a shell would, with this interpreter's gdcli; both streams as a terminal mixes them."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
    shell = re.sub(r"(^|\| *)gdcli ", rf"\1{shlex.quote(sys.executable)} -m gdcli ", command)
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def parts(text: str) -> tuple[list[str], list[float]]:
    """The words of an output, and its numbers: last digits differ between machines, words do not."""
    plain = SECONDS.sub(" # s", text)
    return NUMBER.sub(" # ", plain).split(), [float(number) for number in NUMBER.findall(plain)]


def test_there_are_examples() -> None:
    assert len(examples()) >= 5


@pytest.mark.parametrize("block", examples(), ids=[block[0][0] for block in examples()])
def test_a_block_of_examples_prints_what_the_readme_shows(block: list[tuple[str, str]], tmp_path: Path) -> None:
    """One command after the other, in one folder."""
    put_files(tmp_path)
    for command, expected in block:
        words, numbers = parts(run(command, tmp_path))
        expected_words, expected_numbers = parts(expected)
        assert words == expected_words, command
        assert numbers == pytest.approx(expected_numbers, rel=1e-6, abs=1e-15), command


@pytest.mark.parametrize(("one", "other"), [("R* = 1", "R* = 1.1"), ("x 2 y", "x 2 z"), ("1e-3", "1e-4")])
def test_a_stale_example_would_be_seen(one: str, other: str) -> None:
    assert parts(one) != parts(other)


def put_files(folder: Path) -> None:
    """Write the CSV files that the README prints, each named in the line before its block."""
    blocks = re.findall(
        r"`(\w+\.csv)`,\n\n```csv\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert [name for name, _ in blocks] == ["data.csv", "growth.csv"]
    for name, text in blocks:
        (folder / name).write_text(text, encoding="utf-8")


def pictures() -> dict[str, str]:
    """The pictures that a command of the README draws: file -> command, as `gdcli ... --plot FILE` stands there."""
    commands = re.findall(r"^`gdcli (.+? --plot (\w+\.svg))`", README.read_text(encoding="utf-8"), re.MULTILINE)
    return {file: command for command, file in commands}


def test_every_picture_is_there_and_is_drawn_by_a_command() -> None:
    shown = set(re.findall(r"\]\(\.pictures/(\w+\.svg)\)", README.read_text(encoding="utf-8")))
    assert shown == {"run.svg", *pictures()}
    assert shown == {path.name for path in (README.parent / ".pictures").iterdir()}


@pytest.mark.parametrize(("file", "command"), pictures().items())
def test_a_picture_s_command_draws_it(file: str, command: str, tmp_path: Path) -> None:
    assert run(f"gdcli {command} -q", tmp_path) != ""
    drawn = (tmp_path / file).read_text(encoding="utf-8")
    kept = (README.parent / ".pictures" / file).read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    assert len(drawn) == pytest.approx(len(kept), rel=0.2)


def test_every_test_that_keeps_a_promise_is_there() -> None:
    """And a promise has one."""
    table = README.read_text(encoding="utf-8").split("## What gdcli promises")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    kept = [re.findall(r"`(tests/[\w/]+\.py)`", row) for row in rows]
    assert len(kept) >= 14
    assert all(kept)
    assert all((README.parent / file).is_file() for files in kept for file in files)
