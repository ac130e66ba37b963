"""Files read apart are the data set that they are read together: the same columns, rows, choices and errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcli.data import readers
from gdcli.data import source as sources
from gdcli.data.dataset import Dataset
from gdcli.data.partitions import opened, portions, reading
from gdcli.data.partitions.load import Rows
from gdcli.data.partitions.opened import Features
from gdcli.data.partitions.portions import Locate
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.data.selection import Header
from gdcli.errors import DataError, GdcliError
from tests.oracles.here import Here
from tests.oracles.holders import Holders

Told = Callable[..., object] | None


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of a few rows."""
    cut = portions.portions
    monkeypatch.setattr(reading, "portions", lambda files, columns: cut(files, columns, 7 * 8 * (columns + 1)))


def apart(source: str, target: str | None = None, features: Features = None) -> Dataset:
    return reading.read(Holders(), source, target, features, UNWATCHED)


def rows(found: Dataset) -> list[Rows]:
    assert found.apart is not None
    assert isinstance(found.apart.parts, Here)
    return found.apart.parts.parts


FILES: dict[str, tuple[str, ...]] = {
    "numbers": ("a,b,y\n" + "".join(f"{i},{i * i},{i / 3}\n" for i in range(30)),),
    "several": ("a,b,y\n1,2,3\n4,5.5,6\n", "a,b,y\n" + "7,8,9\n" * 20, "a,b,y\n1e300,-2,0\n"),
    "no header": ("1,2,3\n4,5,6\n", "7,8,9\n1,1,1\n"),
    "levels in some": ("c,a,y\nred,1,2\nblue,2,3\n", "c,a,y\ngreen,1,2\nred,5,6\n" * 1, "c,a,y\nblue,1,2\n"),
    "one level": ("c,a,y\nred,1,2\nred,2,3\n", "c,a,y\nred,1,2\n"),
    "classes": ("a,y\n1,no\n2,yes\n", "a,y\n3,maybe\n4,no\n"),
    "two classes, one a file": ("a,y\n1,no\n2,no\n", "a,y\n3,yes\n4,yes\n"),
    "two numbers": ("a,y\n1,3\n2,5\n", "a,y\n3,5\n4,3\n"),
    "two numbers, one a file": ("a,y\n1,3\n2,3\n", "a,y\n3,5\n4,5\n"),
    "constant target": ("a,y\n1,3\n2,3\n", "a,y\n3,3\n"),
    "constant column": ("a,b,y\n1,5,3\n2,5,4\n", "a,b,y\n3,5,3\n"),
    "one without rows": ("c,a,y\nred,1,2\nblue,2,4\n", "c,a,y\n", "c,a,y\nred,1,2\n"),
    "quoted": ('"a","b ""x""",y\n"1",2,3\n', '"a","b ""x""",y\n4,"5",6\n'),
    "semicolons": ("a;b;y\n1;2;3\n2;3;4\n", "a;b;y\n1;2;4\n"),
    "numbers in one, texts in another": ("c,y\n1,2\n2.0,3\n", "c,y\nx,2\nz,3\nx,3\n"),
    "numbers in one, classes in another": ("a,y\n1,0\n2,1\n", "a,y\n1,no\n2,yes\n3,no\n"),
    "wrong by itself, texts together": ("c,y\nx,2\n1,3\n2,3\n", "c,y\nx,2\nz,3\nu,1\nx,3\n"),
    "distinct texts": ("c,a,y\n" + "".join(f"t{i},1,{i}\n" for i in range(4)), "c,a,y\nt0,1,2\n"),
}


def written(folder: Path, name: str) -> str:
    for number, text in enumerate(FILES[name]):
        (folder / f"{number}.csv").write_text(text)
    return str(folder / "*.csv") if len(FILES[name]) > 1 else str(folder / "0.csv")


def check(found: Dataset, whole: Dataset) -> None:
    for name in ("columns", "target", "labels", "origin", "choices", "reading"):
        assert getattr(found, name) == getattr(whole, name), name
    parts = rows(found)
    assert np.vstack([part.X for part in parts]).tobytes() == whole.X.tobytes()
    assert np.concatenate([part.y for part in parts]).tobytes() == whole.y.tobytes()
    assert [part.first for part in parts] == np.cumsum([0, *(len(part.y) for part in parts[:-1])]).tolist()
    assert all(len(part.y) <= 7 for part in parts)
    assert all(part.X.flags.c_contiguous for part in parts)
    assert found.apart is not None
    values = np.unique(whole.y)
    few = np.unique(found.apart.sample)
    assert few.tolist() == values.tolist() if len(values) <= 5 else {values[0], values[-1]} < set(few.tolist())


@pytest.mark.parametrize("name", FILES)
def test_files_are_what_they_are_together(name: str, tmp_path: Path) -> None:
    source = written(tmp_path, name)
    check(apart(source), read(source))


def test_columns_are_chosen_by_name_number_and_range(tmp_path: Path) -> None:
    source = written(tmp_path, "several")
    for target, features in (("a", None), (None, ["b"]), ("1", ["2-3"]), ("b", ["y", "a"])):
        check(apart(source, target, features), read(source, target=target, features=features))


@dataclass
class Odd:
    """Chooses every other column; remembers what it saw, and cannot be hashed."""

    seen: list[str] = field(default_factory=list)

    def __call__(self, header: Header) -> list[int]:
        self.seen[:] = header.names
        return [j for j in range(0, len(header.names), 2) if j != header.target]


def test_columns_are_chosen_by_a_function(tmp_path: Path) -> None:
    source = written(tmp_path, "levels in some")
    check(apart(source, None, Odd()), read(source, features=Odd()))
    assert apart(source, None, Odd()).columns == ("c=green", "c=red")


def test_compressed_files_and_parquet_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(FILES["numbers"][0].encode()))
    check(apart(str(tmp_path / "a.csv.gz")), read(str(tmp_path / "a.csv.gz")))
    polars = pytest.importorskip("polars")
    for number in range(3):
        frame = polars.DataFrame({"a": [1.5, 2.5] * 5, "c": ["x", "yz"[number % 2]] * 5, "y": list(range(10))})
        frame.write_parquet(tmp_path / f"{number}.parquet")
    source = str(tmp_path / "*.parquet")
    check(apart(source), read(source))


def test_large_files_come_from_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sources, "LARGE", 1)
    for name in ("several", "levels in some", "numbers in one, texts in another", "quoted"):
        folder = tmp_path / name
        folder.mkdir()
        source = written(folder, name)
        check(apart(source), read(source))
        (folder / "0.csv").touch()
        check(apart(source), read(source))


def test_a_file_is_read_once_for_all_its_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, "numbers")
    reads = []
    table_of = readers.table_of

    def counted(*args: Any, **options: Any) -> Any:
        reads.append(args)
        return table_of(*args, **options)

    monkeypatch.setattr(opened, "table_of", counted)
    assert len(rows(apart(source))) == 5
    assert len(reads) == 1


def test_a_file_that_was_written_since_is_read_anew(tmp_path: Path) -> None:
    # By the very process that read it before: the workers of a cluster outlive a run.
    source = written(tmp_path, "numbers")
    check(apart(source), read(source))
    (tmp_path / "0.csv").write_text(FILES["numbers"][0].replace("\n1,", "\n9,"))
    check(apart(source), read(source))


TEXTS = "red,no\nblue,yes\n" * 2_000
WRONG: dict[str, tuple[str, ...]] = {
    "a header among texts": (f"c,y\n{TEXTS}c,y\nred,no\n", f"c,y\n{TEXTS}"),
    "a header among texts of the last": (f"c,y\n{TEXTS}", f"c,y\n{TEXTS}c,y\nred,no\n"),
    "not a number": ("a,y\n1,2\n2,3\n", "a,y\n1,2\n2,3\nx,3\n"),
    "an empty cell": ("a,y\n1,2\n2,3\n", "a,y\n1,\n2,3\n"),
    "another header": ("a,y\n1,2\n2,3\n", "b,y\n1,2\n2,3\n"),
    "another width": ("a,y\n1,2\n2,3\n", "a,b,y\n1,2,3\n2,3,4\n"),
    "no rows": ("a,y\n",),
    "one class": ("a,y\n1,no\n2,no\n", "a,y\n1,no\n"),
    "ids": ("c,a,y\n" + "".join(f"t{i},1,{i}\n" for i in range(4)), "c,a,y\nu0,1,2\nu1,1,2\n"),
    "another target": ("a,y\n1,2\n", "a,b\n1,2\n"),
    "texts in one, mostly numbers": ("a,y\n1,2\n2,3\n3,4\n", "a,y\nx,3\nz,4\n1,1\n"),
    "gaps in several": ("a,y\n,2\n2,3\n3,4\n", "a,y\n1,3\nNA,4\n,1\n"),
    "a gap among texts": ("c,y\nx,2\nz,3\n", "c,y\nx,3\n,4\n"),
    "a gap among texts and numbers": ("c,y\n1,2\n", "c,y\nx,3\n,4\nu,2\nw,2\n"),
    "the header again": ("a,y\n1,2\n2,3\n", "a,y\n1,2\na,y\n2,3\n"),
    "a short line": ("a,y\n1,2\n2,3\n", "a,y\n1,2\n2\n"),
    "a wrong cell, and another header": ("a,y\n1,2\nx,3\n3,4\n", "b,y\n1,2\n"),
    "a wrong feature, and one class": ("a,y\n1,no\n2,no\n3,no\nx,no\n", "a,y\n1,no\n"),
    "many levels, few a file": tuple(
        "c,y\n" + "".join(f"t{i},1\n" * 2 for i in range(first, first + 30)) for first in (0, 30)
    ),
    "many levels": ("c,a,y\n" + "".join(f"t{i},1,{i}\n" for i in range(60)) + "t1,2,3\n",),
    "many classes": (
        "a,y\n" + "".join(f"1,t{i}\n" for i in range(15)),
        "a,y\n" + "".join(f"1,u{i}\n" for i in range(9)),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_errors_are_those_of_all_files_together(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, name, WRONG[name])
    source = written(tmp_path, name)
    for target in (None, "y"):
        with pytest.raises(GdcliError) as together:
            read(source, target=target)
        with pytest.raises(type(together.value)) as found:
            apart(source, target)
        assert str(found.value) == str(together.value)
        assert found.value.hint == together.value.hint


@pytest.mark.parametrize("target", ["y", "c"])
def test_a_column_of_more_texts_than_are_kept_is_refused_by_its_file(target: str, tmp_path: Path) -> None:
    for number, prefix in enumerate(("", "t", "u")):
        (tmp_path / f"{number}.csv").write_text("c,y\n" + "".join(f"{prefix}{i},{i % 3}\n" for i in range(1500)) * 2)
    what = "this target has 1500 different texts" if target == "c" else "this text column has 1500 different values"
    with pytest.raises(DataError, match=what):
        apart(str(tmp_path / "*.csv"), target)


def _rewritten(file: Path) -> None:
    file.write_text("a,b,y\n7,8,9\n7,8,10\n")


def _another_header(file: Path) -> None:
    file.write_text("a,y\n7,9\n")


def _cut_off(file: Path) -> None:
    file.write_text(FILES["several"][1][:-3])


@pytest.mark.parametrize("change", [_rewritten, _another_header, _cut_off, Path.unlink])
def test_a_file_that_changes_or_goes_is_told(change: Callable[[Path], object], tmp_path: Path) -> None:
    source = written(tmp_path, "several")
    file = tmp_path / "1.csv"
    with pytest.raises(DataError, match=r"changed while it was read|could be read a moment ago, and now: ") as error:
        reading.read(Meanwhile(lambda: change(file)), source, None, None, UNWATCHED)
    assert error.value.file == str(file)
    assert "before the run has ended" in str(error.value.hint)


class Meanwhile(Holders):
    """Something happens between the first look at the files and their reading."""

    def __init__(self, change: Callable[[], object]) -> None:
        self._change: Callable[[], object] | None = change
        self._spread = 0

    def spread(
        self, parts: Sequence[object], sizes: Sequence[int], progress: Callable[..., object] | None = None
    ) -> Here:
        self._spread += 1
        if self._spread == 2 and self._change is not None:
            self._change()
        return super().spread(parts, sizes)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_rows_are_found_where_they_lie(sizes: list[int], data: st.DataObject) -> None:
    cut = portions.portions([(f"{n}", size) for n, size in enumerate(sizes)], 1, 2 * 8 * 3)
    whole = [(part.file, row) for part in cut for row in range(part.start, part.stop)]
    assert whole == [(f"{n}", row) for n, size in enumerate(sizes) for row in range(size)]
    asked = np.array(data.draw(st.lists(st.integers(0, sum(sizes) - 1), min_size=1, max_size=20)))
    found = Locate.of(cut)(asked)
    back = sorted(cut[part].first + int(row) for part, numbers in found.items() for row in numbers)
    assert back == sorted(asked.tolist())
    for part, numbers in found.items():
        mine = range(cut[part].first, cut[part].first + cut[part].rows)
        assert (cut[part].first + numbers).tolist() == [row for row in asked.tolist() if row in mine]


def test_the_description_has_no_rows(tmp_path: Path) -> None:
    found = apart(written(tmp_path, "several"))
    assert found.X.shape == (0, 2)
    assert found.y.shape == (0,)
    assert replace(found, apart=None).origin.rows == 23
