"""`gdcli check` and `gdcli grad -`: verdicts, files, batches, streams and exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped

HOMEWORK = """\
# week 1
x1^2 x2 => 2*x1*x2, x1^2
x^2 => 3x

sine(x) => 1
x^2 y => x = 2*x*y, y = x^2
exp(x) = exp(x)
"""


def run(*args: str, stdin: bytes = b"") -> tuple[int, str, str]:
    place = Terminal(io.BytesIO(stdin), io.StringIO(), io.StringIO(), {}, 80)
    code = main(list(args), place)
    assert isinstance(place.stdout, io.StringIO)
    assert isinstance(place.stderr, io.StringIO)
    return code, place.stdout.getvalue(), place.stderr.getvalue()


def test_a_right_claim() -> None:
    code, out, err = run("check", "x^2 y", "--grad", "2x y, x^2")
    assert (code, err) == (0, "")
    assert out == (
        """\
f(x, y) = x**2*y

  df/dx = 2*x*y
      right: proven equal

  df/dy = x**2
      right: proven equal

The claim is right (proven equal).
"""
    )


def test_a_wrong_claim_has_a_point_and_exit_code_1() -> None:
    code, out, _ = run("check", "x1^2 x2", "--grad", "x1*x2, x1^2")
    assert code == 1
    assert "      WRONG at x1 = 1, x2 = 2: df/dx1 is 4, the claim gives 2\n      right is df/dx1 = 2*x1*x2\n" in out
    assert out.endswith("The claim is wrong: df/dx1.\n")


def test_one_partial_and_the_order_of_variables() -> None:
    assert run("check", "x^2 y", "--wrt", "y", "--grad", "x^2")[0] == 0
    assert run("check", "x^2 y", "--vars", "y,x", "--grad", "x^2, 2x y")[0] == 0
    assert run("check", "a x", "--vars", "x,a,b", "--grad", "a, x, 0")[0] == 0


def test_the_document() -> None:
    code, out, _ = run("check", "x^2", "--grad", "3x", "--json")
    document = json.loads(out)
    assert (code, document["command"], document["right"]) == (1, "check", False)
    partial = document["partials"]["x"]
    assert (partial["claim"], partial["truth"], partial["how"]) == ("3*x", "2*x", "counterexample")
    assert partial["counterexample"]["at"] == {"x": 1.0}
    assert partial["counterexample"]["exact"]["truth"] == "2"
    digits = json.loads(run("check", "Gamma(x)", "--grad", "Gamma(x+1)*digamma(x)/x", "--json")[1])
    assert (digits["right"], digits["partials"]["x"]["how"], digits["partials"]["x"]["points"]) == (True, "digits", 40)


def test_latex() -> None:
    _, out, _ = run("check", "x^2 y", "--grad", "3x, x^2", "--format", "latex")
    assert r"\frac{\partial f}{\partial x} &\neq 3 x && \text{wrong} \\" in out
    assert r"&= {x}^{2} && \text{right (proven)}" in out


def test_a_file_of_claims(tmp_path: Path) -> None:
    file = tmp_path / "homework.txt"
    file.write_text(HOMEWORK, encoding="utf-8")
    code, out, _ = run("check", "--file", str(file))
    assert code == 2
    assert out == (
        f"{file}:2: ok (proven equal)\n"
        f"{file}:3: WRONG at x = 1: df/dx is 2, the claim gives 3\n"
        f"{file}:5: BAD there is no function sine\n"
        f"{file}:6: ok (proven equal)\n"
        f"{file}:7: BAD no => between formula and claim\n"
        "5 claims: 2 right (2 proven), 1 wrong, 2 bad\n"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"x^2 => 2x\r\n", 0), (b"\xef\xbb\xbfx^2 => 2x", 0), (b"x^2 => x\n", 1), (b"\xff => 1\n", 2)],
)
def test_a_file_on_standard_input(text: bytes, code: int) -> None:
    found, out, _ = run("check", "--file", "-", stdin=text)
    assert found == code
    assert out.splitlines()[-1].startswith("1 claim: ")


@pytest.mark.parametrize("text", [b"", b"# nothing yet\n\n", b"[]"], ids=["empty", "comments", "json"])
def test_a_file_without_claims_does_not_pass(text: bytes) -> None:
    code, _, err = run("check", "--file", "-", stdin=text)
    assert code == 2
    assert "there are no claims in this file" in err


def test_a_file_as_documents() -> None:
    code, out, _ = run("check", "--file", "-", "--format", "ndjson", stdin=HOMEWORK.encode())
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["kind"], line.get("line"), line.get("verdict")) for line in lines] == [
        ("claim", 2, "right"),
        ("claim", 3, "wrong"),
        ("claim", 5, "bad"),
        ("claim", 6, "right"),
        ("claim", 7, "bad"),
        ("summary", None, None),
    ]
    assert lines[2]["error"]["hint"] == "did you mean sin?"
    document = json.loads(run("check", "--file", "-", "--json", stdin=HOMEWORK.encode())[1])
    assert (code, document["right"], document["wrong"], document["bad"]) == (2, 2, 1, 2)
    assert [answer["verdict"] for answer in document["answers"]] == [line["verdict"] for line in lines[:-1]]


def test_json_claims() -> None:
    items = [
        {"expr": "x^2", "grad": "2x"},
        {"expr": "x y", "grad": ["y", "x"], "vars": "x,y"},
        {"expr": "3x y", "grad": {"y": "3x", "x": "3y"}, "vars": ["x", "y"]},
        {"expr": "5x", "grad": [5]},
        {"expr": "x^2", "grad": "x"},
        {"expr": "x^2"},
        {"expr": "x^2", "grad": "2x", "point": 3},
        {"expr": "x^2", "grad": [None]},
        7,
    ]
    code, out, _ = run("check", "--file", "-", stdin=b" \n" + json.dumps(items).encode())
    assert code == 2
    assert [line.split(": ")[2].split()[0] for line in out.splitlines()[:-1]] == ["ok"] * 4 + ["WRONG"] + ["BAD"] * 4


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (["check"], b"", ["a formula and its claimed gradient are needed"]),
        (["check", "x^2"], b"", ["a formula and its claimed gradient are needed", '--grad "2*x*y, x^2"']),
        (["check", "x^2", "--grad", "2x,1"], b"", ["2 partials claimed for 1 variable (x)", "by name"]),
        (["check", "x^2", "--grad", "2x; 1"], b"", ["';'", "separate with commas"]),
        (["check", "7", "--grad", "0"], b"", ["the formula has no variables", "--vars"]),
        (["check", "x", "--file", "-"], b"", ["--file goes without EXPR"]),
        (["check", "--file", "no/such/file"], b"", ["the file cannot be read: No such file or directory"]),
        (["check", "--file", "-"], b"[{]", ["the JSON cannot be read", "one array"]),
        (["check", "--file", "-"], b"[\xff]", ["the file is no UTF-8 text"]),
        (["grad", "-", "--format", "latex"], b"x\n", ["answers in JSON lines, not as latex"]),
        (["grad", "x", "--steps", "--format", "c"], b"", ["--steps has no place in c code"]),
    ],
)
def test_what_cannot_be_done_says_why(args: list[str], stdin: bytes, words: list[str]) -> None:
    code, _, err = run(*args, stdin=stdin)
    assert code == 2
    assert all(word in err for word in words), err


def test_a_batch_keeps_the_order_and_survives_bad_lines() -> None:
    text = "x^2\n\nsine(x)\n# a comment\nx1^2 x2\n1/2x\n"
    code, out, err = run("grad", "-", stdin=text.encode())
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [(line["kind"], line["line"]) for line in lines] == [("grad", 1), ("error", 3), ("grad", 5), ("grad", 6)]
    assert lines[2]["partials"] == {"x1": "2*x1*x2", "x2": "x1**2"}
    assert lines[1]["error"]["message"] == "there is no function sine"
    assert {"command", "version"} <= set(lines[1])
    assert lines[3]["warnings"]
    assert err == "gdcli: note: 1 of 4 formulas have no answer: their lines hold the error\n"


def test_a_batch_takes_the_options_of_grad() -> None:
    code, out, _ = run(
        "grad", "-", "--at", "1,2", "--wrt", "y", "--vars", "x,y", "--steps", stdin=b"x y^2\nx/0\nx + y\n"
    )
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [line.get("gradient") for line in lines] == [{"y": 4.0}, None, {"y": 1.0}]
    assert lines[1]["error"]["kind"] == "domain"
    assert lines[0]["steps"]["y"]


def test_a_batch_has_a_deadline_for_each_formula() -> None:
    code, out, _ = run("grad", "-", "--at", "0", "--timeout", "3", stdin=b"x\n((x+1)^9999)^9999\nx^2\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["line"] for line in lines] == [1, 2, 3]
    assert lines[0]["kind"] == lines[2]["kind"] == "grad"
    assert code in (0, 2, 4)


def test_a_line_that_is_no_formula() -> None:
    long = b"x+" * 300_000 + b"x\n"
    code, out, _ = run("grad", "-", stdin=long + b"\xff\nx\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [(line["kind"], line["line"]) for line in lines] == [("error", 1), ("error", 2), ("grad", 3)]
    assert "too long" in lines[0]["error"]["message"]
    assert "UTF-8" in lines[1]["error"]["message"]


def test_a_batch_answers_as_it_goes() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gdcli", "grad", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for formula, partial in (("x^2", "2*x"), ("x^3", "3*x**2")):
        process.stdin.write(formula + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["partials"] == {"x": partial}
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


@pytest.mark.parametrize(("name", "mark"), [("python", "# "), ("numpy", "# "), ("c", "// "), ("julia", "# ")])
def test_code_from_the_command_line(name: str, mark: str) -> None:
    code, out, _ = run("grad", "x^2 y", "--at", "1,2", "--format", name)
    assert code == 0
    assert out.startswith(f"{mark}f(x, y) = x**2*y, and its gradient (df/dx, df/dy).\n")
    assert out.endswith(f"{mark}at x = 1, y = 2: f = 2, df/dx = 4, df/dy = 1\n")


def test_markdown() -> None:
    code, out, _ = run("grad", "x^2 |y|", "--at", "1,-2", "--format", "markdown", "--steps")
    assert code == 0
    assert "\n\\frac{\\partial f}{\\partial x} &= 2 x" in out
    assert out.count("$$") % 2 == 0


class _Interrupted(io.BytesIO):
    """A stream in whose end a signal comes."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line:
            raise Stopped(Exit.INTERRUPTED)
        return line


@pytest.mark.parametrize(
    ("format", "closed"),
    [("latex", "right & x**2 & proven equal \\\\\n\\end{tabular}\n"), ("markdown", " |\n\n")],
)
def test_an_interrupted_table_is_closed(format: str, closed: str) -> None:
    place = Terminal(_Interrupted(b"x^2 => 2x\n"), io.StringIO(), io.StringIO(), {}, 80)
    with pytest.raises(Stopped):
        main(["check", "--file", "-", "--format", format], place)
    assert isinstance(place.stdout, io.StringIO)
    assert closed in place.stdout.getvalue()
