"""In GitHub Actions: annotations, the job's summary, JUnit, and the recipe that fails a pipeline."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.errors import DataError
from gdcli.render import Look, load
from gdcli.render.github import annotation
from tests.test_readme import README

HOMEWORK = "# week 1\nx^2 => 2x\nx^2 => 3x\nsine(x) => 1\n"


def run(*args: str, stdin: bytes = b"", **environ: str) -> tuple[int, str, str]:
    place = Terminal(io.BytesIO(stdin), io.StringIO(), io.StringIO(), environ, 80)
    code = main(list(args), place)
    assert isinstance(place.stdout, io.StringIO)
    assert isinstance(place.stderr, io.StringIO)
    return code, place.stdout.getvalue(), place.stderr.getvalue()


def commands(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("::")]


def recipe() -> str:
    """The script that the README gives."""
    match = re.search(
        r"^<!-- recipe -->\n```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert match is not None
    return match.group(1)


@pytest.fixture
def homework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "homework.txt").write_text(HOMEWORK, encoding="utf-8")
    return tmp_path


def test_a_command_is_one_line_whatever_the_text() -> None:
    text = annotation("error", "100%\r\n::warning::x, y: z", title="a,b:c%", file="odd,name:1.txt", line=7)
    assert text == ("::error file=odd%2Cname%3A1.txt,line=7,title=a%2Cb%3Ac%25::100%25\\r%0A::warning::x, y: z\n")
    assert "\x1b" not in annotation("warning", "\x1b[31mred", title="t")
    assert annotation("warning", "w", title="t", line=3) == "::warning title=t::w\n"


def test_claims_are_annotated_on_their_lines(homework: Path) -> None:
    plain = run("check", "--file", "homework.txt")
    code, out, err = run("check", "--file", "homework.txt", GITHUB_ACTIONS="true")
    assert (code, out) == plain[:2]
    assert plain[2] == ""
    assert commands(err) == [
        "::error file=homework.txt,line=3,title=gdcli check::WRONG at x = 1: df/dx is 2, the claim gives 3",
        "::error file=homework.txt,line=4,title=gdcli check::BAD there is no function sine%0Ahint: did you mean sin?",
    ]


def test_a_file_is_named_from_the_root_of_the_repository(homework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (homework / "week").mkdir()
    (homework / "homework.txt").rename(homework / "week" / "homework.txt")
    monkeypatch.chdir(homework / "week")
    inside = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(homework)}
    err = run("check", "--file", "homework.txt", **inside)[2]
    assert commands(err)[0].startswith("::error file=week/homework.txt,line=3,")


def test_items_and_standard_input_have_no_line() -> None:
    text = b'[{"expr": "x^2", "grad": "x"}]'
    err = run("check", "--file", "-", stdin=text, GITHUB_ACTIONS="true")[2]
    assert commands(err) == ["::error title=gdcli check::item 1: WRONG at x = 1: df/dx is 2, the claim gives 1"]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["check", "x^2", "--grad", "3x"], 1, "::error title=gdcli check::WRONG at x = 1"),
        (["check", "x^2", "--grad", "2x,"], 2, "::error title=gdcli check::"),
        (["descend", "bad.csv"], 2, "::error file=bad.csv,line=3,title=gdcli descend::"),
        (["descend", "no.csv"], 2, "::error title=gdcli descend::file no.csv"),
        (["descend", "diabetes", "--steps", "2", "--max-gap", "1"], 1, "--max-gap asks for at most 1"),
        (
            ["descend", "diabetes", "--eta", "9", "--steps", "999"],
            3,
            "::error title=gdcli descend::the descent diverged",
        ),
        (["minimize", "x^4 - x^2", "--from", "2", "--eta", "9"], 3, "::error title=gdcli minimize::"),
    ],
)
def test_failures_are_annotated(args: list[str], code: int, words: str, homework: Path) -> None:
    (homework / "bad.csv").write_text("a,y\n1,2.5\n3,x\n4,1.5\n", encoding="utf-8")
    found, _, err = run(*args, GITHUB_ACTIONS="true")
    assert found == code
    assert any(words in line for line in commands(err)), err
    assert commands(run(*args)[2]) == []


def test_warnings_are_annotated() -> None:
    err = run("descend", "separable", "--steps", "5", GITHUB_ACTIONS="true")[2]
    assert [line for line in commands(err) if line.startswith("::warning title=gdcli descend::")]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "x^2", "--grad", "3x"], "3"),
        (
            ["check", "--file", "homework.txt"],
            "| 3 | wrong | x\\*\\*2 | at x = 1: df/dx is 2, the claim gives 3 |\n| 4 | bad |",
        ),
        (["descend", "diabetes", "--steps", "3"], "Risk gap"),
        (["rate", "line", "--methods", "gd", "--steps", "20", "--jobs", "1"], "Rates of convergence"),
        (["minimize", "x^2", "--from", "1"], "Stopped at step"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_summary_is_appended(args: list[str], words: str, homework: Path) -> None:
    target = homework / "summary.md"
    target.write_text("before\n", encoding="utf-8")
    _, out, _ = run(*args, GITHUB_STEP_SUMMARY=str(target))
    page = target.read_text(encoding="utf-8")
    assert page.startswith("before\n## ")
    assert words in page
    if args[0] == "check":
        assert out == run(*args)[1]


def test_a_summary_that_cannot_be_written_is_a_warning(homework: Path) -> None:
    code, _, err = run("check", "x^2", "--grad", "2x", GITHUB_STEP_SUMMARY=str(homework))
    assert code == 0
    assert err == "gdcli: warning: the job's summary could not be written: Is a directory\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_summary_that_nobody_reads_is_a_warning(homework: Path) -> None:
    os.mkfifo(homework / "pipe")
    code, _, err = run("check", "x^2", "--grad", "2x", GITHUB_STEP_SUMMARY=str(homework / "pipe"))
    assert code == 0
    assert err.startswith("gdcli: warning: the job's summary could not be written: ")


def test_a_file_of_right_claims_has_no_table(homework: Path) -> None:
    (homework / "right.txt").write_text("x^2 => 2x\n", encoding="utf-8")
    run("check", "--file", "right.txt", GITHUB_STEP_SUMMARY="summary.md")
    page = (homework / "summary.md").read_text(encoding="utf-8")
    assert page.startswith("## Claims of right.txt\n\n1 claim")
    assert "|" not in page


def test_a_hostile_name_is_text(homework: Path) -> None:
    name = "a|b``<img src=x>`.txt"
    (homework / name).write_text(HOMEWORK, encoding="utf-8")
    run("check", "--file", name, GITHUB_STEP_SUMMARY="summary.md")
    page = (homework / "summary.md").read_text(encoding="utf-8")
    assert page.startswith("## Claims of a\\|b\\`\\`&lt;img src=x&gt;\\`.txt\n")


def junit(*args: str, stdin: bytes = b"") -> tuple[int, ElementTree.Element]:
    code, out, _ = run("check", *args, "--format", "junit", stdin=stdin)
    return code, ElementTree.fromstring(out)


# The attributes that junit-10.xsd of Jenkins' xUnit plugin allows and we use; what else there is would be an error.
ATTRIBUTES = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "testcase": {"classname", "name"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}


def well_formed(suite: ElementTree.Element) -> bool:
    """The structure that readers of JUnit rely on: counts that are true, cases directly under their suite."""
    cases = list(suite)
    counted = {
        "tests": len(cases),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": 0,
    }
    return (
        suite.tag == "testsuite"
        and all(case.tag == "testcase" and len(case) <= 1 for case in cases)
        and all(set(element.attrib) == ATTRIBUTES[element.tag] for element in suite.iter())
        and all(suite.get(name) == str(count) for name, count in counted.items())
    )


def test_junit_has_a_case_a_claim(homework: Path) -> None:
    code, suite = junit("--file", "homework.txt")
    assert code == 2
    assert well_formed(suite)
    assert [case.get("name") for case in suite] == ["line 2: x**2", "line 3: x**2", "line 4"]
    assert {case.get("classname") for case in suite} == {"homework.txt"}
    failure, error = suite.find("testcase/failure"), suite.find("testcase/error")
    assert failure is not None
    assert error is not None
    assert failure.attrib == {"type": "wrong", "message": "WRONG at x = 1: df/dx is 2, the claim gives 3"}
    assert (error.get("type"), error.text) == (
        "formula",
        "homework.txt, line 4: BAD there is no function sine\nhint: did you mean sin?",
    )


@pytest.mark.parametrize(("claim", "code"), [("2x", 0), ("3x", 1)])
def test_junit_of_one_claim(claim: str, code: int) -> None:
    found, suite = junit("x^2", "--grad", claim)
    assert found == code
    assert well_formed(suite)
    assert (suite.get("tests"), suite.get("failures")) == ("1", str(code))


def test_junit_of_hostile_text() -> None:
    lines = ["x^2 => <b>&\"'", "x \x1b[31m => 1", "\u202e => 1", "\ufffe => ]]>", "é + x => 1"]
    code, suite = junit("--file", "-", stdin="\n".join(lines).encode())
    assert code == 2
    assert well_formed(suite)
    text = "".join(element.get("message", "") + (element.text or "") for element in suite.iter())
    assert not set(text) & {"\x1b", "\u202e", "\ufffe"}


def test_junit_is_ascii_and_the_same_twice(homework: Path) -> None:
    pages = {run("check", "--file", "homework.txt", "--format", "junit")[1] for _ in range(2)}
    assert len(pages) == 1
    assert pages.pop().isascii()


def test_junit_of_a_file_that_cannot_be_read() -> None:
    code, suite = junit("--file", "no/such/file")
    assert code == 2
    assert well_formed(suite)
    assert suite.get("errors") == "1"
    error = DataError("no", file="\x00<&>", hint="yes")
    assert well_formed(ElementTree.fromstring(load("junit").error(error, "check", Look())))


@pytest.mark.parametrize(
    ("homework", "rows", "code", "written"),
    [
        ("x^2 => 2x\n", "0,1\n1,3\n2,5\n3,6\n", 0, ["gradients.xml", "run.ndjson"]),
        ("x^2 => 3x\n", "0,1\n1,3\n2,5\n3,6\n", 1, ["gradients.xml"]),
        ("x^2 = 2x\n", "0,1\n1,3\n2,5\n3,6\n", 2, ["gradients.xml"]),
        ("x^2 => 2x\n", "slow", 1, ["gradients.xml", "run.ndjson"]),
    ],
    ids=["pass", "a wrong gradient", "an unreadable claim", "a gap above the bound"],
)
def test_the_recipe(homework: str, rows: str, code: int, written: list[str], tmp_path: Path) -> None:
    (tmp_path / "homework.txt").write_text(homework, encoding="utf-8")
    # Two columns that are almost one: kappa is large, and GD is far from the optimum after 10 000 steps.
    slow = "".join(f"{i},{i + 1e-3 * (i % 2)},{(i * 7) % 5}\n" for i in range(40))
    text = f"a,b,y\n{slow}" if rows == "slow" else f"a,y\n{rows}"
    (tmp_path / "data.csv").write_text(text, encoding="utf-8")
    (tmp_path / "gdcli").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gdcli "$@"\n', encoding="utf-8")
    (tmp_path / "gdcli").chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", recipe()], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.[xn]*[ln]")) == written
    assert well_formed(ElementTree.parse(tmp_path / "gradients.xml").getroot())
