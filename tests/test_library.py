"""The library's face: its docstrings and the README's Python block run, its results agree with the commands."""

from __future__ import annotations

import doctest
import pickle
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import gdcli
from gdcli.errors import DataError, FormulaError, UsageError
from tests.test_readme import README, put_files


@pytest.mark.parametrize("module", ["formulas", "data"])
def test_the_docstrings_say_what_happens(module: str) -> None:
    result = doctest.testmod(import_module(f"gdcli.api.{module}"), raise_on_error=False)
    assert (result.failed, result.attempted > 4) == (0, True)


def test_the_readme_s_python_block_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    match = re.search(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert match is not None
    seen: dict[str, object] = {}
    for line in match.group(1).splitlines():
        code, _, shown = line.partition("  #")
        if shown.strip().startswith("'"):
            assert repr(eval(code, seen)) == shown.strip()
        else:
            exec(code, seen)


def test_every_name_of_the_face_is_there_and_documented() -> None:
    assert all((getattr(gdcli, name).__doc__ or "").strip() for name in gdcli.__all__)
    assert set(gdcli.__all__) <= set(dir(gdcli))
    with pytest.raises(AttributeError, match="no attribute 'descent_of_man'"):
        gdcli.descent_of_man  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_face_imports_nothing_heavy() -> None:
    program = "import sys, gdcli; print(*{'numpy', 'sympy', 'gdcli.api'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
    program = "import sys, gdcli; gdcli.gradient('x^2'); print(*{'numpy', 'sympy', 'typer', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: gdcli.parse("2*("), FormulaError),
        (lambda: gdcli.gradient("x + sine(x)"), FormulaError),
        (lambda: gdcli.read("no-such-file.csv"), DataError),
        (lambda: gdcli.descend("diabetes", method="newtonian"), UsageError),
        (lambda: gdcli.rate("diabetes", methods=("gd", "newtonian")), UsageError),
    ],
    ids=["parse", "gradient", "read", "descend", "rate"],
)
def test_failures_are_exceptions_with_a_place_and_a_remedy(call: object, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        call()  # type: ignore[operator]
    assert str(caught.value)
    assert caught.value.hint  # type: ignore[attr-defined]


def test_results_can_be_kept() -> None:
    for report in (
        gdcli.gradient("x1**2*x2", "1, 2"),
        gdcli.linearize("x^2", "1"),
        gdcli.differentiable("x1 x2/(x1^2 + x2^2)", "0, 0", value="0"),
        gdcli.descend("line"),
        gdcli.rate("line", seeds=2, steps=20, jobs=1),
    ):
        assert pickle.loads(pickle.dumps(report)) == report
