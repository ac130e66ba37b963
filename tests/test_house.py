"""The house's own rules: which room may import which, what start-up loads, and what the package holds."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gdcli

PACKAGE = Path(gdcli.__file__).parent
BASE = {"errors", "escape", "generator", "results", "signals", "sizes", "suggest", "whole"}
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "escape": set(),
    "generator": {"signals"},
    "results": set(),
    "signals": set(),
    "sizes": {"errors", "escape"},
    "suggest": {"escape"},
    "whole": {"errors", "escape"},
    "language": BASE,
    "calculus": BASE | {"language"},
    "kernels": BASE | {"language", "calculus"},
    "data": BASE,
    "risk": BASE | {"language", "calculus", "kernels", "data"},
    "descent": BASE | {"language", "calculus", "kernels", "data", "risk"},
    "render": BASE | {"__init__"},
    "api": BASE | {"language", "calculus", "data", "descent", "render"},
    "schema": BASE | {"__init__"},
}
HEAVY = {
    "sympy": {"language", "calculus", "kernels"},
    "typer": {"cli"},
    "rich": {"cli", "render"},
    # A result hands out its numbers as an array when it is asked to.
    "numpy": {"generator", "kernels", "data", "risk", "descent", "results", "api"},
    "matplotlib": {"render"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module a file imports, at its top or inside a function, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_upward_only(path: Path) -> None:
    here = room(path)
    if here in ("cli", "__init__", "__main__"):
        return
    for name in imports(path):
        parts = name.split(".")
        if (
            parts[0] == "gdcli"
            and len(parts) > 1
            and (PACKAGE / parts[1]).exists() | (PACKAGE / f"{parts[1]}.py").exists()
        ):
            assert parts[1] == here or parts[1] in ROOMS[here], f"{here} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    for name in imports(path):
        allowed = HEAVY.get(name.split(".")[0])
        assert allowed is None or room(path) in allowed, f"{room(path)} must not import {name}"


def test_a_wrong_arrow_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from gdcli.cli import app\n")
    assert "gdcli.cli.app" in imports(bad)


def loaded(*args: str) -> set[str]:
    """The modules loaded by one command in a process of its own."""
    program = (
        "import sys, atexit, os\n"
        "pid = os.getpid()\n"
        "atexit.register(lambda: os.getpid() == pid and print('LOADED', *sys.modules, file=sys.stderr))\n"
        "from gdcli.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith("LOADED"))
    return {name.split(".")[0] for name in line.split()} | set(line.split())


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], {"sympy", "numpy", "rich", "pydantic", "tomllib", "platformdirs"}),
        (["--version"], {"sympy", "numpy", "rich"}),
        (["grad", "--help"], {"sympy", "numpy", "rich"}),
        (["help", "descend"], {"sympy", "numpy", "rich", "pydantic"}),
        (["man"], {"sympy", "numpy", "rich", "pydantic"}),
        (["completion", "bash"], {"sympy", "numpy", "rich", "pydantic"}),
        (["descend", "--help"], {"sympy", "numpy", "rich", "pydantic", "tomllib", "platformdirs"}),
        (["grad", "x1**2*x2"], {"numpy", "rich", "gdcli.data", "gdcli.descent"}),
        (
            ["descend", "diabetes", "--steps", "3"],
            {
                "sympy",
                "mpmath",
                "rich",
                "scipy",
                "pandas",
                "gdcli.calculus",
                "llvmlite",
                "pydantic",
                "numpy.polynomial",
            },
        ),
        (
            ["descend", "diabetes", "--method", "sgd", "--epochs", "2", "--gap", "0", "--l2", "1e-3", "-q"],
            {"pydantic", "gdcli.risk.models.formula", "gdcli.risk.models.softmax", "gdcli.risk.kinks", "llvmlite"},
        ),
        (["problems"], {"sympy", "numpy", "rich"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_only_what_it_uses(args: list[str], absent: set[str]) -> None:
    assert loaded(*args) & absent == set()


def test_the_parent_of_grad_leaves_sympy_to_its_child() -> None:
    assert "sympy" not in loaded("grad", "x1**2*x2")


def test_every_folder_is_a_package_and_typed() -> None:
    folders = {path.parent for path in modules()}
    assert all((folder / "__init__.py").is_file() for folder in folders)
    assert (PACKAGE / "py.typed").is_file()
