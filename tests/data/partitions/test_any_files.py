"""Whatever files there are: apart they are read as together, or refused in the same words."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.data.dataset import Dataset
from gdcli.data.partitions import reading
from gdcli.data.partitions.digest import digest, distinct
from gdcli.data.partitions.load import Rows
from gdcli.data.partitions.portions import portions
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.errors import GdcliError
from tests.oracles.here import Here
from tests.oracles.holders import Holders

KINDS = {
    "numbers": st.floats(-1e3, 1e3, allow_subnormal=False).map(repr),
    "few numbers": st.sampled_from(["3", "5", "5.0"]),
    "one number": st.just("7"),
    "texts": st.sampled_from(["a", "b", "c c"]),
    "one text": st.just("only"),
    "many texts": st.integers(0, 99).map("t{}".format),
    "both": st.sampled_from(["1", "2", "a", "b"]),
    "wrong": st.sampled_from(["1", "2", "3", "x", "", "5%"]),
}
NAMES = ("a", "b", "y", "c d")


@st.composite
def files(draw: st.DrawFn) -> list[str]:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=3))
    names = draw(st.permutations(NAMES))[: len(kinds)]
    header = draw(st.integers(0, 4)) > 0
    texts = []
    for _ in range(draw(st.integers(1, 3))):
        rows = draw(st.lists(st.tuples(*(KINDS[kind] for kind in kinds)), max_size=12))
        first = [names if draw(st.integers(0, 9)) else names[::-1]] if header else []
        texts.append("".join(",".join(cells) + "\n" for cells in (*first, *rows)))
    return texts


def outcome(work: Callable[[], Dataset]) -> Dataset | tuple[type, str, str | None]:
    try:
        return work()
    except GdcliError as error:
        return type(error), str(error), error.hint


def rows(found: Dataset) -> list[Rows]:
    assert found.apart is not None
    assert isinstance(found.apart.parts, Here)
    return found.apart.parts.parts


@settings(max_examples=60)
@given(files(), st.sampled_from([None, "1", "y", "2"]), st.sampled_from([None, ["1"], ["2", "1"], ["b"]]))
def test_apart_as_together(texts: list[str], target: str | None, features: list[str] | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.csv").write_text(text)
        source = f"{folder}/*.csv"
        together = outcome(lambda: read(source, target=target, features=features))
        apart = outcome(lambda: reading.read(Holders(), source, target, features, UNWATCHED))
    if isinstance(together, tuple) or isinstance(apart, tuple):
        assert apart == together
        return
    for name in ("columns", "target", "labels", "origin", "choices", "reading"):
        assert getattr(apart, name) == getattr(together, name), name
    parts = rows(apart)
    assert np.vstack([part.X for part in parts]).tobytes() == together.X.tobytes()
    assert np.concatenate([part.y for part in parts]).tobytes() == together.y.tobytes()


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=20), st.integers(2, 5))
def test_a_few_values_hold_the_extremes(values: list[int], most: int) -> None:
    different = sorted(set(values))
    found = distinct(np.array(values, dtype=np.float64), most).tolist()
    assert found == sorted(set(found) & set(different))
    assert len(found) == min(most, len(different))
    assert (found[0], found[-1]) == (different[0], different[-1])


@pytest.mark.parametrize("rows", [100, 20_000])
def test_a_digest_is_small_whatever_the_file(rows: int, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,c,y\n" + "".join(f"{i},t{i % 40},{i % 7}\n" for i in range(rows)))
    found = digest(str(file), None, None, frozenset())
    assert found.rows == rows
    assert len(pickle.dumps(found)) < 2000


@given(st.lists(st.integers(0, 50), min_size=1, max_size=5), st.integers(1, 3), st.integers(8, 200))
def test_portions_are_as_large_as_they_may_be(lengths: list[int], columns: int, size: int) -> None:
    cut = portions([(str(n), length) for n, length in enumerate(lengths)], columns, size)
    most = max(1, size // (8 * (columns + 1)))
    assert all(1 <= portion.rows <= most for portion in cut)
    assert all(portion.rows == most for portion in cut if portion.stop < lengths[int(portion.file)])
    assert [portion.first for portion in cut] == [sum(found.rows for found in cut[:n]) for n in range(len(cut))]
    assert sum(portion.rows for portion in cut) == sum(lengths)
