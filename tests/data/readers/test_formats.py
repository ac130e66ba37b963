"""Files that are not delimited text: what is wrong with them is said with file, line or row, and column."""

from __future__ import annotations

import datetime
import gzip
import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import zstandard

from gdcli.data import source as sources
from gdcli.data.readers import _frames, read
from gdcli.errors import DataError, GdcliError
from tests.data.readers.test_exact import FORMATS, saved


def refused(raw: bytes, **options: object) -> DataError:
    with pytest.raises(DataError) as caught:
        read("-", stdin=io.BytesIO(raw), **options)  # type: ignore[arg-type]
    assert caught.value.hint
    return caught.value


def npy(array: object) -> bytes:
    return saved(lambda out: np.save(out, array, allow_pickle=True))  # type: ignore[arg-type]


def npz(**arrays: object) -> bytes:
    return saved(lambda out: np.savez(out, **arrays))  # type: ignore[arg-type]


def header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def parquet(**columns: object) -> bytes:
    return saved(pl.DataFrame(columns).write_parquet)


OBJECT = np.array([[{}, 1], [2, 3]], dtype=object)
CASES: list[tuple[bytes, str, int | None, str | None]] = [
    (b'{"a": 1, "y": 2}\n{"a": 1}\n', 'the key "y" of the first line is missing here', 2, None),
    (b'{"a": 1, "y": 2}\n\n{"a": 1, "y": 2, "z": 3}\n', 'the key "z" is not in the first line', 3, None),
    (b'{"a": 1, "y": 2}\n{"a": 1, "y": 2\n', "this line is not JSON: Expecting ',' delimiter", 2, None),
    (b'{"a": 1, "y": 2}\n[1, 2]\n', "this line is JSON, but no object", 2, None),
    (b'{"a": 1, "y": 2}\n{"a": 1, "a": 3, "y": 2}\n', 'this line is not JSON: the key "a" comes twice', 2, None),
    (b'{"a": 1, "y": 2}\n{"a": [1], "y": 2}\n', "a list where a number or a text is needed", 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": {}, "y": 2}\n', "an object where a number or a text is needed", 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": null, "y": 2}\n', "an empty cell", 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": NaN, "y": 2}\n', 'a missing cell, "NaN"', 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": 1e400, "y": 2}\n', '"1e400" looks like a number beyond', 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": "x", "y": 2}\n{"a": 2, "y": 2}\n', '"x" is not a number', 2, '1 "a"'),
    (b'{"a": 1, "y": 2}\n{"a": 1, "y": \xff}\n', "the byte 0xFF is not valid UTF-8", 2, None),
    (b'{"a": 1, "y": 2}\n\0\n', "a NUL byte in the text", 2, None),
    (b'{"a": 1, "y": 2}\n' + b"[" * 100_000 + b"\n", "this line is not JSON", 2, None),
    (b'{"a": 1,\n "y": 2}\n', "this looks like JSON, not like delimited text", 1, None),
    (b"1 1:0.5 3:2\n-1 2:4 2:5\n", "the index 2 comes twice", 2, None),
    (b"1 1:0.5 3:2\n-1 x:4\n", '"x:4" is no index:value pair of a whole number and a number', 2, None),
    (b"1 1:0.5 3:2\n\n# c\n-1 1:nan\n", '"1:nan" is no index:value pair', 4, None),
    (b"1 1:0.5\n-1 qid:3 1:2\n", '"qid:3" is no index:value pair', 2, None),
    (b"1 1:0.5\na 1:2\n", 'the label "a" is not a number', 2, None),
    (b"1 1:0.5\n1 -1:2\n", '"-1:2" is no index:value pair', 2, None),
    (b"1 1:0.5\n1 999999999:2\n", "2 rows and indices up to 999999999 would make a dense table of 16 GB", None, None),
    (npy(np.zeros(3)), "this NumPy array has 1 dimension, and a table has 2", None, None),
    (npy(np.zeros((2, 2, 2))), "this NumPy array has 3 dimensions, and a table has 2", None, None),
    (npy(np.zeros((3, 1))), "this NumPy array has 1 column", None, None),
    (npy(np.zeros((3, 0))), "this NumPy array has 0 columns", None, None),
    (npy(np.zeros((3, 2), complex)), "this NumPy array holds elements of the type complex128, not real", None, None),
    (npy(np.array([["a", "b"]])), "this NumPy array holds elements of the type <U1, not real numbers", None, None),
    (npy(OBJECT), "this NumPy array holds Python objects, not real numbers", None, None),
    (npy(np.array([[1.0, 2.0], [np.nan, 3.0]])), 'a missing cell, "nan" (row 2)', None, '1 "x1"'),
    (npy(np.array([[1.0, 2.0], [3.0, np.inf]])), '"inf" looks like an infinity (row 2)', None, '2 "y"'),
    (npy(np.zeros((3, 2)))[:-1], "this NumPy file has another length than its header says", None, None),
    (npy(np.zeros((3, 2))) + b"x", "this NumPy file has another length than its header says", None, None),
    (npy(np.zeros((3, 2), order="F"))[:-1], "this NumPy file has another length than its header says", None, None),
    (b"\x93NUMPY", "this NumPy file is damaged", None, None),
    (header("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2"), "this NumPy file is damaged", None, None),
    (header("__import__('os').system('false')"), "this NumPy file is damaged", None, None),
    (header("(" * 5000), "this NumPy file is damaged", None, None),
    (
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999, 2), }"),
        "this NumPy file has another length than its header says",
        None,
        None,
    ),
    (npz(X=np.zeros((3, 2)), y=np.zeros(2)), "these arrays make no table of two columns or more: rows of", None, None),
    (npz(a=np.zeros((3, 2)), b=np.zeros((3, 2))), "these arrays make no table: a (3, 2), b (3, 2)", None, None),
    (npz(a=np.zeros(3), b=np.array(["x"] * 3)), 'the array "b" holds <U1, not real numbers', None, None),
    (npz(a=OBJECT), 'the array "a" holds Python objects, not real numbers', None, None),
    (npz(a=np.zeros(3), y=np.array([1, np.nan, 2])), 'a missing cell, "nan" (row 2)', None, '2 "y"'),
    (FORMATS["npz of columns"][:-30], "this is a zip archive, not text", None, None),
    (parquet(a=[1.0, None, 2.0], y=[1, 2, 3]), "an empty cell (row 2)", None, '1 "a"'),
    (parquet(a=[1.0, 2.0, float("nan")], y=[1, 2, 3]), 'a missing cell, "nan" (row 3)', None, '1 "a"'),
    (parquet(a=["x", None, "x"], y=[1, 2, 3]), "an empty cell (row 2)", None, '1 "a"'),
    (
        parquet(a=[datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)], y=[1, 2]),
        '"2020-01-01" looks like a date (row 1)',
        None,
        '1 "a"',
    ),
    (parquet(a=[[1], [2]], y=[1, 2]), "this column holds List(Int64), neither numbers nor texts", None, '1 "a"'),
    (b"PAR1" + b"\xff" * 50 + b"PAR1", "this Parquet file is damaged", None, None),
    (FORMATS["parquet"][:200] + bytes(1000) + FORMATS["parquet"][1200:], "this Parquet file is damaged", None, None),
    (b"ARROW1\0\0" + b"\xff" * 50 + b"ARROW1", "this Arrow file is damaged", None, None),
    (FORMATS["arrow"][:-20], "this is an Arrow file, not text", None, None),
    (zstandard.compress(b"a,y\n1,2\n" * 100)[:-3], "the zstd data are truncated", None, None),
    (zstandard.compress(b"a,y\n1,2\n" * 100) + b"junk", "the zstd data are damaged", None, None),
    (gzip.compress(b"a,y\n1,2\n") + b"junk", "the gzip data are damaged", None, None),
    (zstandard.compress(zstandard.compress(b"a,y\n1,2\n")), "this is compressed with zstd, not text", None, None),
]


@pytest.mark.parametrize(
    ("raw", "message", "line", "column"), CASES, ids=[f"{i} {c[1][:30]}" for i, c in enumerate(CASES)]
)
def test_bad_files(raw: bytes, message: str, line: int | None, column: str | None) -> None:
    error = refused(raw)
    assert error.message.startswith(message)
    assert (error.line, error.column, error.file) == (line, column, "standard input")


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return Path.touch, (tmp_path / "boom",)  # type: ignore[return-value]

    bomb = np.array([[Bomb(), Bomb()]], dtype=object)
    refused(npy(bomb))
    refused(npz(a=bomb))
    refused(npy(np.zeros((1, 2)))[:118] + pickle.dumps(Bomb()))
    assert not (tmp_path / "boom").exists()


def test_a_sparse_row_is_filled_with_zeros() -> None:
    data = read("-", stdin=io.BytesIO(b"# made\n1 1:0.5 3:2 # c\n-1\n+1 3:-1 2:4\n"))
    assert data.columns == ("x1", "x2", "x3")
    assert data.X.tolist() == [[0.5, 0, 2], [0, 0, 0], [0, 4, -1]]
    assert data.y.tolist() == [1, -1, 1]
    assert read("-", stdin=io.BytesIO(b"1 0:0.5 2:2\n0 1:1\n")).columns == ("x0", "x1", "x2")


def test_json_numbers_are_read_by_their_text() -> None:
    raw = b'\xef\xbb\xbf{"a": 0.1, "b": true, "y": 12345678901234567890}\n{"y": 1e-400, "b": false, "a": -0.0}\n'
    data = read("-", stdin=io.BytesIO(raw))
    assert data.columns == ("a", "b=true")
    assert data.X.tobytes() == np.array([[0.1, 1.0], [-0.0, 0.0]]).tobytes()
    assert data.y.tolist() == [12345678901234567890.0, 0.0]


@pytest.mark.parametrize("raw", [FORMATS["parquet"], FORMATS["arrow"]], ids=["Parquet", "Arrow"])
def test_without_polars_the_extra_is_named(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_frames, "find_spec", lambda _: None)
    error = refused(raw)
    assert "file in the" in error.message
    assert 'pip install "gdcli[fast]"' in str(error.hint)


def test_without_zstandard_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    error = refused(FORMATS["csv.zst"])
    assert error.message == "this is compressed with zstd"
    assert 'pip install "gdcli[zstd]"' in str(error.hint)


def rows(raw: bytes) -> int:
    """How many rows come of `raw`; 0 for an error that says what to do."""
    try:
        return read("-", stdin=io.BytesIO(raw)).origin.rows
    except GdcliError as error:
        return 0 if error.hint else -1


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_anywhere_is_an_error_or_a_table(name: str) -> None:
    raw = FORMATS[name]
    found = {rows(raw[:cut]) for cut in range(1, len(raw), max(1, len(raw) // 40))}
    # Text cut within its last number is a table all the same, and so are the first frames of several.
    assert found == {0} or name.startswith(("csv", "ndjson", "libsvm"))
    assert found <= set(range(301))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_with_bytes_changed_is_an_error_or_a_table(name: str) -> None:
    rng = np.random.default_rng(2)
    for _ in range(40):
        raw = bytearray(FORMATS[name])
        raw[int(rng.integers(len(raw)))] ^= int(rng.integers(1, 256))
        assert 0 <= rows(bytes(raw)) <= 301


def test_a_zip_bomb_of_arrays_is_no_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("a.npy", header("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999, 2), }"))
    error = refused((tmp_path / "b.npz").read_bytes())
    assert error.message == "this NumPy archive is damaged"


def test_files_are_joined_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("a,w,y\n3,u,1\n4,v,0\n")
    (tmp_path / "a.csv").write_text("a,w,y\n1,z,1\n2,u,0\n")
    data = read(str(tmp_path / "*.csv"))
    assert data.columns == ("a", "w=v", "w=z")
    assert data.X.tolist() == [[1, 0, 1], [2, 0, 0], [3, 0, 0], [4, 1, 0]]
    assert data.y.tolist() == [1, 0, 1, 0]
    assert data.origin.rows == 4
    assert "files: 2, joined in the order of their names" in data.choices
    assert len(data.origin.sha256) == 64
    both = read([str(tmp_path / "b.csv"), str(tmp_path / "a.csv")])
    assert both.X[:, 0].tolist() == [3, 4, 1, 2]


@pytest.mark.parametrize("large", [False, True])
def test_joined_numbers_of_several_formats(large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sources, "LARGE", 1 if large else 1 << 40)
    for name in ("csv", "ndjson", "parquet"):
        (tmp_path / f"d.{name}").write_bytes(FORMATS[name])
    alone = read(str(tmp_path / "d.csv"))
    data = read(str(tmp_path / "d.*"))
    assert data.X.tobytes() == alone.X.tobytes() * 3
    assert data.y.tobytes() == alone.y.tobytes() * 3


@pytest.mark.parametrize(
    ("second", "message", "column"),
    [
        ("a,c,y\n1,2,3\n", 'this column is called "c" here and "b" in', '2 "c"'),
        ("a,b\n1,2\n", "this file has 2 columns", None),
        ("1,2,3\n", "this file has no header, unlike", None),
        ("a,b,y\n1,2,x\n", '"x" is not a number, and this column holds numbers', '3 "y"'),
    ],
)
def test_files_that_do_not_match(second: str, message: str, column: str | None, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b,y\n1,2,3\n4,5,6\n")
    (tmp_path / "2.csv").write_text(second)
    with pytest.raises(DataError) as caught:
        read(str(tmp_path / "[12].csv"))
    assert caught.value.message.startswith(message)
    assert caught.value.file == str(tmp_path / "2.csv")
    assert caught.value.column == column


def test_a_pattern_without_files_and_a_file_twice(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file matches this pattern"):
        read(str(tmp_path / "*.csv"))
    (tmp_path / "[1].csv").write_text("a,y\n1,2\n2,3\n")
    assert read(str(tmp_path / "[1].csv")).origin.rows == 2
    with pytest.raises(GdcliError, match="is named twice"):
        read([str(tmp_path / "[1].csv")] * 2)
    with pytest.raises(GdcliError, match="there is no file to read"):
        read([])
