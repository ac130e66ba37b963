"""The file made on demand: made once, whole, in the cache, or in a temporary folder with a note."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from gdcli.data import ondemand, problems
from gdcli.data.folders import cache_folder
from gdcli.data.problems import Generator

SMALL = Generator("logistic", 1, {"rows": 20, "features": 2})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GDCLI_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_made_once_and_whole(cache: Path) -> None:
    path = ondemand.file("small", SMALL)
    assert path.is_relative_to(cache / "gdcli" / "problems")
    assert path.name == "small.csv"
    assert len(path.read_text().splitlines()) == 21
    os.utime(path, (1, 1))
    assert ondemand.file("small", SMALL) == path
    assert path.stat().st_mtime == 1, "the second call makes nothing"
    assert [other.name for other in path.parent.iterdir()] == ["small.csv"]


def test_another_seed_is_another_file(cache: Path) -> None:
    other = Generator("logistic", 2, SMALL.params)
    assert ondemand.file("small", SMALL) != ondemand.file("small", other)


def test_a_failure_leaves_no_half_file(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ondemand.generators, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        ondemand.file("small", SMALL)
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_an_unwritable_cache_falls_back_with_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file where the folder should be: not even root can make a folder in it.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "file" / "gdcli"))
    monkeypatch.setattr(ondemand.tempfile, "tempdir", str(tmp_path))
    notes: list[str] = []
    path = ondemand.file("small", SMALL, notes.append)
    assert len(path.read_text().splitlines()) == 21
    assert len(notes) == 1
    assert notes[0].startswith(f"the cache {tmp_path / 'file' / 'gdcli'}")
    assert notes[0].endswith("small is made for this run only")


def test_the_temporary_folder_goes_with_the_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    program = (
        "from gdcli.data import ondemand\nfrom gdcli.data.problems import Generator\n"
        "print(ondemand.file('small', Generator('logistic', 1, {'rows': 20, 'features': 2})))"
    )
    environment = {**os.environ, "GDCLI_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        (Unix, {}, "{home}/.cache/gdcli"),
        (Unix, {"XDG_CACHE_HOME": "relative"}, "{home}/.cache/gdcli"),
        (Unix, {"XDG_CACHE_HOME": "/c"}, "/c/gdcli"),
        (MacOS, {}, "{home}/Library/Caches/gdcli"),
        (Unix, {"GDCLI_CACHE_DIR": "/mine", "XDG_CACHE_HOME": "/c"}, "/mine"),
    ],
)
def test_the_cache_folder_by_system(
    system: type, variables: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    for variable in ("GDCLI_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in ({"HOME": str(tmp_path)} | variables).items():
        monkeypatch.setenv(variable, value)
    assert cache_folder() == Path(expected.format(home=tmp_path))


def test_without_a_home_there_is_no_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GDCLI_CACHE_DIR")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: "~/.cache/gdcli")
    with pytest.raises(RuntimeError, match="no home"):
        cache_folder()


def test_big_is_as_its_card_says() -> None:
    started = time.monotonic()
    path = problems.locate("big")
    assert time.monotonic() - started < 60
    with path.open(encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    card = problems.card("big")
    assert len(lines) == card.rows + 1
    assert lines[0].split(",") == [*(f"x{k}" for k in range(1, card.features + 1)), card.target]


def test_the_list_of_problems_loads_no_numpy() -> None:
    program = (
        "import sys\nfrom gdcli.data import problems\nproblems.listing()\nproblems.locate('line')\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
