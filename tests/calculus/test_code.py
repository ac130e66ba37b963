"""Gradients as code: run, and held against 50-digit values of the formula and of its gradient."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from gdcli.calculus.numeric import Numeric
from gdcli.calculus.report import gradient_report
from gdcli.errors import UsageError
from gdcli.language import parse
from tests.calculus.code_samples import SAMPLES

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def code(formula: str, language: str, variables: list[str] | None = None) -> str:
    found = gradient_report(parse(formula, variables=variables), None, None, False, language).code
    assert found is not None
    return found[language]


def run(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(source, "generated", "exec"), space)
    return space


def points(name: str) -> list[tuple[float, float]]:
    return [(x, y) for x, y in product(SAMPLES[name][1], repeat=2) if x != y]


def truth(formula: str, at: list[tuple[float, float]]) -> list[list[float]]:
    """f, df/dx, df/dy at each point, in 50 digits from the formulas as text, rounded once."""
    read = parse(formula, variables=["x", "y"])
    partials = gradient_report(read, None, None).partials
    trees = [read.tree, *(parse(partial.text, variables=["x", "y"]).tree for partial in partials.values())]
    rows = []
    with mpmath.workdps(50):
        for x, y in at:
            values = [Numeric(_expanded(tree)).at({"x": mpmath.mpf(x), "y": mpmath.mpf(y)}) for tree in trees]
            rows.append([math.nan if value is None else float(value) for value in values])
    return rows


def _expanded(tree: Any) -> Any:
    from gdcli.language.series import expand

    return expand(tree, "")


@pytest.mark.parametrize("name", SAMPLES)
def test_python_runs_and_is_right(name: str) -> None:
    formula, _ = SAMPLES[name]
    space = run(code(formula, "python", ["x", "y"]))
    for (x, y), row in zip(points(name), truth(formula, points(name)), strict=True):
        assert [space["f"](x, y), *space["grad_f"](x, y)] == pytest.approx(row, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("name", SAMPLES)
def test_numpy_runs_over_arrays_and_is_right(name: str) -> None:
    formula, _ = SAMPLES[name]
    space = run(code(formula, "numpy", ["x", "y"]))
    at = points(name)
    x, y = np.array(at).T
    expected = np.array(truth(formula, at))
    np.testing.assert_allclose(space["f"](x, y), expected[:, 0], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(space["grad_f"](x, y), expected[:, 1:].T, rtol=1e-12, atol=1e-13)
    table = space["grad_f"](x[:, None], y[None, :])
    assert table.shape == (2, len(at), len(at))
    np.testing.assert_allclose(space["grad_f"](*at[0]), expected[0, 1:], rtol=1e-12, atol=1e-13)


@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine")
def test_c_compiles_without_a_warning_and_is_right(tmp_path: Path) -> None:
    checks = []
    for number, (name, (formula, _)) in enumerate(SAMPLES.items()):
        source = code(formula, "c", ["x", "y"]).replace(" f(", f" f{number}(").replace("grad_f(", f"grad_f{number}(")
        calls = [
            f"grad_f{number}({x!r}, {y!r}, g); "
            f'printf("{name} %.17g %.17g %.17g\\n", f{number}({x!r}, {y!r}), g[0], g[1]);'
            for x, y in points(name)
        ]
        main = f"#include <stdio.h>\nvoid run{number}(void) {{ double g[2]; {' '.join(calls)} }}\n"
        (tmp_path / f"s{number}.c").write_text(source + main)
        checks.append(f"run{number}")
    body = "".join(f"void {check}(void);\n" for check in checks)
    body += f"int main(void) {{ {' '.join(f'{check}();' for check in checks)} return 0; }}\n"
    (tmp_path / "main.c").write_text(body)
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wno-unused-parameter", "-pedantic", "-Werror", "-o", "all"]
    done = subprocess.run(
        [str(COMPILER), *flags, *sorted(p.name for p in tmp_path.glob("*.c")), "-lm"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = subprocess.run([str(tmp_path / "all")], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [(name, row) for name in SAMPLES for row in truth(SAMPLES[name][0], points(name))]
    assert len(lines) == len(rows)
    for line, (name, row) in zip(lines, rows, strict=True):
        label, *values = line.split()
        assert label == name
        assert [float(value) for value in values] == pytest.approx(row, rel=1e-12, abs=1e-13, nan_ok=True), name


@pytest.mark.parametrize("name", SAMPLES)
def test_julia_is_whole(name: str) -> None:
    source = code(SAMPLES[name][0], "julia", ["x", "y"])
    opened = sum(line.startswith("function ") for line in source.splitlines())
    assert source.splitlines().count("end") == opened >= 2
    assert source.count("(") == source.count(")")
    assert source.count("[") == source.count("]")
    assert "**" not in "".join(line for line in source.splitlines() if not line.startswith("#"))
    assert "math." not in source
    assert "np." not in source
    for special in ("erf", "gamma", "polygamma"):
        code_lines = [line for line in source.splitlines() if not line.startswith(("#", "using"))]
        used = any(
            f"{special}(" in line.replace("polygamma(", "" if special == "gamma" else "polygamma(")
            for line in code_lines
        )
        assert used == (f"using SpecialFunctions: {special}" in source.splitlines())


def test_shared_pieces_are_computed_once() -> None:
    source = code("exp(x*y)*sin(exp(x*y))", "python")
    assert source.count("math.exp(") == 2  # once in f, once in grad_f


def test_a_branch_is_computed_only_where_it_holds() -> None:
    space = run(code("piecewise((log(x) + log(x)^2, x > 0), (0, true))", "python"))
    assert (space["f"](-1.0), space["grad_f"](-1.0)) == (0, [0])


def test_numpy_code_is_silent_about_the_other_branch() -> None:
    space = run(code("sqrt(x) if x > 0 else x", "numpy"))
    np.testing.assert_array_equal(space["f"](np.array([-4.0, 4.0, 0.0])), [-4.0, 2.0, 0.0])


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("python", ["lambda", "def", "f", "grad_f", "math", "t0", "oddroot", "class", "None_1"]),
        ("numpy", ["lambda", "np", "math", "in", "f", "t0", "t1", "grad_f", "is"]),
        ("c", ["double", "int", "f", "unix", "gradient", "M_PI", "NAN", "t0", "tgamma"]),
        ("julia", ["end", "function", "f", "im", "t0", "begin", "logaddexp"]),
    ],
)
def test_names_that_the_language_has_taken_get_others(language: str, names: list[str], tmp_path: Path) -> None:
    formula = " + ".join(f"{k}*{name}^2" for k, name in enumerate(names, 2)) + f" + sin({names[0]}*{names[1]})^2"
    source = code(formula, language, names)
    if language in ("python", "numpy"):
        space = run(source)
        at = [0.5 + k / 8 for k in range(len(names))]
        expected = [2 * k * at[k - 2] for k in range(2, len(names) + 2)]
        inner = math.sin(2 * at[0] * at[1])
        expected[0] += inner * at[1]
        expected[1] += inner * at[0]
        assert list(space["grad_f"](*at)) == pytest.approx(expected)
    elif language == "c" and COMPILER is not None:
        (tmp_path / "a.c").write_text(source)
        done = subprocess.run(
            [COMPILER, "-c", "-Wall", "a.c"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert f"The variable {names[0]} is written {names[0]}_." in source


def test_the_emitted_module_says_what_it_computes() -> None:
    assert code("x^2 y", "python").startswith("# f(x, y) = x**2*y, and its gradient (df/dx, df/dy).\nimport math\n")


def test_constants_and_missing_variables() -> None:
    space = run(code("7", "numpy"))
    assert (space["f"](), space["grad_f"]().shape) == (7, (0,))
    space = run(code("x", "numpy", ["x", "y"]))
    assert space["f"](np.ones(3), 2.0).shape == (3,)
    assert space["f"](2.0, np.ones(3)).shape == (3,)
    assert space["grad_f"](np.ones((3, 1)), np.ones(4)).shape == (2, 3, 4)
    assert run(code("x", "python", ["x", "y"]))["grad_f"](1.0, 2.0) == [1, 0]
    assert "double f(void)" in code("7", "c")


@pytest.mark.parametrize("language", ["python", "numpy", "c", "julia"])
def test_a_number_beyond_the_doubles_is_refused(language: str) -> None:
    with pytest.raises(UsageError, match="beyond the doubles"):
        code("x*10^400", language)


def test_the_code_of_many_variables_compiles() -> None:
    source = code("sum(100*(x_{i+1} - x_i^2)^2 + (1 - x_i)^2, i=1..60)", "python")
    at = [1.0] * 61
    assert run(source)["grad_f"](*at) == [0.0] * 61
    deep = "x"
    for _ in range(60):
        deep = f"sin({deep} + 1)"
    assert math.isfinite(run(code(deep, "numpy"))["grad_f"](0.5)[0])
    assert sys.getrecursionlimit() < 10_000
