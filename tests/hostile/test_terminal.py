"""Names, cells, labels, paths and formulas on the terminal: shown, and never obeyed, in any format of any command."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.render.github import inert

FORMATS = ("text", "json", "ndjson", "csv", "markdown", "latex")
# ESC, the C1 form of it, a title for the window, DEL, marks that turn text round, markup of rich, GitHub's commands.
HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x9b2J",
    "\x1b]0;title\x07",
    "\x7fback",
    "a\u202eb\u2066c",
    "[red]x[/red]",
    "::error::no",
    "##[error]no",
    "a\u200bb\u2028c",
    "\U000e0041tag",
)
LABELS = ("\x1b[32myes", "::warning::\u202eno")
LEVELS = ("##[group]\x9b1m", "::stop-commands::x", "[bold]z[/bold]")
COMMAND = re.compile(r"::(error|warning) (file=[^,]*,(line=\d+,)?)?title=gdcli \w+::")


def table(columns: tuple[str, ...], labels: tuple[str, ...] | None) -> str:
    """Some rows of numbers below hostile names, with a column of hostile texts, and maybe hostile labels."""
    lines = [",".join(f'"{name}"' for name in (*columns, "\x1b[5msame", "text", "y"))]
    for i in range(12):
        target = str(i * i % 7 + 0.5) if labels is None else labels[i * i % 7 % 2]
        lines.append(",".join([*(str((i * (j + 3)) % 11) for j in range(len(columns))), "7", LEVELS[i % 3], target]))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of numbers and of classes, one that is wrong in every way, saved runs of both, all of hostile names."""
    place = tmp_path_factory.mktemp("\x1b[31m::error::")
    columns = HOSTILE[:4] + HOSTILE[5:8]
    (place / "numbers.csv").write_text(table(columns, None), encoding="utf-8")
    (place / "classes.csv").write_text(table(columns, LABELS), encoding="utf-8")
    (place / "::error::.csv").write_text(table(HOSTILE, None), encoding="utf-8")
    bad = {"cell": "a,y\n1,2\n{},3\n4,4\n", "name": '"{0}","{0}",y\n1,2,3\n', "one": "{}\n1\n2\n", "ids": ""}
    for j, hostile in enumerate(HOSTILE):
        for name, text in bad.items():
            (place / f"{name}{j}.csv").write_text(text.format(hostile), encoding="utf-8")
    for kind in ("numbers", "classes"):
        assert shown(place, "descend", f"{kind}.csv", "--steps", "5", "--save", f"{kind}.run")[0] == 0
    return place


def shown(folder: Path, *args: str, **environ: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        place = Terminal(io.BytesIO(), io.StringIO(), io.StringIO(), environ, 80)
        code = main(list(args), place)
    assert isinstance(place.stdout, io.StringIO)
    assert isinstance(place.stderr, io.StringIO)
    return code, place.stdout.getvalue(), place.stderr.getvalue()


COMMANDS = (
    "descend numbers.csv --steps 5 -v",
    "descend classes.csv --steps 5 -v",
    "descend ::error::.csv --steps 5 -v",
    "descend classes.csv --method sgd --steps 5 --holdout 0.3 -v",
    "descend numbers.csv --steps 5 --l1 0.1 -v",
    "descend numbers.csv --steps 5 --dry-run",
    "descend --resume numbers.run",
    "rate numbers.csv --steps 20 --seeds 2 --jobs 1",
    "predict numbers.run numbers.csv",
    "predict classes.run classes.csv",
    "predict numbers.run cell0.csv",
    "rerun classes.run",
    "plot numbers.run",
    "cache",
)
WRONG = (
    *(f"descend {name}{j}.csv" for name in ("cell", "name", "one") for j in range(len(HOSTILE))),
    *(f"descend numbers.csv --target q{hostile}" for hostile in HOSTILE),
    *(f"descend numbers.csv --features {hostile} --eta {hostile}" for hostile in HOSTILE),
    "descend classes.csv --loss squared",
    "descend numbers.csv --loss poisson --target text",
    "descend numbers.csv --loss logistic",
    *(f"grad {hostile}" for hostile in HOSTILE),
    *(f"check x^2 --grad {hostile}" for hostile in HOSTILE),
    *(f"descend {hostile}" for hostile in HOSTILE),
    *(f"{hostile}" for hostile in HOSTILE),
    *(f"descend numbers.csv {hostile}" for hostile in HOSTILE),
    *(f"descend numbers.csv --steps {hostile}" for hostile in HOSTILE),
)


def obeyed(text: str) -> list[str]:
    """What of a text a terminal would not show but do."""
    return [repr(c) for c in text if not c.isprintable() and c not in "\n\r"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_controls_no_terminal(command: str, format: str, folder: Path) -> None:
    code, out, err = shown(folder, *command.split(), "--format", format)
    none = "cell0" in command or ("--dry-run" in command and format in ("csv", "markdown", "latex"))
    assert code == (2 if none else 0), err
    assert obeyed(out + err) == []
    assert "\r" not in err


@pytest.mark.parametrize("command", WRONG, ids=ascii)
def test_an_error_controls_no_terminal_and_no_workflow(command: str, folder: Path) -> None:
    for format in ("text", "json"):
        code, out, err = shown(folder, *command.split(" "), "--format", format)
        assert code == 2
        assert err
        assert obeyed(out + err) == []
    commands(*shown(folder, *command.split(" "), GITHUB_ACTIONS="true")[1:])


@pytest.mark.parametrize("format", ["text", "markdown"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_is_no_command_to_a_workflow(command: str, format: str, folder: Path) -> None:
    commands(*shown(folder, *command.split(), "--format", format, GITHUB_ACTIONS="true")[1:])


def commands(*texts: str) -> None:
    """Every line that GitHub would take for a command is an annotation of ours."""
    for line in "\n".join(texts).splitlines():
        if line.lstrip().startswith("::"):
            assert COMMAND.match(line), line
        else:
            assert "##[" not in line, line


def test_markup_stays_text_in_colour(folder: Path) -> None:
    code, out, _ = shown(folder, "descend", "numbers.csv", "--steps", "5", "--color", "always", "-v")
    assert code == 0
    assert "[red]x[/red]" in out
    assert obeyed(re.sub(r"\x1b\[[0-9;]*m", "", out)) == []
    assert set(re.findall(r"\x1b\[([0-9;]*)m", out)) <= {"0", "1", "1;31", "31", "33", "1;32", "2"}


def test_a_summary_holds_no_markup_of_names(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    shown(folder, "descend", "classes.csv", "--steps", "5", GITHUB_STEP_SUMMARY=str(page))
    assert obeyed(page.read_text(encoding="utf-8")) == []


def test_what_is_no_command_stays_as_it_is() -> None:
    for text in ("a::b\n", ": :\n", "x = 1:2\n", "# [a]\n", "gdcli: error: ::x\n"):
        assert inert(text) == text
    assert inert("a\n  ::error::x\n::y\n") == "a\n  \ufffd:error::x\n\ufffd:y\n"
    assert inert("a ##[error]x ##[b]") == "a \ufffd#[error]x \ufffd#[b]"
