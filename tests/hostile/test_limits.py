"""No formula takes more memory than --memory allows: in sympy, inside big-number C code, by every command's door."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gdcli.errors import Exit
from tests.cli.inprocess import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the address space is bounded by Linux alone")
MB = 10**6
# What each of these would need: 500 MB and more.
HOSTILE = {
    "sympy": "sympy.divisors(sympy.factorial(60))",
    "a big number": "1 << 8 * 500_000_000",
    "a product": "(1 << 8 * 250_000_000) * (1 << 8 * 250_000_000)",
    "many numbers": "[(1 << 8 * 10_000_000) + k for k in range(50)]",
}
PROGRAM = """
import resource, sys
from gdcli.errors import ExhaustedError
from gdcli.language.budget import Budget, within
def work():
    import mpmath, sympy
    return len(repr(eval(sys.argv[1])))
try:
    within(work, budget=Budget(60.0, int(sys.argv[2])))
except ExhaustedError as error:
    print(error.message)
print(*(resource.getrusage(who).ru_maxrss << 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_the_child_ends_below_the_limit(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, HOSTILE[name], str(200 * MB)], capture_output=True, text=True, check=True
    )
    message, peaks = done.stdout.splitlines()
    assert message == "the formula needs more memory than the 200MB it may take"
    own, child = map(int, peaks.split())
    assert child < own + 200 * MB


# The calculus itself takes more than this to be loaded.
LITTLE = "10MB"
COMMANDS = (
    ("grad", "x^2 sin(x)"),
    ("derive", "x^2 sin(x)", "--at", "1"),
    ("tangent", "x^2 sin(x)", "--at", "1"),
    ("chain", "sin u", "x^2", "--at", "1"),
    ("steepest", "x^2 y", "--at", "1,2"),
    ("differentiable", "|x|", "--at", "0"),
    ("curvature", "x^4 + y^2"),
    ("check", "x^2", "--grad", "2x"),
    ("minimize", "x^2", "--from", "3"),
)


def told(limit: str, err: str) -> None:
    """Where there is no memory for an exception either, the child ends without a word."""
    message, hint = err.splitlines()
    assert message in (
        f"gdcli: error: the formula needs more memory than the {limit} it may take",
        f"gdcli: error: the computation broke down (out of its {limit} of memory, or a number beyond all bounds)",
    )
    assert hint == "  hint: simplify the formula, or allow more memory with --memory"


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: " ".join(args[:3:2]))
def test_every_command_names_the_limit_and_the_remedy(args: tuple[str, ...]) -> None:
    program = "import sys; from gdcli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *args, "--memory", LITTLE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (Exit.EXHAUSTED, "")
    told(LITTLE, done.stderr)


@pytest.mark.parametrize("formula", ["sin((x^9999)^9999)", "((x + 6/7)^9999)^9999"])
def test_numbers_without_end(formula: str) -> None:
    """The power is one call of C, which no alarm would interrupt."""
    args = ["grad", formula, "--at", "7", "--memory", "48MB", "--timeout", "60"]
    done = subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, text=True, check=False)
    assert done.returncode == Exit.EXHAUSTED
    told("48MB", done.stderr)


def test_the_limit_may_be_set_once_for_all_commands(tmp_path: Path) -> None:
    (tmp_path / "gdcli.toml").write_text('memory = "20MB"\n', encoding="utf-8")
    for environment, limit in (({}, "20MB"), ({"GDCLI_MEMORY": LITTLE}, LITTLE)):
        done = subprocess.run(
            [sys.executable, "-m", "gdcli", "grad", "x^2"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        )
        assert done.returncode == Exit.EXHAUSTED
        told(limit, done.stderr)


def test_python_has_the_limit_too() -> None:
    program = (
        "import gdcli\n"
        "try:\n    gdcli.gradient('x^2', memory='10MB')\n"
        "except gdcli.errors.ExhaustedError as error:\n    print(error.message)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "the 10MB it may take" in done.stdout


@pytest.mark.parametrize("limits", [("--memory", "99999TB"), ("--timeout", "inf"), ("--timeout", "1e300")])
def test_limits_beyond_all_machines(limits: tuple[str, str]) -> None:
    assert run("grad", "x^2", *limits) == run("grad", "x^2")


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", range(1, 48))
def test_whatever_the_memory_does_not_do_for(megabytes: int) -> None:
    """Python fails in many ways where a library is half loaded; none of them is a bug of ours."""
    args = ["grad", "x^2 sin(x)", "--at", "1", "--memory", f"{megabytes}MB"]
    done = subprocess.run([sys.executable, "-m", "gdcli", *args], capture_output=True, text=True, check=False)
    assert done.returncode in (Exit.DONE, Exit.EXHAUSTED), done.stderr
