"""Large delimited text read in pieces: the same table, bit for bit, or the same error as from the whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.data import source as sources
from gdcli.data import store
from gdcli.data.assemble import assemble
from gdcli.data.blocks import Scan
from gdcli.data.dataset import Dataset
from gdcli.data.readers import _aside, _fast, _stream, read
from gdcli.data.readers import csv as reader
from gdcli.data.source import Source
from gdcli.data.table import Table
from gdcli.errors import DataError, GdcliError
from tests.data.readers.test_refusals import BYTES, TEXT

PARSERS = {"polars": _fast.by_polars, "numpy": _fast.by_numpy}


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], str]:
    """Write bytes to a file that is large enough to be read in pieces."""
    monkeypatch.setattr(sources, "LARGE", 1)
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))

    def write(raw: bytes) -> str:
        (tmp_path / "data.csv").write_bytes(raw)
        return str(tmp_path / "data.csv")

    return write


def whole(raw: bytes) -> Table:
    table = reader.read(Source("data", None, raw, len(raw), ""))
    assert isinstance(table, Table)
    return table


def pieces(raw: bytes, size: int) -> Table | None:
    """Read `raw` in pieces of `size` bytes, as a large file is read."""
    source = Source("data", None, raw, len(raw), "")
    scan = _stream.scan(source, size)
    if not isinstance(scan, Scan):
        return None
    again = partial(_stream.again, size=size)
    return store.collect(source, scan, _aside(source, scan, None, None), "csv", again)[0]


def outcome(read: Callable[[], Table | None]) -> object:
    """What comes of a table: everything a Dataset holds, or everything an error says; None where it is not read."""
    try:
        table = read()
        data = None if table is None else assemble(table, "data", "")
    except GdcliError as error:
        return type(error).__mro__[-4:], error.message, error.hint, error.where
    return None if data is None else contents(data)


def contents(data: Dataset) -> object:
    origin = data.origin
    return (
        data.X.tobytes(),
        data.X.shape,
        data.y.tobytes(),
        data.columns,
        data.target,
        data.labels,
        data.choices,
        (origin.rows, origin.header, origin.delimiter),
    )


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.one_of(FLOATS.map(repr), FLOATS.map("{:.17e}".format), st.integers(-(10**25), 10**25).map(str))
ODD = ["", " ", "x", "1_0", "nan", "inf", "0x1", "1e999", " 7 ", "7 ", '"3"', "\x1c1", "#", '"a\nb"', '"x', 'y"', "1\r"]
WORDS = st.sampled_from(["red", "blue", " red", "red ", "grün", '"red"', '"a,b"', "NA", "1"])
COLUMNS = st.sampled_from(
    [NUMBERS, NUMBERS, NUMBERS, WORDS, st.one_of(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(ODD))]
)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Tables with here and there something odd: in one column or another, a line too short, a blank line."""
    columns = draw(st.lists(COLUMNS, min_size=2, max_size=4))
    delimiter, newline = draw(st.sampled_from([",", ";", "\t", "|", " "])), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    rows = [[draw(column) for column in columns] for _ in range(draw(st.integers(1, 12)))]
    lines = [delimiter.join(row) for row in rows]
    if draw(st.booleans()):
        lines.insert(0, delimiter.join(f"c{j}" for j in range(len(columns))))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
        odd = draw(st.sampled_from(["", "  ", "1", delimiter.join("123456"), delimiter, "\0", "# no"]))
        lines.insert(draw(st.integers(0, len(lines))), odd)
    return (newline.join(lines) + draw(st.sampled_from(["", newline, newline * 2]))).encode()


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=400, deadline=None)
@given(raw=texts(), size=st.sampled_from([1, 20, 100, 10_000]))
def test_pieces_come_to_what_the_whole_comes_to(parser: str, raw: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Polars never gets blanks as the delimiter.
        patch.setattr(_stream, "parser", lambda _, mark: PARSERS["numpy" if mark == " " else parser])
        found = outcome(lambda: pieces(raw, size))
    assert found is None or found == outcome(lambda: whole(raw))


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("rows", [99, 100, 250])
def test_texts_quotes_and_gaps_beyond_the_sample(parser: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each column turns odd in a way of its own after the first 100 records, from which its kind is guessed."""
    monkeypatch.setattr(_stream, "parser", lambda *_: PARSERS[parser])
    plain = [f"{i},{i / 7},w{i % 3},{i % 5}" for i in range(rows)]
    changes: list[Callable[[str], str]] = [
        lambda line: line,
        lambda line: line.replace("w", '"w') + '"',
        lambda line: line.replace(".", ",", 1),
        lambda line: line.rpartition(",")[0] + ",",
        lambda line: "oops" + line,
        lambda line: line.replace(",w", ",NA"),
        lambda line: '"' + line.replace(",", '\n",', 1),
        lambda line: line + "\n\n",
        lambda line: line + ",",
        lambda line: line[: line.rindex(",")],
        lambda line: line.replace(",w", ",w\x00"),
        lambda line: line.replace(",w", ',"w,'),
    ]
    for change in changes:
        lines = ["a,b,c,y", *plain[: rows // 2], change(plain[rows // 2]), *plain[rows // 2 + 1 :]]
        raw = "\n".join(lines).encode()
        expected = outcome(partial(whole, raw))
        for size in (50, 1000, 10**6):
            # A quote that opens in the first megabyte and does not close there leaves the file to be read whole.
            assert outcome(partial(pieces, raw, size)) in ([expected, None] if raw.count(b'"') == 1 else [expected])


@pytest.mark.parametrize(("text", "message", "line", "column"), TEXT, ids=[case[1][:40] for case in TEXT])
def test_a_large_file_is_refused_like_a_small_one(
    text: str, message: str, line: int | None, column: str | None, large: Callable[[bytes], str]
) -> None:
    path = large(text.encode() or b"\n")
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, line, column)
    assert caught.value.file == path
    assert caught.value.hint


@pytest.mark.parametrize(("raw", "message", "line"), BYTES, ids=[case[1] for case in BYTES])
def test_bad_bytes_in_a_large_file(raw: bytes, message: str, line: int | None, large: Callable[[bytes], str]) -> None:
    path = large(raw)
    with pytest.raises(DataError) as caught:
        read(path)
    assert (caught.value.message, caught.value.line) == (message, line)


@pytest.mark.parametrize(
    ("odd", "message", "column"),
    [
        ("oops,1,2", '"oops" is not a number, and this column holds numbers', '1 "a"'),
        ("1_0,1,2", '"1_0" looks like a number with underscores', '1 "a"'),
        ("1,1e400,2", '"1e400" looks like a number beyond the largest double, 1.8e308', '2 "b"'),
        ("1,nan,2", 'a missing cell, "nan"', '2 "b"'),
        ("1,,2", "an empty cell", '2 "b"'),
        ("1,2", "this line has 2 fields, line 1 has 3", None),
        ("1,2,3,4", "this line has 4 fields, line 1 has 3", None),
        ("1,\0,3", "a NUL byte in the text", None),
        ('1,"2"3,4', "text follows the closing quote of a field", None),
        ('1,"2,4', "a quoted field begins here and never ends", None),
        ("1,0x1F,3", '"0x1F" looks like a hexadecimal, octal or binary number', '2 "b"'),
        ('1,"1,5",3', '"1,5" looks like a decimal or thousands comma', '2 "b"'),
    ],
)
def test_the_line_is_named(
    odd: str, message: str, column: str | None, large: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_fast, "_WORTH_POLARS", 0)
    # The slow pass over many rows: once.
    line = 100_000 if odd.startswith("1,nan") else 3_000
    path = large(b"a,b,y\n" + b"1.25,-3e-5,7\n" * (line - 2) + odd.encode() + b"\n" + b"1,2,3\n" * 2_000)
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.message.startswith(message)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_unused_column_may_be_odd_in_a_large_file(large: Callable[[bytes], str]) -> None:
    rows = [f"{i},{'' if i % 2 else 'x'},{i / 3}" for i in range(300)]
    path = large(("a,junk,y\n" + "\n".join(rows)).encode())
    data = read(path, features=["a"])
    assert data.y.tolist() == [i / 3 for i in range(300)]
    with pytest.raises(DataError, match="an empty cell") as caught:
        read(path, features=["junk"])
    assert caught.value.line == 3


def test_more_levels_than_are_kept(large: Callable[[bytes], str]) -> None:
    rows = [f"name{i},{i},{i / 3}" for i in range(3000)]
    path = large(("id,a,y\n" + "\n".join(rows)).encode())
    assert read(path, features=["a"]).X.tolist() == [[i] for i in range(3000)]
    with pytest.raises(DataError, match="every row has a text of its own here"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_dialects(encoding: str, newline: str, quoting: int, large: Callable[[bytes], str]) -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(300, 3))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["ä", "b", "y"])
    writer.writerows(values.tolist())
    data = read(large(stream.getvalue().encode(encoding)))
    assert np.column_stack([data.X, data.y]).tobytes() == values.tobytes()
    assert data.columns == ("ä", "b")
