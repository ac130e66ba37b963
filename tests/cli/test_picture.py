"""`--plot FILE` of every command that draws: whole files of every kind, and one clear message where there is none."""

from __future__ import annotations

import builtins
import errno
import json
import os
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from gdcli.cli.picture import KINDS
from gdcli.errors import Exit
from tests.cli.inprocess import run

COMMANDS = {
    "tangent line": ["tangent", "x^2", "--at", "1", "--slope", "3"],
    "tangent plane": ["tangent", "x^2 y", "--at", "1,-2"],
    "tangent, no LaTeX for it": ["tangent", "x^2 if x > 0 else -x^2", "--at", "1"],
    "derive": ["derive", "|x|", "--at", "0"],
    "steepest": ["steepest", "x1^2 x2", "--at", "1,-2", "--along", "3,4"],
    "minimize on a line": ["minimize", "x^4 - 3x^2 + x", "--from", "2", "--eta", "0.05"],
    "minimize in the plane": ["minimize", "x^2 + 10y^2", "--from", "10,1"],
    "minimize where f has holes": ["minimize", "log(x) + 1/x + y^2", "--from", "3,2"],
    "minimize without a step": ["minimize", "x^2 + y^2", "--from", "0,0"],
}
HEADS = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".html": b"<!DOCTYPE html>"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_picture_is_written_as_every_kind(name: str, kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"picture{kind}"
    code, _, err = run(*COMMANDS[name], "--plot", str(file))
    assert (code, err) == (0, "")
    assert file.read_bytes().startswith(HEADS[kind])
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["tangent line", "minimize in the plane"])
def test_the_same_command_draws_the_same_bytes_over_the_old_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    run(*COMMANDS[name], "--plot", str(file))
    first = file.read_bytes()
    run(*COMMANDS[name], "--plot", str(file))
    assert file.read_bytes() == first


@pytest.mark.parametrize("name", COMMANDS)
def test_the_answer_beside_a_picture_is_the_answer_without_one(name: str, tmp_path: Path) -> None:
    args = [*COMMANDS[name], "--json"]
    _, drawn, _ = run(*args, "--plot", str(tmp_path / "a.svg"))
    _, plain, _ = run(*args)
    first, second = ({**json.loads(out), "seconds": 0.0} for out in (drawn, plain))
    assert first == second


def test_a_descent_that_diverged_is_drawn_and_still_fails(tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    code, _, _ = run("minimize", "x^2 + y^2", "--from", "3,0", "--eta", "1.1", "--plot", str(file))
    assert (code, file.exists()) == (Exit.DIVERGED, True)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["tangent", "x y z", "--at", "1,1,1"], "one or two variables, and f has 3"),
        (["tangent", "7", "--at", ""], "one or two variables, and f has none"),
        (["derive", "x y", "--at", "1,1"], "one variable, and f has 2"),
        (["derive", "x^2"], "--plot draws secants at a point"),
        (["steepest", "x^2", "--at", "1"], "two variables, and f has 1"),
        (["minimize", "x^2 + y^2 + z^2", "--from", "1,1,1"], "one or two variables, and f has 3"),
    ],
)
def test_too_many_variables_are_told_before_the_work(args: list[str], message: str, tmp_path: Path) -> None:
    code, out, err = run(*args, "--plot", str(tmp_path / "a.svg"))
    assert (code, out) == (2, "")
    assert message in err
    assert "hint: " in err


def test_without_matplotlib_the_extra_is_named_before_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = util.find_spec
    monkeypatch.setattr("gdcli.cli.picture.find_spec", lambda name: None if name == "matplotlib" else found(name))
    code, out, err = run("tangent", "x^2", "--at", "1", "--plot", str(tmp_path / "a.svg"))
    assert (code, out) == (2, "")
    assert err == 'gdcli: error: --plot FILE needs matplotlib\n  hint: pip install "gdcli[plot]"\n'


def test_without_a_picture_matplotlib_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        assert not name.startswith("matplotlib")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", guarded)
    assert run("tangent", "x^2", "--at", "1")[0] == 0


def test_a_missing_folder_is_told_before_the_work(tmp_path: Path) -> None:
    code, out, err = run("tangent", "x^2", "--at", "1", "--plot", str(tmp_path / "none" / "a.svg"))
    assert (code, out) == (2, "")
    assert f"there is no folder {tmp_path / 'none'}" in err


@pytest.mark.parametrize("plot", [["--plot=a.gif"], ["--plot", "a.gif"]])
def test_another_kind_of_file_is_told_which_there_are(plot: list[str]) -> None:
    code, out, err = run("tangent", "x^2", "--at", "1", *plot)
    assert (code, out) == (2, "")
    assert "--plot FILE: cannot draw 'a.gif'" in err
    assert ".svg, .png, .pdf, .html" in err


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a.gif", "FILE: cannot draw 'a.gif'"),
        ("-", "FILE: cannot draw '-'"),
        ("none/a.svg", "FILE: there is no folder none"),
    ],
)
def test_plot_calls_its_file_by_the_name_of_its_own_page(file: str, message: str) -> None:
    code, out, err = run("plot", "run", file)
    assert (code, out) == (2, "")
    assert err.startswith(f"gdcli: error: {message}\n")


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 4), (errno.EACCES, 2), (errno.EROFS, 2)])
def test_a_file_that_cannot_be_written_leaves_the_old_one(
    number: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.svg"
    file.write_text("old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("gdcli.whole.os.fsync", fail)
    found, _, err = run("tangent", "x^2", "--at", "1", "--plot", str(file))
    assert found == code
    assert f"gdcli: error: {file} cannot be written: {os.strerror(number)}" in err
    assert "hint: " in err
    assert (file.read_text(), list(tmp_path.iterdir())) == ("old", [file])


def test_a_folder_with_the_name_of_a_picture_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    code, out, err = run("tangent", "x^2", "--at", "1", "--plot", str(tmp_path / "a.svg"))
    assert (code, out) == (2, "")
    assert "a.svg is a folder" in err


@pytest.mark.parametrize("plots", [["--plot", "--plot"], ["--plot", "a.svg", "--plot=b.svg"], ["--plot=-", "--plot"]])
def test_a_second_picture_is_refused(plots: list[str]) -> None:
    code, out, err = run("tangent", "x^2", "--at", "1", *plots)
    assert (code, out) == (2, "")
    assert err.startswith("gdcli: error: --plot is given twice\n  hint: ")
