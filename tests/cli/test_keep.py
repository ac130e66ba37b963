"""Runs that last, on the command line: save, resume, rerun, predict, plot, and rows held out."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import gdcli
from gdcli.errors import UsageError
from tests.cli.inprocess import run
from tests.test_house import loaded

if sys.platform != "win32":
    import pty

NOISY = "x,color,y\n0,red,1\n1,blue,3\n2,red,5\n3,blue,8\n4,green,9\n5,green,12\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "noisy.csv").write_text(NOISY, encoding="utf-8")
    return tmp_path


def without_times(document: dict[str, Any]) -> dict[str, Any]:
    timed = ("seconds", "times", "row_gradients_per_second")
    return {key: value for key, value in document.items() if key not in timed}


def test_save_writes_the_files_and_the_very_lines(here: Path) -> None:
    code, out, err = run("descend", "noisy.csv", "--method", "sgd", "--save", "run", "--format", "ndjson")
    assert (code, err) == (0, "")
    *steps, last = out.splitlines()
    assert (here / "run" / "steps.ndjson").read_text(encoding="utf-8").splitlines() == steps
    result = json.loads((here / "run" / "result.json").read_bytes())
    assert result == {key: value for key, value in json.loads(last).items() if key != "kind"}
    names = {path.name for path in (here / "run").iterdir()}
    assert names == {"manifest.json", "steps.ndjson", "checkpoint.json", "theta.json", "result.json", "lock"}
    parameters = {
        each["name"]: each["value"] for each in json.loads((here / "run" / "theta.json").read_bytes())["theta"]
    }
    assert parameters == result["theta"]


def test_a_run_that_cannot_begin_leaves_no_folder(here: Path) -> None:
    assert run("descend", "noisy.csv", "--loss", "l7", "--save", "run")[0] == 2
    assert not (here / "run").exists()


def test_a_folder_that_holds_a_run_is_refused_before_anything_is_read(here: Path) -> None:
    run("descend", "noisy.csv", "--save", "run")
    code, _, err = run("descend", "absent.csv", "--save", "run")
    assert code == 2
    assert "run holds a run already" in err
    assert "--resume run goes on with it" in err


def test_resume_from_another_folder_and_with_more_steps(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json.loads(run("descend", "noisy.csv", "--eta", "0.1", "--gap", "0", "--steps", "90", "--json")[1])
    run("descend", "noisy.csv", "--eta", "0.1", "--gap", "0", "--steps", "37", "--save", "run")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    code, out, err = run("descend", "--resume", "../run", "--steps", "90", "--json")
    assert (code, err) == (0, "gdcli: note: goes on from step 37\n")
    assert without_times(json.loads(out)) == without_times(whole)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["descend", "--resume", "run", "--method", "sgd"], "--method is for a new run"),
        (["descend", "--resume", "run", "--save", "other"], "--save is for a new run"),
        (["descend", "--resume", "run", "--raw"], "--raw is for a new run"),
        (["descend", "--resume", "nowhere"], "nowhere/manifest.json: there is no such file"),
        (["descend", "noisy.csv", "--save", ""], "take the name of a folder"),
        (["descend"], "Missing argument 'DATA'"),
        (["rerun", "nowhere"], "nowhere/manifest.json: there is no such file"),
        (["plot", "nowhere"], "nowhere/manifest.json: there is no such file"),
        (["predict", "nowhere", "noisy.csv"], "nowhere/theta.json: there is no such file"),
        (["predict", "run", "absent.csv"], "absent.csv: there is no such file"),
        (["predict", "run", "noisy.csv", "--target", "z"], 'there is no column "z"'),
        (["descend", "noisy.csv", "--holdout", "1.5"], "--holdout is 1.5"),
        (["descend", "noisy.csv", "--holdout", "nan"], "--holdout is nan"),
        (["descend", "noisy.csv", "--holdout", "0.01"], "holds 0 of them out"),
        (["descend", "noisy.csv", "--holdout", "0.5", "--validate", "noisy.csv"], "give one of them"),
        (["descend", "noisy.csv", "--validate", "absent.csv"], "absent.csv: there is no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_messages(here: Path, args: list[str], message: str) -> None:
    run("descend", "noisy.csv", "--save", "run")
    code, _, err = run(*args)
    assert code == 2
    assert message in err
    assert "hint" in err


def test_standard_input_has_to_be_given_again(here: Path) -> None:
    command = [sys.executable, "-m", "gdcli", "descend"]
    subprocess.run([*command, "-", "--save", "run", "-q"], input=NOISY.encode(), check=True, stdout=subprocess.DEVNULL)
    code, _, err = run("descend", "--resume", "run")
    assert code == 2
    assert "came from standard input" in err
    again = [*command, "-", "--resume", "run", "-q"]
    assert subprocess.run(again, input=NOISY.encode(), check=False, capture_output=True).returncode == 0
    done = subprocess.run(again, input=NOISY.replace("12", "13").encode(), check=False, capture_output=True)
    assert done.returncode == 2
    assert b"not the data of the saved run" in done.stderr


def test_rerun_exits_0_or_1(here: Path) -> None:
    run("descend", "noisy.csv", "--method", "saga", "--save", "run")
    code, out, err = run("rerun", "run")
    assert (code, err) == (0, "")
    assert out.startswith("equal to the bit: ")
    result = here / "run" / "result.json"
    result.write_text(result.read_text(encoding="utf-8").replace('"risk": ', '"risk": 1'), encoding="utf-8")
    code, out, _ = run("rerun", "run")
    assert code == 1
    assert "first difference at step" in out
    document = json.loads(run("rerun", "run", "--json")[1])
    assert (document["equal"], document["difference"]["key"]) == (False, "risk")


@pytest.mark.parametrize("begun", [[], ["--max-gap", "1e-3"], ["--max-gap", "9"]])
def test_a_run_goes_on_down_to_a_smaller_max_gap(here: Path, begun: list[str]) -> None:
    asked = ("descend", "noisy.csv", "--eta", "0.1", "--format", "json")
    whole = json.loads(run(*asked, "--max-gap", "1e-12")[1])
    run(*asked, *begun, "--save", "run")
    code, out, err = run("descend", "--resume", "run", "--max-gap", "1e-12", "--json")
    assert (code, err) == (0, "gdcli: note: goes on from step " + err.split()[-1] + "\n")
    assert without_times(json.loads(out)) == without_times(whole)
    assert whole["gap_target"] == 1e-12
    assert run("rerun", "run")[0] == 0


def test_a_larger_max_gap_asks_no_less_of_a_run_that_goes_on(here: Path) -> None:
    run("descend", "noisy.csv", "--steps", "3", "--max-gap", "1e-12", "--save", "run")
    code, out, _ = run("descend", "--resume", "run", "--steps", "20000", "--max-gap", "1", "--json")
    assert (code, json.loads(out)["gap_target"]) == (0, 1e-12)
    run("descend", "noisy.csv", "--gap", "0.1", "--save", "by_gap")
    code, out, err = run("descend", "--resume", "by_gap", "--max-gap", "1e-12", "--json")
    assert (code, json.loads(out)["gap_target"]) == (1, 0.1)
    assert "--max-gap asks for at most 1e-12" in err


def test_predictions_are_csv_and_the_risk_is_said(here: Path) -> None:
    run("descend", "noisy.csv", "--gap", "1e-12", "--save", "run")
    theta = json.loads((here / "run" / "result.json").read_bytes())["theta"]
    code, out, err = run("predict", "run", "noisy.csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    data = list(csv.DictReader(io.StringIO(NOISY)))
    expected = [
        theta["intercept"] + theta["x"] * float(row["x"]) + theta.get(f"color={row['color']}", 0.0) for row in data
    ]
    assert code == 0
    assert [row["row"] for row in rows] == [str(i + 1) for i in range(6)]
    assert [float(row["prediction"]) for row in rows] == pytest.approx(expected, rel=1e-12)
    risk = sum((p - float(row["y"])) ** 2 / 2 for p, row in zip(expected, data, strict=True)) / 6
    assert err == f"gdcli: note: mean squared loss {risk:.8g} on 6 rows\n"


def test_predictions_in_every_format(here: Path) -> None:
    run("descend", "noisy.csv", "--target", "color", "--save", "run")
    (here / "new.csv").write_text("more,y,x\n1,2,0.5\n2,9,4\n", encoding="utf-8")
    document = json.loads(run("predict", "run", "new.csv", "--json")[1])
    assert document["ignored"] == ["more"]
    assert (document["risk"], document["accuracy"]) == (None, None)
    lines = [json.loads(line) for line in run("predict", "run", "new.csv", "--format", "ndjson")[1].splitlines()]
    assert [line["kind"] for line in lines] == ["prediction", "prediction", "run"]
    for line, found in zip(lines, document["predictions"], strict=False):
        assert {key: value for key, value in line.items() if key != "kind"} == found
    assert run("predict", "run", "new.csv", "-v")[2] == "gdcli: note: ignored: more\n"
    text = run("predict", "run", "new.csv", "--format", "text")[1]
    assert document["predictions"][0]["prediction"] in text


def test_rows_held_out_are_in_the_log_and_in_the_end(here: Path) -> None:
    _, out, _ = run("descend", "diabetes", "--holdout", "0.25", "--steps", "20", "--format", "ndjson")
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(line["risk_holdout"] > 0 for line in lines)
    assert (lines[-1]["rows_holdout"], lines[-1]["rows"]) == (110, 332)
    text = " ".join(run("descend", "diabetes", "--holdout", "0.25", "--steps", "20", "-v")[1].split())
    assert f"holdout mean loss {lines[-1]['risk_holdout']:.8g} on 110 rows that R does not hold" in text
    assert "held out: 110 of 442 rows, drawn with seed 0" in text


def test_a_saved_run_is_drawn(here: Path) -> None:
    run("descend", "diabetes", "--method", "sgd", "--steps", "300", "--save", "run")
    code, out, err = run("plot", "run")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "g gap R - R*   a gap of the average   b the bound" in out
    series = json.loads(run("plot", "run", "--json")[1])["series"]
    lines = [json.loads(line) for line in (here / "run" / "steps.ndjson").read_text(encoding="utf-8").splitlines()]
    assert series["gap"] == [[line["step"], line["gap"]] for line in lines if line["step"] > 0]


def test_a_log_that_is_none_is_not_drawn(here: Path) -> None:
    run("descend", "noisy.csv", "--save", "run")
    (here / "run" / "checkpoint.json").unlink()
    log = here / "run" / "steps.ndjson"
    for text in ("hello\n", '{"kind": "run"}\n', '{"kind": "step", "step": "1"}\n', "[" * 99999 + "\n"):
        log.write_text(text, encoding="utf-8")
        code, _, err = run("plot", "run")
        assert (code, "steps.ndjson: line 1 is no step of a run" in err) == (2, True)
    log.write_text("", encoding="utf-8")
    assert "gap: nothing to draw" in run("plot", "run")[1]


USES = {
    "rerun": ["rerun", "run", "--json"],
    "resume": ["descend", "--resume", "run", "--steps", "40", "--json"],
    "plot": ["plot", "run", "--json"],
    "predict": ["predict", "run", "noisy.csv", "--json"],
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "name", ["manifest.json", "steps.ndjson", "checkpoint.json", "theta.json", "result.json", "lock"]
)
def test_a_file_damaged_anywhere_is_noticed_or_changes_nothing(here: Path, name: str, use: str) -> None:
    """A bit turned, an end cut off, noise written over it: the same answer, another found by `rerun`, or one error."""
    run("descend", "noisy.csv", "--method", "saga", "--steps", "30", "--gap", "0", "--save", "run")
    (here / "run").rename(here / "good")
    draw, raw = random.Random(f"{name} {use}"), (here / "good" / name).read_bytes()
    expected = used(here, use)
    assert expected[0] == 0
    for kind in range(12):
        at = draw.randrange(len(raw)) if raw else 0
        noise = draw.randbytes(20)
        turned = bytes([raw[at] ^ (1 << draw.randrange(8))]) if raw else b"x"
        damage = {0: raw[:at] + turned + raw[at + 1 :], 1: raw[:at], 2: raw[:at] + noise + raw[at + 20 :]}[kind % 3]
        code, answer, err = used(here, use, name, damage)
        assert code in (0, 1, 2)
        if code == 0:
            assert (answer, err) == expected[1:]
        elif code == 1:
            assert (use, name, answer["equal"]) == ("rerun", "result.json", False)
        else:
            assert err.startswith("gdcli: error: run/"), err
            assert err.count("gdcli: ") == 1
            assert answer["error"]["hint"]


def used(here: Path, use: str, name: str = "lock", content: bytes | None = None) -> tuple[int, dict[str, Any], str]:
    """What a command makes of a copy of the run in which one file is another."""
    shutil.rmtree(here / "run", ignore_errors=True)
    shutil.copytree(here / "good", here / "run")
    if content is not None:
        (here / "run" / name).write_bytes(content)
    code, out, err = run(*USES[use])
    return code, without_times(json.loads(out)), err


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 99999])
def test_a_report_that_is_none_is_not_compared(here: Path, text: str) -> None:
    run("descend", "noisy.csv", "--save", "run")
    (here / "run" / "result.json").write_text(text, encoding="utf-8")
    code, _, err = run("rerun", "run")
    assert (code, "result.json: this is no result.json that gdcli wrote" in err) == (2, True)


def test_saved_runs_are_used_without_the_calculus(here: Path) -> None:
    run("descend", "noisy.csv", "--save", "run")
    heavy = {"sympy", "mpmath", "rich", "scipy", "pandas", "gdcli.calculus", "llvmlite"}
    for args in (["plot", "run"], ["predict", "run", "noisy.csv"], ["descend", "--resume", "run"]):
        assert loaded(*args) & heavy == set()


def test_from_python(here: Path) -> None:
    first = gdcli.descend("noisy.csv", save="run", eta="0.1", gap=0.0, steps=20, holdout=0.2)
    more = gdcli.resume("run", steps=50)
    whole = gdcli.descend("noisy.csv", eta="0.1", gap=0.0, steps=50, holdout=0.2)
    assert (first.step, more.step, more.theta, more.gap) == (20, 50, whole.theta, whole.gap)
    assert more.risk_holdout == whole.risk_holdout
    assert run("rerun", "run")[0] == 0
    with pytest.raises(UsageError, match="holds a run already"):
        gdcli.descend("noisy.csv", save="run")
    with pytest.raises(UsageError, match="could not be read again"):
        gdcli.descend(gdcli.read("noisy.csv"), save="other")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
def test_ctrl_c_in_a_terminal_keeps_the_run(here: Path) -> None:
    """The key itself, which the terminal turns into SIGINT: the run is saved, resumed, and comes out the same."""
    options = ["--gap", "0", "--eta", "1e-7", "--steps", "30000"]
    begin = [sys.executable, "-m", "gdcli", "descend", "noisy.csv", *options, "--save", "run"]
    assert b"Risk gap" in press_ctrl_c(begin, here, b"1000 ")
    stopped = json.loads((here / "run" / "checkpoint.json").read_bytes())
    assert stopped["stopped"] == "INTERRUPTED"
    assert 1000 <= stopped["state"]["t"] < 30000
    resumed = run("descend", "--resume", "run", "--json")
    whole = run("descend", "noisy.csv", *options, "--json")
    assert without_times(json.loads(resumed[1])) == without_times(json.loads(whole[1]))
    assert run("rerun", "run")[0] == 0


def press_ctrl_c(command: list[str], folder: Path, after: bytes) -> bytes:
    """What a command in a terminal of its own shows when ^C is pressed once `after` is shown; it must exit 130."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {**os.environ, "NO_COLOR": "1", "TERM": "xterm"})
    shown, pressed, deadline = b"", False, time.monotonic() + 60.0
    try:
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1.0)[0]:
                continue
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # Linux says so where the other end was closed.
                break
            if not piece:
                break
            shown += piece
            if after in shown and not pressed:
                os.write(terminal, b"\x03")
                pressed = True
        else:
            os.kill(child, signal.SIGKILL)
    finally:
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130, shown.decode(errors="replace")
    return shown
