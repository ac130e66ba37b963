"""Options and arguments that say nothing, contradict, or lack their value."""

from __future__ import annotations

import io
import json

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal


def gdcli(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(list(args), Terminal(io.BytesIO(), out, err, {}, 80))
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (["grad", "x", "--at"], "--at needs a value", "in quotes"),
        (["descend", "line", "--eta"], "--eta needs a value", "in quotes"),
        (["grad", "x", "--wrt", ""], "--wrt names no variable", "--wrt x,y"),
        (["grad", "x", "--vars", " , "], "--vars names no variable", "--vars x,y"),
        (["grad", "x1", "+", "x2"], "extra argument(s) (+ x2)", 'needs quotes around it: "x1 + x2"'),
        (["problems", "longley", "--copy", ""], "--copy names no file", "--copy longley.csv"),
        (["descend", "line", "--epochs", "0"], "--epochs 0 is less than one step of gd", "--steps 1"),
        (["descend", "line", "--epochs", "0.9"], "--epochs 0.9 is less than one step of gd", "--steps 1"),
        (["descend", "line", "--method", "sgd", "--epochs", "0.1"], "less than one step of sgd", "--steps 1"),
    ],
)
def test_a_usage_error_names_cause_and_remedy(args: list[str], message: str, hint: str) -> None:
    code, out, err = gdcli(*args)
    cause, remedy = err.splitlines()
    assert (code, out) == (2, "")
    assert message in cause
    assert hint in remedy


def test_no_command_is_answered_with_the_help() -> None:
    code, out, err = gdcli()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: gdcli ")
    assert "Exit codes:" in err


@pytest.mark.parametrize("asked", [["--json"], ["--format", "json"], ["--format=ndjson"]])
def test_errors_in_the_options_come_in_the_envelope(asked: list[str]) -> None:
    code, out, _ = gdcli("grad", "x", *asked, "--bogus")
    document = json.loads(out)
    assert code == 2
    assert (document["command"], document["error"]["kind"]) == ("grad", "usage")


def test_epochs_are_the_most_passes_over_the_rows() -> None:
    _, out, _ = gdcli("descend", "line", "--method", "sgd", "--batch", "2", "--epochs", "3", "--gap", "0", "--json")
    document = json.loads(out)
    assert document["step"] == 7  # 3 epochs of 5 rows hold 7 batches of 2
    assert document["epoch"] <= 3
