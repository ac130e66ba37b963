"""A mistake of ours: one line on stderr, exit 70, and a report to read and send."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import gdcli
from gdcli.cli import report
from gdcli.errors import Exit
from tests.cli.inprocess import run

ROOT = Path(gdcli.__file__).parent.parent
LINE = r"gdcli: bug: (.*): this is our mistake, not yours; please send us the report in (/\S+)\n"
FAIL = "import gdcli.data.problems as p\np.listing = lambda: [][1]\n"
START = "from gdcli.__main__ import main\nmain()\n"


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """`problems` fails, and reports go to the path that is returned."""

    def broken() -> None:
        raise ValueError("one\ntwo \x1b[31m\udcff")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("gdcli.data.problems.listing", broken)
    return tmp_path


def process(program: str, *args: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process that runs this program; `before` are commands of the shell."""
    command = f'{before} exec "$@"'
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "-c", program, *args],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def only(folder: Path) -> Path:
    (path,) = folder.glob("gdcli-report-*.txt")
    return path


def test_one_line_and_a_file(fails: Path) -> None:
    code, out, err = run("problems")
    assert (code, out) == (Exit.BUG, "")
    cause, path = re.fullmatch(LINE, err).groups()
    assert cause == r"ValueError: one\ntwo \x1b[31m\udcff"
    assert Path(path) == only(fails)
    assert re.fullmatch(r"gdcli-report-\d{8}-\d{6}-\w+\.txt", Path(path).name)
    assert os.name != "posix" or Path(path).stat().st_mode & 0o777 == 0o600


def test_what_the_report_holds(fails: Path) -> None:
    run("problems", "-q")
    text = only(fails).read_text(encoding="utf-8")
    for part in (
        f"gdcli {gdcli.__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"numpy {np.__version__}",
        "arguments: ['problems', '-q']",
        "Traceback (most recent call last):",
        'problems.py", line ',
        r"two \x1b[31m\udcff",
    ):
        assert part in text
    assert all(line.isprintable() for line in text.splitlines())


def test_no_values_of_variables_and_no_environment(fails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "hunter2")
    run("problems")
    text = only(fails).read_text(encoding="utf-8")
    assert not {"SECRET_OF_MINE", "hunter2"} & set(re.findall(r"\w+", text))


def test_no_cell_of_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rows are in memory when it fails."""
    data = tmp_path / "data.csv"
    data.write_text("a,y\n41.4243,7.7787\n2,3\n5,1\n", encoding="utf-8")

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("gdcli.descent.plan.smoothness", broken)
    assert run("descend", str(data))[0] == Exit.BUG
    text = only(tmp_path).read_text(encoding="utf-8")
    assert "41.4243" not in text
    assert "7.7787" not in text


def test_the_versions_are_those_of_all_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in extras if name != "test" for line in extras[name])]
    assert list(report.LIBRARIES) == [line.partition(">=")[0] for line in lines]


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_programs_are_told_in_the_envelope(form: str, fails: Path) -> None:
    code, out, err = run("problems", "--format", form)
    error = json.loads(out)["error"]
    assert (code, error["kind"], error["exit"]) == (70, "bug", 70)
    assert error["message"] == r"ValueError: one\ntwo \x1b[31m\udcff"
    assert str(only(fails)) in error["hint"]
    assert re.fullmatch(LINE, err)


def test_twice_verbose_shows_the_report_too(fails: Path) -> None:
    err = run("problems", "-vv")[2]
    assert err.partition("\n")[2] == only(fails).read_text(encoding="utf-8")


def test_where_no_file_can_be_written_the_report_is_on_stderr(fails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(fails / "absent"))
    code, out, err = run("problems", "--json")
    first, _, rest = err.partition("\n")
    assert code == 70
    assert first.endswith("please send us the report below, which could not be written (No such file or directory)")
    assert rest.startswith(report.PREFACE)
    assert "Traceback" in rest
    assert "below" in json.loads(out)["error"]["hint"]


def test_a_full_disk_leaves_no_half_a_report(fails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full")
    fdopen = os.fdopen

    def onto_a_full_disk(handle: int, *args: str, **kwargs: str) -> object:
        os.close(handle)
        return fdopen(os.open(full, os.O_WRONLY), *args, **kwargs)

    monkeypatch.setattr("os.fdopen", onto_a_full_disk)
    assert "could not be written (No space left on device)" in run("problems")[2]
    assert list(fails.iterdir()) == []


def test_in_a_process(tmp_path: Path) -> None:
    done = process(FAIL + START, "problems", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (70, "")
    cause, path = re.fullmatch(LINE, done.stderr).groups()
    assert cause == "IndexError: list index out of range"
    assert Path(path).read_text(encoding="utf-8").endswith("IndexError: list index out of range\n")


def test_a_failure_in_a_child_is_reported_with_its_traceback(tmp_path: Path) -> None:
    program = "import gdcli.calculus.gradient as g\ng.gradient = lambda *a: [][1]\n" + START
    done = process(program, "grad", "x^2", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (70, "")
    assert re.fullmatch(LINE, done.stderr)
    assert "In the worker process:" in only(tmp_path).read_text(encoding="utf-8")


def test_what_fails_before_there_is_a_command(tmp_path: Path) -> None:
    done = process("import sys\nsys.modules['typer'] = None\n" + START, "grad", "x", TMPDIR=str(tmp_path))
    assert done.returncode == 70
    assert re.fullmatch(LINE, done.stderr)
    assert "typer" in only(tmp_path).read_text(encoding="utf-8")


def test_where_nobody_can_be_told_the_code_tells(tmp_path: Path) -> None:
    for before in ("exec 2>&-;", "exec 2>/dev/full;"):
        done = process(FAIL + START, "problems", before=before, TMPDIR=str(tmp_path))
        assert (done.returncode, done.stdout) in ((70, ""), (4, "")), before
