"""Supply: no network at run time, the package's files, and dependencies that are declared, needed and no more."""

from __future__ import annotations

import ast
import functools
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import gdcli

PACKAGE = Path(gdcli.__file__).parent
ROOT = PACKAGE.parent
FOUND = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILD = FOUND["project"], FOUND["build-system"]
LOWEST = ROOT / ".ci" / "lowest"
# Writes down whatever touches a socket in this process or in a child of it, and forbids it.
DENY = """
import os, sys

def deny(event, arguments):
    if event.startswith("socket."):
        with open(os.environ["TOUCHED"], "a") as file:
            print(event, arguments, file=file)
        raise PermissionError("no sockets here")

sys.addaudithook(deny)
"""
COMMANDS = (
    'grad "x1**2*x2" --at 1,2',
    'derive "sin(x)" --at 1',
    'tangent "x^2" --at 1',
    'chain "u^2" "u=sin(x)" --at 1',
    'steepest "x1^2+x2" --at 1,2',
    'differentiable "|x|" --at 0',
    'curvature "x^4+y^2"',
    'check "x^2" --grad "2*x"',
    'minimize "x^2" --from 3 -q',
    "descend line --steps 5 --save run",
    "descend breast_cancer --method sgd --steps 50 -q",
    "descend iris3 --steps 3 --json",
    "descend line --loss '(p-y)^4' --steps 3",
    "rate line --steps 20 --seeds 2",
    "predict run line",
    "rerun run",
    "plot run picture.svg",
    "problems",
    "cache",
    "config",
    "schema",
    "man",
    "completion bash",
    "--version",
    "descend http://example.com/data.csv",
    "descend ftp://example.com/data.parquet",
    "descend https://user:secret@example.com/data.csv",
)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder to run in, and an environment in which every Python process denies sockets."""
    place = tmp_path_factory.mktemp("apart")
    (place / "site").mkdir()
    (place / "site" / "sitecustomize.py").write_text(DENY, encoding="utf-8")
    path = os.pathsep.join([str(place / "site"), str(ROOT)])
    return place, {**os.environ, "PYTHONPATH": path, "TOUCHED": str(place / "touched")}


def python(apart: tuple[Path, dict[str, str]], *args: str) -> subprocess.CompletedProcess[str]:
    place, environment = apart
    return subprocess.run(
        [sys.executable, *args], cwd=place, env=environment, capture_output=True, text=True, check=False
    )


def test_the_denial_is_seen_in_this_process_and_in_a_child(apart: tuple[Path, dict[str, str]]) -> None:
    program = "import socket, subprocess, sys\nif sys.argv[1:]: subprocess.run([sys.executable, '-c', sys.argv[1]])\n"
    touch = "import socket; socket.socket()"
    assert python(apart, "-c", touch).returncode == 1
    assert python(apart, "-c", program, touch).returncode == 0
    touched = apart[0] / "touched"
    assert len(touched.read_text(encoding="utf-8").splitlines()) == 2
    touched.unlink()


def test_no_command_touches_a_socket(apart: tuple[Path, dict[str, str]]) -> None:
    """One test, since later commands read what earlier ones saved."""
    for command in COMMANDS:
        done = python(apart, "-m", "gdcli", *shlex.split(command))
        assert done.returncode == (2 if "://" in command else 0), (command, done.stderr)
        assert not (apart[0] / "touched").exists(), (command, (apart[0] / "touched").read_text(encoding="utf-8"))


def test_no_module_touches_a_socket_when_imported(apart: tuple[Path, dict[str, str]]) -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(PACKAGE.rglob("*.py"))]
    program = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    done = python(apart, "-W", "error", "-c", program, *[name for name in names if not name.endswith("__")])
    assert done.returncode == 0, done.stderr
    assert not (apart[0] / "touched").exists()


def test_no_module_of_ours_speaks_to_a_network() -> None:
    speakers = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "xmlrpc", "webbrowser", "requests"}
    found = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if roots(path) & speakers}
    # Workers speak to one another, where a cluster is asked for.
    assert {path for path in found if path.parent != Path("risk/engines/dask")} == set()


@functools.cache
def roots(path: Path) -> frozenset[str]:
    """The first names of all modules a file imports, at its top, in a function, or by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("import_module", "find_spec"):
            name = node.args[0]
            found |= {name.value} if isinstance(name, ast.Constant) else set()
    return frozenset(name.split(".")[0] for name in found)


# What makes objects or runs code out of bytes or texts, and where it is given what we made ourselves: pipes to our own
# workers, annotations of our own source, generated code.
MAKERS = frozenset({"pickle", "marshal", "shelve", "eval", "exec", "compile", "allow_pickle"})
OURS = {
    "risk/engines/dask/team.py": {"pickle"},
    "risk/engines/dask/holder.py": {"pickle"},
    "language/worker.py": {"pickle"},
    "language/budget.py": {"pickle"},
    "schema/shapes.py": {"eval"},
    "kernels/interpret.py": {"compile", "exec"},
    "kernels/native/plain.py": {"compile", "exec"},
    "kernels/native/steps.py": {"compile", "exec"},
}


def test_nothing_foreign_is_unpickled_or_run() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): makers(path) for path in PACKAGE.rglob("*.py")}
    assert {name: uses for name, uses in found.items() if uses} == OURS


def makers(path: Path) -> set[str]:
    """Which of them a file imports, calls by name, or passes."""
    found = set(roots(path) & MAKERS)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            numpy = ast.unparse(node.func) in ("np.load", "numpy.load")
            passed = {word.arg for word in node.keywords if word.arg in MAKERS}
            found |= ({name} & MAKERS) | passed | ({"allow_pickle"} if numpy else set())
    return found


def declared(requirements: list[str]) -> set[str]:
    """The names of the distributions, without their bounds."""
    return {re.split(r"[\s<>=!~;\[]", line)[0].lower() for line in requirements}


def extras() -> dict[str, list[str]]:
    return {name: lines for name, lines in PROJECT["optional-dependencies"].items() if name != "test"}


def test_dependencies_are_what_is_imported_and_nothing_else() -> None:
    # Python's own zstd, since 3.14; types alone; and what a result becomes where it happens to be installed.
    own = {*sys.stdlib_module_names, "compression", "_typeshed", "pandas", "gdcli"}
    foreign = set().union(*(roots(path) for path in PACKAGE.rglob("*.py"))) - own
    owners = packages_distributions()
    # fsspec loads what knows a scheme by itself.
    distributions = {owners[name][0].lower() for name in foreign} | {"s3fs"}
    assert distributions == declared(PROJECT["dependencies"]).union(*map(declared, extras().values()))


def requirements() -> list[str]:
    """All that is declared: to build, to run, and for each extra, but for gdcli itself."""
    groups = [BUILD["requires"], PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [line for group in groups for line in group if not line.startswith("gdcli[")]


def test_every_requirement_has_a_lower_bound_and_no_upper() -> None:
    for line in requirements():
        name, _, marker = line.partition(";")
        assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?>=[\d.]+", name.strip()), line
        assert "<" not in marker, line


@pytest.mark.skipif(not LOWEST.exists(), reason="not a checkout")
def test_the_script_of_the_lowest_versions_installs_the_bound_of_every_requirement() -> None:
    program = LOWEST.read_text(encoding="utf-8").partition("<<'PROGRAM'\n")[2].partition("\nPROGRAM\n")[0]
    done = subprocess.run(
        [sys.executable, "-", "pyproject.toml"], input=program, capture_output=True, text=True, check=True, cwd=ROOT
    )
    installed = done.stdout.splitlines()
    assert sorted(installed) == sorted({line.replace(">=", "==", 1) for line in requirements()})
    names = [re.split("==", line)[0] for line in installed]
    assert len(set(names)) == len(names)


def test_the_extras_are_never_needed_by_a_plain_command(apart: tuple[Path, dict[str, str]]) -> None:
    """What an extra brings may be absent: each command of the base runs where importing it fails."""
    names = {name for lines in extras().values() for name in declared(lines)}
    program = (
        f"import sys\nfor name in {sorted(names)!r}: sys.modules[name] = None\nfrom gdcli.__main__ import main\nmain()"
    )
    for command in ("grad x^2", "descend line -q", "descend iris3 --steps 3 -q", "rate line --steps 20 --seeds 2"):
        done = python(apart, "-c", program, *command.split())
        assert (done.returncode, done.stderr) == (0, ""), command


def tracked(*folders: str) -> set[str]:
    """The files under version control in these folders of a checkout."""
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", *folders], capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a checkout")
    return set(done.stdout.split("\0")) - {""}


def built(tmp_path: Path, kind: str) -> Path:
    """The one file that building a copy of the tracked files makes; a cache lies among them, as on any desk."""
    source, target = tmp_path / "source", tmp_path / "target"
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    (source / "gdcli" / "__pycache__").mkdir()
    (source / "gdcli" / "__pycache__" / "stray.pyc").touch()
    program = f"import sys; from hatchling.build import build_{kind}; build_{kind}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = target.iterdir()
    return made


def test_the_files_of_the_wheel(tmp_path: Path) -> None:
    """The package, the bundled problems, the manual page and the metadata: no tests, caches or notes."""
    wheel = built(tmp_path, "wheel")
    names = set(zipfile.ZipFile(wheel).namelist())
    info, shared = (f"gdcli-{gdcli.__version__}.{kind}" for kind in ("dist-info", "data"))
    expected = tracked("gdcli") | {f"gdcli/{name}" for name in tracked("sample_problems")}
    metadata = {f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    assert names == expected | metadata | {f"{shared}/data/share/man/man1/gdcli.1"}
    assert wheel.stat().st_size < 2**21


def test_the_files_of_the_source_distribution(tmp_path: Path) -> None:
    """What is under version control, so that the tests run from it, too, but for the pictures of the README."""
    with tarfile.open(built(tmp_path, "sdist")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {name for name in tracked() if not name.startswith(".pictures/")} | {"PKG-INFO"}
