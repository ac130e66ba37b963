"""What is read: the values, names and choices of well-formed files, worked out by hand."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

from gdcli.data.dataset import Dataset
from gdcli.data.readers import names, read
from gdcli.errors import DataError


def parse(
    text: str | bytes, *, target: str | None = None, features: list[str] | None = None, encoding: str = "utf-8"
) -> Dataset:
    raw = text.encode(encoding) if isinstance(text, str) else text
    return read("-", target=target, features=features, stdin=io.BytesIO(raw))


def is_abc(data: Dataset) -> bool:
    """The table a, b, y with rows 1 2 3 and 4 5 6.5."""
    return (
        data.X.tolist() == [[1, 2], [4, 5]]
        and data.y.tolist() == [3, 6.5]
        and data.columns == ("a", "b")
        and data.target == "y"
    )


ABC = "a,b,y\n1,2,3\n4,5,6.5\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", "   ", " , ", "; "])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n  \n"])
def test_delimiters_and_line_endings(delimiter: str, newline: str, end: str) -> None:
    text = (ABC.rstrip("\n") + end).replace(",", delimiter).replace("\n", newline)
    data = parse(text)
    assert is_abc(data)
    assert data.origin.delimiter == (delimiter.strip(" ") or " ")
    assert data.origin.header


@pytest.mark.parametrize(
    ("delimiter", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar"), (" ", "space")]
)
def test_an_unusual_delimiter_is_a_choice(delimiter: str, name: str) -> None:
    assert f"delimiter: {name}" in parse(ABC.replace(",", delimiter)).choices
    assert not any("delimiter" in line for line in parse(ABC).choices)


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + ABC.encode(),
        ABC.encode("utf-16"),
        codecs.BOM_UTF16_BE + ABC.encode("utf-16-be"),
        gzip.compress(ABC.encode()),
        gzip.compress(codecs.BOM_UTF8 + ABC.encode()),
        ABC.replace("a", '"a"').encode(),
        ABC.replace("1", '"1"').encode(),
        ABC.replace("1", ' "1"').encode(),
        b"# made by hand\n# twice\n" + ABC.encode(),
        b"\n\n" + ABC.encode(),
        ABC.replace("\n", "\n\n").encode(),
        ABC.replace("\n", ",\n").encode(),
        ABC.replace(",", " ").replace("\n", "  \n ").encode(),
    ],
    ids=range(13),
)
def test_the_same_table_in_other_clothes(raw: bytes) -> None:
    assert is_abc(parse(raw))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("1, 2, 3\n4, 5, 6\n", ","),
        ("full name,y\nAnn Lee,1\nBob Ray,2\nAnn Lee,3\n", ","),
        ("full name,y\nAnn Lee,no\nBob Ray,yes\nAnn Lee,no\n", ","),
        ("a;b,c;y\n1;2;3\n4;5;6\n", ";"),
        ("when|a|y\n1|1.5|2\n2|2.5|3\n", "|"),
        ('"a,b" y\n1 2\n3 4\n', " "),
    ],
)
def test_the_delimiter_is_the_one_that_explains_the_lines(text: str, delimiter: str) -> None:
    assert parse(text).origin.delimiter == delimiter


def test_choices_name_what_was_unusual() -> None:
    assert "encoding: UTF-16" in parse(ABC.encode("utf-16")).choices
    assert "compression: gzip" in parse(gzip.compress(ABC.encode())).choices
    first = "comments: the first line, which begins with #, skipped (a header there counts without its #)"
    assert first in parse("# hello\n" + ABC).choices
    assert any("the first 2 lines, which begin" in line for line in parse("# hello\n#\n" + ABC).choices)
    assert "ignored: column 4, which has neither a name nor cells" in parse(ABC.replace("\n", ",\n")).choices


def test_where_the_data_came_from(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(ABC.encode())
    origin = read(str(path)).origin
    assert origin.name == str(path)
    assert origin.rows == 2
    assert origin.sha256 == hashlib.sha256(ABC.encode()).hexdigest()
    packed = gzip.compress(ABC.encode(), mtime=0)
    (tmp_path / "odd.name").write_bytes(packed)
    assert read(str(tmp_path / "odd.name")).origin.sha256 == hashlib.sha256(packed).hexdigest()
    assert parse(ABC).origin.name == "standard input"


def test_the_matrix_is_float64_in_c_order_and_read_only() -> None:
    data = parse(ABC)
    assert data.X.dtype == data.y.dtype == np.float64
    assert data.X.flags.c_contiguous
    assert not data.X.flags.writeable
    assert not data.y.flags.writeable


def test_without_a_header_the_columns_are_numbered() -> None:
    data = parse("1,2,3\n4,5,6\n")
    assert (data.columns, data.target) == (("x1", "x2"), "y")
    assert "no header: columns named x1 to y" in data.choices
    assert 'target: column 3 "y" (the last)' in data.choices
    first = parse("1,2,3\n4,5,6\n", target="1")
    assert (first.columns, first.target, first.y.tolist()) == (("x2", "x3"), "y", [1, 4])


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n6,3,virginica\n", False),
        ("a,b,species\n5.1,3.5,setosa\n4.9,3.0,setosa\n6,3,virginica\n", True),
        ("1990,1991,gdp\n5.1,3.5,1\n4.9,3.0,2\n", True),
        ("1990,1991,1992\n5.1,3.5,1\n4.9,3.0,2\n", False),
        ("a,b\n1,2\n2,3\n", True),
        ("color,kind\nred,good\nblue,bad\nred,good\nblue,bad\n", True),
        ("1,2\n", False),
    ],
)
def test_header_or_data(text: str, header: bool) -> None:
    data = parse(text)
    assert data.origin.header == header
    assert data.origin.rows == text.count("\n") - header


@pytest.mark.parametrize(
    ("header", "target", "rule"),
    [
        ("y,a,b", "y", "by its name"),
        ("a,Target,b", "Target", "by its name"),
        ("a,LABEL,b", "LABEL", "by its name"),
        ("a,b,c", "c", "the last"),
        ("label,target,Y", "Y", "by its name"),
        ("yy,targets,a", "a", "the last"),
    ],
)
def test_the_target_by_rule(header: str, target: str, rule: str) -> None:
    data = parse(f"{header}\n1,2,3\n4,5,6\n")
    assert data.target == target
    number = header.split(",").index(target) + 1
    assert f'target: column {number} "{target}" ({rule})' in data.choices


@pytest.mark.parametrize(
    ("features", "columns"),
    [
        (["b", "a"], ("b", "a")),
        (["2"], ("b",)),
        (["a,b"], ("a", "b")),
        (["1-2", "4"], ("a", "b", "c")),
        (["1..2"], ("a", "b")),
        (["4", "1,2"], ("c", "a", "b")),
    ],
)
def test_features_by_name_number_and_range(features: list[str], columns: tuple[str, ...]) -> None:
    data = parse("a,b,y,c\n1,2,3,4\n5,6,7,8\n", features=features)
    assert data.columns == columns
    assert data.X.tolist()[0] == ["_ab_c".index(name) for name in columns]


def test_a_name_comes_before_a_number_and_a_comma_may_be_in_a_name() -> None:
    text = '2,"b,c",y\n1,2,3\n4,5,7\n'
    assert parse(text, features=["2"]).X.tolist() == [[1], [4]]
    assert parse(text, features=["b,c"]).X.tolist() == [[2], [5]]
    assert parse(text, target="2").y.tolist() == [1, 4]


def test_text_columns_are_one_hot_encoded_without_their_first_level() -> None:
    data = parse("color,x,y\nred,1,2\nblue,2,3\ngreen,3,5\nred,4,4\n")
    assert data.columns == ("color=green", "color=red", "x")
    assert data.X.tolist() == [[0, 1, 1], [0, 0, 2], [1, 0, 3], [0, 1, 4]]
    assert 'one-hot: column 1 "color" has 3 levels, reference "blue"' in data.choices


def test_a_text_column_of_one_level_is_left_out() -> None:
    data = parse("a,x,y\nk,1,2\nk,2,3\n")
    assert data.columns == ("x",)
    assert 'left out: column 1 "a", which is "k" in every row' in data.choices


def test_text_targets_become_codes_in_sorted_order() -> None:
    data = parse("x,y\n1,no\n2,yes\n3,maybe\n4,no\n")
    assert data.labels == ("maybe", "no", "yes")
    assert data.y.tolist() == [1, 2, 0, 1]
    assert 'classes: column 2 "y": "maybe" = 0, "no" = 1, "yes" = 2' in data.choices


@pytest.mark.parametrize(
    ("cells", "y", "labels", "signs"),
    [
        (["no", "yes", "no"], [0, 1, 0], ("no", "yes"), [-1, 1, -1]),
        (["1", "0", "0"], [1, 0, 0], ("0", "1"), [1, -1, -1]),
        (["1", "-1", "1"], [1, -1, 1], ("-1", "1"), [1, -1, 1]),
        (["2", "1.5", "2"], [2, 1.5, 2], ("1.5", "2"), [1, -1, 1]),
        (["True", "False", "True"], [1, 0, 1], ("False", "True"), [1, -1, 1]),
    ],
)
def test_targets_of_two_values(cells: list[str], y: list[float], labels: tuple[str, ...], signs: list[float]) -> None:
    data = parse("x,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    assert data.y.tolist() == y
    assert data.labels == labels
    assert data.signs().tolist() == signs


@pytest.mark.parametrize("cells", [["1", "2", "3"], ["a", "b", "c"], ["4", "4", "4"]])
def test_other_targets_have_no_signs(cells: list[str]) -> None:
    data = parse("x,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    with pytest.raises(DataError, match=f"two classes are needed, and y has {len(set(cells))} value") as caught:
        data.signs()
    assert "--target" in str(caught.value.hint)


def test_a_constant_numeric_target_is_a_choice() -> None:
    data = parse("x,y\n1,5\n2,5\n")
    assert data.labels is None
    assert 'constant target: column 2 "y" is 5 in every row' in data.choices


def test_unused_columns_may_hold_anything() -> None:
    text = "id,a,y\nAnn,1,2\n,3,4\n$5,5,6\n"
    assert parse(text, features=["a"]).X.tolist() == [[1], [3], [5]]


def test_quoted_fields_hold_delimiters_newlines_and_doubled_quotes() -> None:
    text = 'a,y\n"red, ""light""\nor dark",1\nblue,2\nblue,3\n'
    assert parse(text).columns == ('a=red, "light"\nor dark',)


def test_a_column_may_mix_plain_numbers_in_any_writing() -> None:
    assert parse("a,y\n1e3,1\n .5 ,2\n+3.,3\n").X.tolist() == [[1000], [0.5], [3]]


def test_a_long_header_and_many_columns() -> None:
    width = 20_000
    text = ",".join(f"c{i}" for i in range(width)) + "\n" + ",".join(["1"] * width) + "\n"
    assert parse(text).X.shape == (1, width - 1)


def test_the_folder_is_the_registry_and_csv_comes_last() -> None:
    assert names()[-1] == "csv"
    assert all(not name.startswith("_") for name in names())


def test_a_name_in_square_brackets_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("[m],[red]y[/red]\n1,2\n2,3\n3,5\n", encoding="utf-8")
    assert read(str(path)).columns == ("[m]",)
