"""What is refused: each bad file with its message, line and column, and a remedy."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
from pathlib import Path

import pytest

from gdcli.data.readers import read
from gdcli.errors import DataError, Exit, GdcliError, UsageError

NUL_UTF16 = "a,b,y\n1,2,3\n".encode("utf-16-le")


def refused(raw: str | bytes, **options: object) -> GdcliError:
    data = raw.encode() if isinstance(raw, str) else raw
    with pytest.raises(GdcliError) as caught:
        read("-", stdin=io.BytesIO(data), **options)  # type: ignore[arg-type]
    error = caught.value
    assert error.exit == Exit.USAGE
    assert error.hint
    return error


TEXT = [
    ("", "there are no data in this file", None, None),
    ("\n \n\n", "there are no data in this file", None, None),
    ("# only\n# comments", "there are no data in this file", None, None),
    ("a,b,y\n", "this file has a header and no data", 1, None),
    ("# c\na,b,y\n", "this file has a header and no data", 2, None),
    ("y\n1\n2\n", 'this file has one column only: "y" holds no delimiter', 1, None),
    ("y\n1,5\n2,5\n", "this line has 2 fields, line 1 has 1", 2, None),
    ("a,b,y\n1,2,3\n4,5\n", "this line has 2 fields, line 1 has 3", 3, None),
    ("a,b,y\n1,2,3\n4\n", "this line has 1 field, line 1 has 3", 3, None),
    ("a,b,y\n1,2,3\n4,5,6,7\n", "this line has 4 fields, line 1 has 3", 3, None),
    ("full name,y\nAnn Lee,a\nBob Ray,b,c\n", "this line has 3 fields, line 1 has 2", 3, None),
    ("1,5 2,5\n2,5 3\n", '"2,5" looks like a decimal or thousands comma', 1, '2 "y"'),
    ("a,b,y\n1,2,3,4\n1,2,3,4\n", "this line has 4 fields, line 1 has 3", 2, None),
    ('a,b,y\n"x\n1",2,3\n\n"y\n",5\n', "this line has 2 fields, line 1 has 3", 5, None),
    ('a,b,y\n1,2,3\n"4,5,6\n7,8,9\n', "a quoted field begins here and never ends", 3, None),
    ('a,y\n1,"' + "7\n" * 200_000, "a quoted field begins here and never ends", 2, None),
    ('a,b,y\n1,2,3\n"4"5,5,6\n', "text follows the closing quote of a field", 3, None),
    ("a,b,y\n1,2,3\n4,,6\n7,,1\n", "an empty cell (one of 2 in this column)", 3, '2 "b"'),
    ("a,b,y\n1,2,3\n4,NA,6\n", 'a missing cell, "NA"', 3, '2 "b"'),
    ("a,b,y\n1,2,nan\n4,5,6\n", 'a missing cell, "nan"', 2, '3 "y"'),
    ("a,b,y\nred,2,3\n?,5,6\nred,1,2\n", 'a missing cell, "?"', 3, '1 "a"'),
    ("a,b,y\n,2,3\n,5,6\n", "an empty cell (one of 2 in this column)", 2, '1 "a"'),
    ('a,b,y\n"x\nz",2,3\nx,,6\n', "an empty cell", 4, '2 "b"'),
    ("a,b,y\r1,2,3\r4,,6\r", "an empty cell", 3, '2 "b"'),
    ("a,b,y\r\n1,2,3\r\n\r\n4,,6\r\n", "an empty cell", 4, '2 "b"'),
    (",a,y\n0,1,2\n1,2,3\n", "this column has no name", 1, '1 ""'),
    ("a,b,a\n1,2,3\n4,5,6\n", "columns 1 and 3 have the same name", 1, '3 "a"'),
    ("a,y\n1,2\n2,3\noops,4\n", '"oops" is not a number, and this column holds numbers', 4, '1 "a"'),
    ("a,y\n1,2\n2,3\n\x1b[31m,4\n", r'"\x1b[31m" is not a number, and this column holds numbers', 4, '1 "a"'),
    ("a\u202eb,y\n1,2\n2,3\nq,4\n", '"q" is not a number, and this column holds numbers', 4, r'1 "a\u202eb"'),
    ("a,y\n1,2\n2,3\na,4\n", "this line repeats the header", 4, '1 "a"'),
    ("a,y\n1,2\n1_0,3\n", '"1_0" looks like a number with underscores', 3, '1 "a"'),
    ("a,y\n1,2\ninf,3\n", '"inf" looks like an infinity', 3, '1 "a"'),
    ("a,y\n1,2\n1e400,3\n", '"1e400" looks like a number beyond the largest double, 1.8e308', 3, '1 "a"'),
    ("a,y\n1,2\n１２,3\n", '"１２" looks like a number in digits other than 0 to 9', 3, '1 "a"'),
    ('a,y\n"$1,000",2\n"$2,000",3\n', '"$1,000" looks like an amount of money', 2, '1 "a"'),
    ("a,y\n2020-01-01,2\n2020-01-02,3\n", '"2020-01-01" looks like a date', 2, '1 "a"'),
    ("a;y\n1,5;2\n2,5;3\n", '"1,5" looks like a decimal or thousands comma', 2, '1 "a"'),
    ("a\ty\n1,5\t2,0\n2,5\t3\n", '"2,0" looks like a decimal or thousands comma', 2, '2 "y"'),
    ("a,y\n5%,2\n7%,3\n", '"5%" looks like a percentage', 2, '1 "a"'),
    ("a,y\n0x1F,2\n3,3\n", '"0x1F" looks like a hexadecimal, octal or binary number', 2, '1 "a"'),
    ("Ann,1,2\nBob,3,4\n", 'this line may be a header or data: it holds numbers and the text "Ann"', 1, None),
    (
        "id,a,y\n" + "".join(f"n{i},{i},{i % 3}\n" for i in range(6)),
        'every row has a text of its own here, such as "n0", as in a column of names or ids',
        None,
        '1 "id"',
    ),
    (
        "id,a,y\n" + "".join(f"n{i % 60},{i},{i % 3}\n" for i in range(200)),
        'this text column has 60 different values, such as "n0"; at most 50 are encoded',
        None,
        '1 "id"',
    ),
    (
        "a,y\n" + "".join(f"{i},c{i % 21}\n" for i in range(50)),
        "this target has 21 different texts; at most 20 are taken as classes",
        None,
        '2 "y"',
    ),
    ("a,y\n1,yes\n2,yes\n", 'every row of the target is "yes": there is nothing to learn', None, '2 "y"'),
    ("a,y\nk,1\nk,2\n", "there are no features", 1, None),
    (
        "a,a=v,y\nu,1,2\nv,2,3\nu,5,3\n",
        'a column of the file and a level of a text column are both named "a=v"',
        1,
        '2 "a=v"',
    ),
    ('{"a": 1}\n', "this looks like JSON, not like delimited text", 1, None),
    ("<!DOCTYPE html>\n", "this looks like HTML or XML, not like delimited text", 1, None),
    ("@relation iris\n", "this looks like ARFF, not like delimited text", 1, None),
]


@pytest.mark.parametrize(("text", "message", "line", "column"), TEXT, ids=[case[1][:40] for case in TEXT])
def test_bad_text(text: str, message: str, line: int | None, column: str | None) -> None:
    error = refused(text)
    assert isinstance(error, DataError)
    assert error.message == message
    assert (error.line, error.column, error.file) == (line, column, "standard input")


BYTES = [
    (b"a,y\n1,2\n\xff,3\n", "the byte 0xFF is not valid UTF-8", 3),
    (b"\xef\xbb\xbfa,y\r\n1,2\r\n3,\xe9\r\n", "the byte 0xE9 is not valid UTF-8", 3),
    (b"a,y\r1,2\r\xe9,3\r", "the byte 0xE9 is not valid UTF-8", 3),
    (b"a,y\n1,2\n3,\x004\n" + b"1,2\n" * 10, "a NUL byte in the text", 3),
    (NUL_UTF16, "the text looks like UTF-16 without a byte order mark", None),
    ("a,y\n1,2\n\0,3\n".encode("utf-16"), "a NUL character in the text", 3),
    ("a,y\n1,2\n".encode("utf-16")[:-1], "damaged UTF-16 text", None),
    ("a,y\n1,2\n".encode("utf-32"), "the text is UTF-32", None),
    (b"PAR1\x15\x04", "this is a Parquet file, not text", None),
    (b"PK\x03\x04..xl/workbook.xml", "this is an Excel workbook, not text", None),
    (b"PK\x03\x04..other", "this is a zip archive, not text", None),
    (bz2.compress(b"a"), "this is compressed with bzip2, not text", None),
    (lzma.compress(b"a"), "this is compressed with xz, not text", None),
    (gzip.compress(gzip.compress(b"a")), "this is compressed with gzip twice, not text", None),
    (gzip.compress(b"a,y\n1,2\n" * 100)[:-9], "the gzip data are truncated", None),
    (gzip.compress(b"a,y\n1,2\n")[:-8] + b"x" * 8, "the gzip data are damaged", None),
    (b"\x1f\x8b", "the gzip data are truncated", None),
]


@pytest.mark.parametrize(("raw", "message", "line"), BYTES, ids=[case[1] for case in BYTES])
def test_bad_bytes(raw: bytes, message: str, line: int | None) -> None:
    error = refused(raw)
    assert isinstance(error, DataError)
    assert error.message == message
    assert error.line == line


ABC = "age,bmi,y\n1,2,3\n4,5,6\n"


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"target": "bmy"},
            'there is no column "bmy" for the target',
            'did you mean "bmi"? the columns are age, bmi, y',
        ),
        ({"target": "4"}, "there is no column 4 for the target: the file has 3", "the columns are age, bmi, y"),
        ({"target": "0"}, "there is no column 0 for the target: the file has 3", "the columns are age, bmi, y"),
        ({"target": ""}, 'there is no column "" for the target', "the columns are age, bmi, y"),
        ({"features": ["agge"]}, 'there is no column "agge" for the features', 'did you mean "age"? '),
        ({"features": ["1-9"]}, "there is no column 9 for the features: the file has 3", "the columns are"),
        ({"features": ["9" * 5000]}, "there is no column " + "9" * 37 + "... for the features: the file has 3", "the"),
        ({"features": []}, "there are no features", "at least one column besides the target"),
        ({"target": "\x1b[1m"}, r'there is no column "\x1b[1m" for the target', "the columns are"),
    ],
)
def test_columns_that_are_not_there(options: dict[str, object], message: str, hint: str) -> None:
    error = refused(ABC, **options)
    assert isinstance(error, DataError)
    assert error.message == message
    assert hint in str(error.hint)


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"features": ["1-3"]},
            'column 3 "y" is the target and among the features',
            "leave it out of --features, for instance --features 1-2",
        ),
        ({"features": ["age", "1"]}, 'column 1 "age" is among the features twice', "name it once"),
        ({"features": ["2-1"]}, "the range 2-1 of features is empty", "write 1-2"),
    ],
)
def test_features_that_make_no_sense(options: dict[str, object], message: str, hint: str) -> None:
    error = refused(ABC, **options)
    assert isinstance(error, UsageError)
    assert (error.message, error.hint) == (message, hint)


def test_the_hint_leaves_the_bad_column_out() -> None:
    error = refused("id,a,b,y\nx,1,2,3\n,4,5,6\n")
    assert error.hint == "fill it or drop the line, or leave the column out: --features 2-3"
    assert "--features" not in str(refused("a,y\n1,\n2,3\n").hint)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "diabetes.csv").write_text(ABC)
    cases = {
        "diabetse.csv": ("there is no such file", "did you mean"),
        "qqqqqqqq": ("there is no such file", "check the path"),
        "no/such.csv": ("there is no such file", "there is no folder"),
        "": ("this is a folder, not a file", "diabetes.csv"),
        "nul\0.csv": ("cannot be read: embedded null byte", "check the path"),
        "x" * 300: ("cannot be read: File name too long", "check the path"),
    }
    for name, (message, hint) in cases.items():
        with pytest.raises(DataError) as caught:
            read(str(tmp_path / name))
        assert caught.value.message == message
        assert hint in str(caught.value.hint)


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(DataError, match="no permission to read this file"):
        read(str(tmp_path / "a.csv"))


def test_standard_input_must_be_there() -> None:
    with pytest.raises(UsageError, match="there is no standard input to read"):
        read("-")
