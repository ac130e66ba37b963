"""Completion: what is offered where, in the protocol and in real shells."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gdcli.cli.app import COMMANDS
from gdcli.cli.complete import SHELLS, candidates, script
from gdcli.cli.complete.bash import words_of
from gdcli.cli.complete.columns import columns
from gdcli.cli.complete.values import AXES, CHOICES, offer
from gdcli.cli.tree import command_of
from gdcli.data import problems
from gdcli.errors import UsageError
from tests.cli.inprocess import run
from tests.cli.shells import entered
from tests.test_house import loaded

HEADER = "my col,x:1,pri$(touch hacked)ce,it's,a=b,`id`,bad\x1bname,\u202eover,price"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a data file and a saved run, where the command line is typed."""
    (tmp_path / "data.csv").write_text(f"{HEADER}\n{','.join('1' * 9)}\n", encoding="utf-8")
    (tmp_path / "runs" / "first").mkdir(parents=True)
    (tmp_path / "runs" / "first" / "manifest.json").touch()
    (tmp_path / "runs" / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def values(*words: str) -> list[str]:
    return [value for value, _ in offer(words).candidates]


def test_commands_and_options(folder: Path) -> None:
    assert values("") == list(COMMANDS)
    assert values("de") == ["derive", "descend"]
    assert values("--v") == ["--version"]
    assert values("descend", "--max") == ["--max-gap"]
    assert {"-q", "-h", "--target"} <= set(values("descend", "-"))
    assert values("descend", "--target", "x", "--tar") == []
    assert values("help", "gr") == ["grad"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_offered_by_its_command(name: str) -> None:
    command, context = command_of(name)
    spelled = [s for p in command.get_params(context) if p.param_type_name == "option" for s in p.opts]
    assert sorted(values(name, "-")) == sorted(spelled)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_format_is_offered(name: str) -> None:
    formats = getattr(sys.modules[command_of(name)[0].callback.__module__], "FORMATS", ())
    assert values(name, "--format", "") == list(formats) if formats else True


def test_the_choices_are_those_of_the_families() -> None:
    from gdcli.data.sampling import SAMPLINGS
    from gdcli.descent.averaging import AVERAGINGS
    from gdcli.descent.check import ENGINES
    from gdcli.descent.method import names
    from gdcli.descent.rates import trials
    from gdcli.descent.schedules import NAMES
    from gdcli.risk.losses import LOSSES, SOFTMAX

    assert CHOICES["loss"] == (*LOSSES, SOFTMAX)
    assert CHOICES["eta"] == tuple(NAMES)
    assert CHOICES["sampling"] == tuple(SAMPLINGS)
    assert CHOICES["averaging"] == AVERAGINGS
    assert CHOICES["engine"] == ENGINES
    assert trials.AXES == AXES
    assert values("descend", "data.csv", "--method", "") == list(names())


@pytest.mark.parametrize("option", sorted(set(CHOICES) - {"action"}))
def test_choices_are_offered_behind_their_option(option: str) -> None:
    assert values("descend", "data.csv", f"--{option}", "") == list(CHOICES[option])
    assert values("descend", f"--{option}=") == [f"--{option}={value}" for value in CHOICES[option]]


def test_problems_with_their_titles_and_files() -> None:
    found = offer(["descend", "diab"])
    assert found.candidates == (("diabetes", problems.card("diabetes").title),)
    assert found.others == "files"
    assert values("problems", "") == list(problems.names())
    assert offer(["descend", "data.csv", "--validate", ""]).others == "files"
    assert offer(["descend", "data.csv", "--save", ""]).others == "folders"


@pytest.mark.parametrize("name", COMMANDS)
def test_files_and_folders_are_offered_for_values_of_that_name(name: str) -> None:
    command, context = command_of(name)
    for option in command.get_params(context):
        if option.param_type_name == "option" and (option.metavar or "").strip("[]") in ("FILE", "DIR"):
            kind = "folders" if option.metavar == "DIR" else "files"
            assert offer([name, option.opts[0], ""]).others == kind


def test_columns_of_the_file_named(folder: Path) -> None:
    shown = ["my col", "x:1", "pri$(touch hacked)ce", "it's", "a=b", "`id`", "price"]
    assert values("descend", "data.csv", "--target", "") == shown
    assert values("rate", "data.csv", "--seeds", "3", "--target", "p") == ["pri$(touch hacked)ce", "price"]
    assert values("predict", "run", "data.csv", "--target", "m") == ["my col"]
    assert values("descend", "diabetes", "--target", "b") == ["bmi", "bp"]
    assert values("descend", "--target", "") == []
    assert values("descend", "absent.csv", "--target", "") == []


def test_the_last_of_a_list_is_completed(folder: Path) -> None:
    assert values("descend", "data.csv", "--features", "x:1,my") == ["x:1,my col"]
    assert values("descend", "data.csv", "--features", "x:1, my") == ["x:1, my col"]
    assert "x:1,x:1" not in values("descend", "data.csv", "--features", "x:1,")
    assert values("rate", "diabetes", "--methods", "gd,sgd,nest") == ["gd,sgd,nesterov"]


def test_saved_runs(folder: Path) -> None:
    assert values("plot", "runs/") == ["runs/first"]
    assert values("descend", "--resume", "runs/f") == ["runs/first"]
    assert offer(["plot", "ru"]).others == "folders"


def test_an_optional_value_leaves_the_next_word_alone() -> None:
    assert "diabetes" in values("rate", "--plot", "diab")
    assert values("descend", "--quiet", "diab") == ["diabetes"]
    assert values("grad", "-x", "--form") == ["--format"]


def test_whatever_goes_wrong_offers_nothing(folder: Path) -> None:
    assert candidates("fish", ["descend", str(folder), "--target", ""]) == "plain"
    assert candidates("fish", ["plot", "nowhere/"]) in ("plain", "folders")
    assert candidates("zsh", ["nonsense", ""]) == "plain"


HEADERS: dict[str, tuple[bytes, list[str]]] = {
    "a.csv": (b"\xef\xbb\xbfx, y\n1,2\n", ["x", "y"]),
    "b.csv": (b'# said\n\n"a;b";c\n', ["a;b", "c"]),
    "c.tsv": (b"a\tb c\n1\t2\n", ["a", "b c"]),
    "d.csv": (b"1,2\n3,4\n", []),
    "e.csv": (b"", []),
    "f.csv": (b'"open,b\n1,2\n', ["open,b"]),
    "g.csv": (b"\xff\xfe,b\n", ["b"]),
    "h.ndjson": (b'{"u": 1, "v w": 2}\n', ["u", "v w"]),
    "i.jsonl": (b"[1]\n", []),
    "j.parquet": (b"PAR1,b", []),
    "k.csv.gz": (b"no gzip", []),
    "l.csv": (b"a\x00,b\x07,c\n", ["c"]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_the_header_is_read(name: str, tmp_path: Path) -> None:
    content, expected = HEADERS[name]
    (tmp_path / name).write_bytes(content)
    assert columns(str(tmp_path / name)) == expected


def test_columns_of_every_problem() -> None:
    for card in problems.cards():
        assert card.target in columns(card.name)


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert columns(str(tmp_path / "pipe.csv")) == []


LINES = [
    ("gdcli ", [""]),
    ("gdcli des", ["des"]),
    ('gdcli descend  a\\ b \'c d\' "e\\"f" --target=x:', ["descend", "a b", "c d", 'e"f', "--target=x:"]),
    ("gdcli grad 'x", ["grad", "x"]),
    ('gdcli grad "$x\\y', ["grad", "$x\\y"]),
    ("gdcli grad x\\", ["grad", "x"]),
]


@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_line_of_bash(line: str, words: list[str]) -> None:
    assert words_of(line) == words


def test_nothing_heavy_is_loaded() -> None:
    heavy = {"numpy", "sympy", "rich", "pydantic", "polars", "gdcli.calculus", "gdcli.risk"}
    lines = ["de", "descend d", "descend diabetes --target b", "rate x --methods gd,"]
    for words in map(str.split, lines):
        assert loaded("completion", "fish", "--", *words) & heavy == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_what_its_shell_reads(shell: str) -> None:
    code, out, err = run("completion", shell)
    assert (code, out, err) == (0, script(shell), "")
    assert not re.search(r"\beval\b", "\n".join(line for line in out.splitlines() if not line.startswith("#")))
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=out, text=True, check=True)


def test_a_shell_without_a_script() -> None:
    with pytest.raises(UsageError, match="no completion for 'tcsh'"):
        script("tcsh")


TYPED: dict[str, list[str]] = {
    "gdcli des": ["descend"],
    "gdcli descend data.csv --max": ["descend", "data.csv", "--max-gap"],
    "gdcli descend data.csv --method nest": ["descend", "data.csv", "--method", "nesterov"],
    "gdcli descend diab": ["descend", "diabetes"],
    "gdcli descend dat": ["descend", "data.csv"],
    "gdcli descend data.csv --target my": ["descend", "data.csv", "--target", "my col"],
    "gdcli descend data.csv --target 'my": ["descend", "data.csv", "--target", "my col"],
    'gdcli descend data.csv --target "my': ["descend", "data.csv", "--target", "my col"],
    "gdcli descend data.csv --target=my": ["descend", "data.csv", "--target=my col"],
    "gdcli descend data.csv --target x:": ["descend", "data.csv", "--target", "x:1"],
    "gdcli descend data.csv --target 'pri$": ["descend", "data.csv", "--target", "pri$(touch hacked)ce"],
    "gdcli descend data.csv --target it": ["descend", "data.csv", "--target", "it's"],
    "gdcli descend data.csv --target a=": ["descend", "data.csv", "--target", "a=b"],
    "gdcli descend data.csv --target '`": ["descend", "data.csv", "--target", "`id`"],
    "gdcli descend data.csv --target bad": ["descend", "data.csv", "--target", "bad"],
    "gdcli descend data.csv --features x:1,my": ["descend", "data.csv", "--features", "x:1,my col"],
    "gdcli descend data.csv --features 'x:1, my": ["descend", "data.csv", "--features", "x:1, my col"],
    "gdcli plot runs/": ["plot", "runs/first"],
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """A shell that is installed."""
    if shutil.which(request.param) is None:
        pytest.skip(f"no {request.param} here")
    return str(request.param)


@pytest.mark.parametrize("line", TYPED)
def test_in_a_real_shell(shell: str, line: str, folder: Path) -> None:
    assert entered(shell, line, folder) == TYPED[line]
    assert not (folder / "hacked").exists()
