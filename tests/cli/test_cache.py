"""`gdcli cache`: shows what is kept, bounds it, clears it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gdcli.data import ondemand, store
from gdcli.data import source as sources
from gdcli.data.readers import read
from gdcli.data.recipe import Generator
from gdcli.data.store import place
from gdcli.render.text.cache import size
from tests.cli.inprocess import run


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two files in the cache, the first of them used an hour later."""
    monkeypatch.setattr(sources, "LARGE", 1)
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    paths = [tmp_path / "one.csv", tmp_path / "t\x1bwo.csv"]
    for path in paths:
        path.write_text("a,b,y\n" + "1,2,3\n4,5,6\n" * 500)
        read(str(path))
    store.settle()
    for entry in place.entries():
        used = 1e9 + 3600 * (entry.manifest.path == str(paths[0]))
        os.utime(entry.file, (used, used))
    return paths


def test_text(kept: list[Path], tmp_path: Path) -> None:
    code, out, err = run("cache")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"cache {tmp_path / 'cache'}",
        "kept: 2 tables, 48.5 kB of at most 10 GB",
        "",
        "     size         rows  columns  last used             file",
        f"  24.3 kB         1000        3  2001-09-09T02:46:40Z  {kept[0]}",
        f"  24.3 kB         1000        3  2001-09-09T01:46:40Z  {tmp_path}/t\\x1bwo.csv",
    ]


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_json(format: str, kept: list[Path], tmp_path: Path) -> None:
    code, out, _ = run("cache", "--format", format)
    report = json.loads(out)
    assert code == 0
    assert report["folder"] == str(tmp_path / "cache")
    assert (report["bytes"], report["limit"], report["removed"]) == (48_512, 10**10, 0)
    assert report["tables"][0] == {
        "file": str(kept[0]),
        "rows": 1000,
        "columns": 3,
        "bytes": 24_256,
        "used": "2001-09-09T02:46:40Z",
    }


def test_a_limit_holds_at_once_and_later(kept: list[Path]) -> None:
    code, out, _ = run("cache", "--limit", "30kB")
    assert code == 0
    assert "removed: 1 table\n" in out
    assert "kept: 1 table, 24.3 kB of at most 30 kB" in out
    assert str(kept[0]) in out
    read(str(kept[1]))
    store.settle()
    assert [table["file"] for table in json.loads(run("cache", "--json")[1])["tables"]] == [str(kept[1])]


def test_clear(kept: list[Path], tmp_path: Path) -> None:
    ondemand.file("small", Generator("logistic", 1, {"rows": 20, "features": 2}))
    assert "bundled problems made on demand: " in run("cache")[1]
    code, out, _ = run("cache", "clear")
    assert code == 0
    assert out.splitlines()[1:] == ["removed: 2 tables", "kept: 0 tables, 0 B of at most 10 GB"]
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []
    assert run("cache", "clear")[0] == 0


def test_clearing_leaves_foreign_files_alone(kept: list[Path], tmp_path: Path) -> None:
    foreign = [tmp_path / "cache" / name for name in ("mine.npy", "tables/mine.txt", "problems/mine/a.csv")]
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    run("cache", "clear")
    assert all(path.read_text() == "mine" for path in foreign)


def test_an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "none"))
    code, out, _ = run("cache")
    assert code == 0
    assert out == f"cache {tmp_path / 'none'}\nkept: 0 tables, 0 B of at most 10 GB\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["", "much", "-1", "1 parsec", "1e3", "9" * 20])
def test_sizes_that_are_none(text: str, kept: list[Path]) -> None:
    code, out, err = run("cache", f"--limit={text}")
    assert (code, out) == (2, "")
    assert "is no size" in err
    assert "20GB" in err
    assert len(place.entries()) == 2


@pytest.mark.parametrize(
    ("text", "size"), [("0", 0), ("1.5kB", 1500), ("2 KiB", 2048), ("3MiB", 3 << 20), ("20gb", 20 * 10**9), ("7b", 7)]
)
def test_sizes(text: str, size: int, kept: list[Path]) -> None:
    assert run("cache", "--limit", text)[0] == 0
    assert place.limit() == size


def test_mistakes(kept: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("cache", "clean")
    assert code == 2
    assert 'there is no action "clean"' in err
    code, _, err = run("cache", "clear", "--limit", "1GB")
    assert code == 2
    assert "clear and --limit do not go together" in err
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "file"))
    code, _, err = run("cache", "--limit", "1GB")
    assert code == 2
    assert "the limit cannot be kept in" in err


def test_what_cannot_be_removed_is_said(kept: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_unlink", lambda _: None)
    code, _, err = run("cache", "clear")
    assert code == 2
    assert "can be removed" in err


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_999, "1 MB"), (160_000_256, "160 MB"), (10**16, "1e+04 TB")],
)
def test_bytes_in_words(count: int, text: str) -> None:
    assert size(count) == text
