"""Tables written in any dialect come back exactly, and the fast pass agrees with the careful one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdcli.data.numbers import number
from gdcli.data.readers import read
from gdcli.data.readers._careful import First, records, rectangular
from gdcli.data.readers._fast import matrix

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TABLES = st.tuples(st.integers(1, 8), st.integers(2, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=FLOATS)
)


@given(
    TABLES,
    st.booleans(),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_numbers_come_back_exactly(
    values: np.ndarray, header: bool, delimiter: str, newline: str, quoting: int, encoding: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    if header:
        writer.writerow([f"c{j}" for j in range(values.shape[1])])
    writer.writerows(values.tolist())
    data = read("-", stdin=io.BytesIO(stream.getvalue().encode(encoding)))
    assert np.column_stack([data.X, data.y]).tobytes() == values.tobytes()
    assert data.origin.header == header


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6).map(lambda word: "w" + word)


@given(
    st.lists(st.tuples(WORDS, FLOATS), min_size=2, max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_text_comes_back_as_its_levels(rows: list[tuple[str, float]], delimiter: str, newline: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["word", "number", "y"])
    writer.writerows([word, number, number] for word, number in rows)
    data = read("-", stdin=io.BytesIO(stream.getvalue().encode()))
    levels = sorted({word for word, _ in rows})
    assert data.columns == (*(f"word={level}" for level in levels[1:]), "number")
    for i, (word, value) in enumerate(rows):
        assert data.X[i].tolist() == [float(word == level) for level in levels[1:]] + [value]


CELLS = st.one_of(
    FLOATS.map(repr), st.sampled_from(["", " ", "x", "1_0", "nan", "0x1", "1e999", " 7 ", '"3"', "\x1c1", "#"])
)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=5),
    st.sampled_from([",", ";", " "]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)
def test_what_the_fast_pass_accepts_the_careful_one_reads_alike(
    rows: list[list[str]], delimiter: str, newline: str
) -> None:
    body = newline.join(delimiter.join(row) for row in rows)
    fast = matrix(body, delimiter, len(rows[0]))
    if fast is not None:
        first = First(1, len(rows[0]), False)
        _, careful = rectangular(records(body, 0, 0, delimiter, "test"), first, 0, "test")
        assert [[number(cell) for cell in record] for record in careful] == fast.tolist()


@pytest.mark.parametrize("odd", [False, True])
def test_a_larger_file_agrees_with_pandas(tmp_path: Path, odd: bool) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(3000, 4)), columns=["a", "b", "c", "y"])
    if odd:
        frame.insert(1, "kind", rng.choice(["u", "v", "w"], size=3000))
    path = tmp_path / "frame.csv"
    frame.to_csv(path, index=False)
    data = read(str(path))
    truth = pd.get_dummies(frame.drop(columns="y"), drop_first=True, prefix_sep="=", dtype=float)
    np.testing.assert_array_equal(data.X, truth[list(data.columns)].to_numpy())
    np.testing.assert_array_equal(data.y, frame["y"].to_numpy())
