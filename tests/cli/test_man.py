"""The manual page: as the pages of help are, installed, and without a warning from those who read it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import gdcli
from gdcli.cli import roff
from gdcli.cli.app import COMMANDS
from gdcli.cli.manual import ENVIRONMENT, FILES, manual
from gdcli.cli.pages import page
from gdcli.cli.tree import command_of
from gdcli.descent.keep import keeper
from gdcli.errors import Exit
from tests.cli.inprocess import run

PACKAGE = Path(gdcli.__file__).parent
KEPT = PACKAGE / "man" / "gdcli.1"
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "COMMON OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES"]
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="no groff here")


def shown(source: str) -> str:
    """The page as a reader of 80 columns sees it, without bold; groff has nothing to say about it."""
    command = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", "-rLL=80n"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_page_that_is_installed_is_up_to_date() -> None:
    assert KEPT.read_text(encoding="utf-8") == manual(), "gdcli man > gdcli/man/gdcli.1"
    assert run("man") == (0, manual(), "")


def test_it_is_installed_where_man_looks() -> None:
    project = PACKAGE.parent / "pyproject.toml"
    if not project.is_file():
        pytest.skip("not a checkout")
    wheel = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {"gdcli/man/gdcli.1": "share/man/man1/gdcli.1"}


def test_it_has_the_sections_of_a_manual_page() -> None:
    assert re.findall(r'^\.SH "?([A-Z ]+)', manual(), re.MULTILINE) == [*SECTIONS, "EXAMPLES", "SEE ALSO"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_of_with_its_options(name: str) -> None:
    command, context = command_of(name)
    told = page(command, command.get_params(context))
    text = manual()
    assert roff.part(told.usage) in text
    for _, entries in told.sections:
        for entry in entries:
            assert f"\n.TP\n{roff.bold(entry.shown)}\n{roff.text(entry.text)}\n" in text


def test_every_exit_code_is_told_of() -> None:
    for code in Exit:
        assert f".TP\n{roff.bold(str(int(code)))}\n{roff.text(code.meaning)}\n" in manual()


def test_every_variable_that_is_read_is_told_of() -> None:
    told = " ".join(name for name, _ in ENVIRONMENT)
    read = {
        name for path in PACKAGE.rglob("*.py") for name in re.findall(r'"(GDCLI_[A-Z_]+)"', path.read_text("utf-8"))
    }
    assert "GDCLI_CACHE_DIR" in read
    assert read <= set(told.replace(",", "").split())


def test_every_file_of_a_run_is_told_of() -> None:
    assert {f"DIR/{name}" for name in keeper.FILES} <= {name for name, _ in FILES}


@needs_groff
def test_groff_reads_it_without_a_warning() -> None:
    text = shown(manual())
    assert max(map(len, text.splitlines())) <= 80
    assert 'gdcli descend data.csv --model "a*exp(-b*x)"' in text
    assert "\n       --max-gap X\n" in text


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="no mandoc here")
def test_mandoc_finds_no_fault_in_it() -> None:
    done = subprocess.run(["mandoc", "-Tlint", str(KEPT)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_signs_stay_signs() -> None:
    assert roff.plain("'a' -x \\ ^~`") == r"\&\(aqa\(aq \-x \e \(ha\(ti\(ga"
    assert roff.plain(".x") == r"\&.x"
    assert roff.text("") == ""


@needs_groff
@pytest.mark.parametrize("text", ["'a' -x \\n \\fB ^~`", ".SH x", "\\", '"a" \\" b', "%d $x"])
def test_any_text_is_read_as_it_is(text: str) -> None:
    lines = ['.TH X 1 2026-01-01 "x" "y"', roff.heading("NAME"), *roff.paragraph(text), ""]
    assert text in shown("\n".join(lines))
