"""Hostile formulas end as they must, with an answer or one error that has a place and a remedy, and run nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from gdcli.calculus.report import gradient_report
from gdcli.errors import FormulaError, GdcliError
from gdcli.language import parse
from gdcli.language.budget import Budget
from gdcli.language.worker import Worker
from gdcli.results.grad import GradientReport
from tests.hostile.formulas import ANSWER, CORPUS, EXHAUSTED, READINGS

SECONDS = 3.0
# What Python tells an audit hook of when code is made or run, or the world outside is touched.
FORBIDDEN = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "ctypes.", "shutil.", "pty.")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(Budget(SECONDS)) as worker:
        yield worker


def gradient(text: str, worker: Worker) -> GradientReport:
    return worker.run(gradient_report, parse(text), None, None, False)


def failure(text: str, worker: Worker) -> GdcliError | None:
    try:
        gradient(text, worker)
    except GdcliError as error:
        return error
    return None


def short(text: object) -> str:
    return ascii(text)[:40]


def test_the_corpus_is_large() -> None:
    assert len({text for text, _ in CORPUS}) == len(CORPUS) >= 300


@pytest.mark.parametrize(("text", "end"), CORPUS, ids=short)
def test_a_hostile_formula_ends_as_it_must(text: str, end: str, worker: Worker) -> None:
    error = failure(text, worker)
    assert (ANSWER if error is None else error.kind) == end
    if error is not None:
        assert error.message.isprintable()
        assert error.hint
    if isinstance(error, FormulaError):
        assert 0 <= error.start <= error.end <= len(error.source)


@pytest.mark.parametrize(("text", "reading"), READINGS)
def test_odd_words_are_variables(text: str, reading: str, worker: Worker) -> None:
    assert gradient(text, worker).expression.text == reading


WATCHED = f"""
import sys
from gdcli.errors import GdcliError
from gdcli.language import parse
from gdcli.language.build import build
from gdcli.language.latex import latex
from tests.hostile.formulas import INJECTIONS, READINGS

def read(text):
    try:
        latex(build(parse(text)))
    except GdcliError:
        pass

# What is imported when it is first used: by sympy, and for "did you mean".
read("x^2 sin x if x > 0 else max(x, 1)/norm([x, y])")
read("snh(x)")
seen = []
sys.addaudithook(lambda event, args: seen.append((event, str(args)[:200])) if event.startswith({FORBIDDEN!r}) else None)
for text in [*INJECTIONS, *(text for text, _ in READINGS)]:
    read(text)
found = list(seen)
print(len(found), found[:5])
compile("1", "", "eval")
print(len(seen) - len(found))
"""


def test_nothing_is_run_opened_or_imported_for_what_a_formula_says() -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    events, canary = done.stdout.splitlines()
    assert events == "0 []"
    assert int(canary) >= 1


def test_all_of_them_in_one_process_a_line_each() -> None:
    """`gdcli grad -`: every line has its answer, whatever the lines before it did."""
    asked = [(text, end) for text, end in CORPUS if text.isprintable() and len(text) < 2_000 and end != EXHAUSTED]
    asked = [(text, end) for text, end in asked if text == text.strip() and text and text[0] not in "#\ufeff"]
    command = [sys.executable, "-m", "gdcli", "grad", "-", "--timeout", "5"]
    lines = "".join(f"{text}\n" for text, _ in asked)
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert [answer["line"] for answer in answers] == list(range(1, len(asked) + 1))
    ends = [answer["error"]["kind"] if answer["kind"] == "error" else ANSWER for answer in answers]
    assert ends == [end for _, end in asked]


DOORS = (
    ("grad", "x", "--at", "{}"),
    ("grad", "x", "--at", "x={}"),
    ("grad", "x", "--vars", "{}"),
    ("grad", "x", "--wrt", "{}"),
    ("tangent", "x", "--at", "1", "--slope", "{}"),
    ("steepest", "x", "--at", "1", "--along", "{}"),
    ("chain", "{}", "x", "--at", "1"),
    ("chain", "u", "{}", "--at", "1"),
    ("derive", "{}", "--at", "1"),
    ("differentiable", "x", "--at", "1", "--value", "{}"),
    ("curvature", "x", "--on", "{}"),
    ("check", "x", "--grad", "{}"),
    ("minimize", "{}", "--from", "1"),
    ("minimize", "x^2", "--from", "{}"),
    ("minimize", "x^2", "--from", "1", "--eta", "{}"),
    ("minimize", "x^2", "--from", "1", "--method", "{}"),
    ("descend", "line", "--eta", "{}"),
    ("descend", "line", "--loss", "{}"),
    ("descend", "line", "--model", "{}"),
    ("descend", "line", "--features", "{}"),
    ("descend", "line", "--method", "{}"),
    ("descend", "line", "--method", "adam({})"),
    ("descend", "line", "--target", "{}"),
    ("descend", "line", "--model", "a*x", "--theta0", "{}"),
    ("descend", "line", "--memory", "{}"),
    ("descend", "{}"),
    ("rate", "line", "--methods", "{}"),
    ("problems", "{}"),
)
KEYS = (
    "__import__('os').system('true')",
    "x.__class__.__mro__",
    "lambda: 1",
    "../../etc/passwd",
    "\\input{/etc/passwd}",
)


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_no_door_lets_code_in(door: tuple[str, ...]) -> None:
    from tests.cli.inprocess import run

    for key in KEYS:
        code, out, err = run(*(word.format(key) for word in door))
        assert (code, out) == (2, ""), key
        assert err.startswith("gdcli: error: ")
        assert "Traceback" not in err
