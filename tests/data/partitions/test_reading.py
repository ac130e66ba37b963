"""Files read apart are the data set that they are read together: the same columns, rows, choices and errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcli.data.dataset import Dataset
from gdcli.data.partitions import portions, reading, standard
from gdcli.data.partitions.load import Rows
from gdcli.data.partitions.portions import Locate
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.data.scaling import standardise, with_ones
from gdcli.errors import DataError, GdcliError
from tests.oracles.here import Here
from tests.oracles.holders import Holders

Told = Callable[..., object] | None


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of a few rows."""
    cut = portions.portions
    monkeypatch.setattr(reading, "portions", lambda files, columns: cut(files, columns, 7 * 8 * (columns + 1)))


def apart(source: str, target: str | None = None, features: Sequence[str] | None = None) -> Dataset:
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


def test_compressed_files_and_parquet_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(FILES["numbers"][0].encode()))
    check(apart(str(tmp_path / "a.csv.gz")), read(str(tmp_path / "a.csv.gz")))
    polars = pytest.importorskip("polars")
    for number in range(3):
        frame = polars.DataFrame({"a": [1.5, 2.5] * 5, "c": ["x", "yz"[number % 2]] * 5, "y": list(range(10))})
        frame.write_parquet(tmp_path / f"{number}.parquet")
    source = str(tmp_path / "*.parquet")
    check(apart(source), read(source))


WRONG: dict[str, tuple[str, ...]] = {
    "not a number": ("a,y\n1,2\n2,3\n", "a,y\n1,2\n2,3\nx,3\n"),
    "an empty cell": ("a,y\n1,2\n2,3\n", "a,y\n1,\n2,3\n"),
    "another header": ("a,y\n1,2\n2,3\n", "b,y\n1,2\n2,3\n"),
    "another width": ("a,y\n1,2\n2,3\n", "a,b,y\n1,2,3\n2,3,4\n"),
    "no rows": ("a,y\n",),
    "one class": ("a,y\n1,no\n2,no\n", "a,y\n1,no\n"),
    "ids": ("c,a,y\n" + "".join(f"t{i},1,{i}\n" for i in range(4)), "c,a,y\nu0,1,2\nu1,1,2\n"),
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
    with pytest.raises(GdcliError) as together:
        read(source)
    with pytest.raises(type(together.value)) as found:
        apart(source)
    assert str(found.value) == str(together.value)
    assert found.value.hint == together.value.hint


def test_a_column_of_numbers_here_and_text_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "0.csv").write_text("a,y\n1,2\n2,3\n")
    (tmp_path / "1.csv").write_text("a,y\nx,2\nz,3\nx,3\n")
    with pytest.raises(DataError, match=r"1\.csv.*this column holds text, and numbers in"):
        apart(str(tmp_path / "*.csv"))


def test_a_file_that_changes_or_goes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, "several")
    file = tmp_path / "1.csv"
    for change in (lambda: file.write_text("a,b,y\n7,8,9\n7,8,10\n"), file.unlink):
        file.write_text(FILES["several"][1])
        changed = Meanwhile(change)
        with pytest.raises(DataError) as error:
            reading.read(changed, source, None, None, UNWATCHED)
        assert "1.csv" in str(error.value)
        assert error.value.hint


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


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("ones", [True, False])
def test_standardised_parts_are_the_standardised_whole(centre: bool, ones: bool) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 9)) * [1, 1e9, 1e-9, 1e300, 1e-300, 0, 1, 1, 1] + [0, 1e12, 1, 0, 0, 7, 1e9, 0, -3]
    X[:, 7] = 0.0
    whole, scaling = standardise(X, centre, ones)
    parts = Here([Rows(X[a : a + 37], X[a : a + 37, 0]) for a in range(0, 200, 37)])
    found = standard.standardised(parts, centre, ones)
    np.testing.assert_allclose(np.vstack([part.X for part in parts.parts]), whole, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(found.mean, scaling.mean, rtol=1e-14)
    np.testing.assert_allclose(found.scale, scaling.scale, rtol=1e-13)
    assert found.constant == scaling.constant
    if ones:
        bare = Here([Rows(part.X, part.y) for part in (Rows(X, X[:, 0]),)])
        standard.with_ones(bare)
        assert bare.parts[0].X.tobytes() == with_ones(X).tobytes()


def test_the_description_has_no_rows(tmp_path: Path) -> None:
    found = apart(written(tmp_path, "several"))
    assert found.X.shape == (0, 2)
    assert found.y.shape == (0,)
    assert replace(found, apart=None).origin.rows == 23
