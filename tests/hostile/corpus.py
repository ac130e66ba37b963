r"""Hostile data files, each with the one outcome that is right: the table that was meant, or what it is refused for.

A table that was meant is written here as words, apart from the bytes of the file, and never by a reader. A refusal
holds a part of the message and, where one cell is to blame, its line and its column. A file that reads as another table
without a sign that anybody could see, such as 1.234 for 1234, is read as Python's float reads it.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import json
import lzma
import os
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import zstandard

from gdcli.errors import Exit


@dataclass(frozen=True)
class Table:
    """What was meant: names and rows as words, the target last; `labels` are its classes, in order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...] | None = None

    @property
    def X(self) -> list[list[float]]:
        """The features, by Python's float."""
        return [[float(cell) for cell in row[:-1]] for row in self.rows]

    @property
    def y(self) -> list[float]:
        """The target's numbers, or the codes of its classes where these are words."""
        words = [row[-1] for row in self.rows]
        try:
            return [float(word) for word in words]
        except ValueError:
            return [float((self.labels or ()).index(word)) for word in words]

    @property
    def classes(self) -> list[str] | None:
        """The labels: those of words as they are, two numbers in the shortest writing, no others."""
        if self.labels is not None:
            return list(self.labels)
        values = sorted(set(self.y))
        return [repr(value).removesuffix(".0") for value in values] if len(values) == 2 else None


@dataclass(frozen=True)
class Refusal:
    """A part of the message; the line; where a cell is to blame, its column; the exit code."""

    words: str
    line: int | None = None
    column: str | None = None
    row: int | None = None
    code: Exit = Exit.USAGE

    @property
    def cell(self) -> bool:
        """Whether one cell is to blame."""
        return self.column is not None


@dataclass(frozen=True)
class Case:
    """A file, how it comes about, the options it is read with, and its outcome."""

    name: str
    make: Callable[[Path], object]
    expected: Table | Refusal
    options: tuple[str, ...] = ()
    file: str = "data.csv"


def table(*lines: str, labels: str | None = None) -> Table:
    """A table of words: names first, with commas between; `labels` likewise."""
    names, *rows = (tuple(line.split(",")) for line in lines)
    return Table(names, tuple(rows), None if labels is None else tuple(labels.split(",")))


def utf8(text: str) -> bytes:
    """A text as most files have it."""
    return text.encode()


ABC = "a,b,y\n1,2,3\n4,5,6.5\n2,7,1\n3,3,9\n5,1,2\n"
MEANT = table(*ABC.split())
CASES: list[Case] = []


def case(name: str, content: str | bytes, expected: Table | Refusal, *options: str, file: str = "data.csv") -> None:
    """Add a file of this text or these bytes."""
    raw = utf8(content) if isinstance(content, str) else content
    made(name, lambda path: path.write_bytes(raw), expected, *options, file=file)


def made(
    name: str, make: Callable[[Path], object], expected: Table | Refusal, *options: str, file: str = "data.csv"
) -> None:
    """Add what `make` puts at a path."""
    CASES.append(Case(name, make, expected, options, file))


def cell(content: str, words: str, line: int, column: str, name: str = "") -> None:
    """Add a file in which one cell is to blame."""
    case(name or f"cell: {words[:40]}", content, Refusal(words, line, column))


def amid(wrong: str, looks: str, name: str = "") -> None:
    """Add one wrong cell in a column of numbers, on line 4, and the same wherever every cell of the column is wrong."""
    quoted = f'"{wrong}"' if "," in wrong else wrong
    cell(f"a,b,y\n1,2,3\n4,5,6.5\n2,{quoted},1\n3,3,9\n5,1,2\n", looks, 4, '2 "b"', f"one of {wrong!r}")


def throughout(cells: list[str], looks: str) -> None:
    """Add a feature of which every cell is written so, in a file with semicolons."""
    rows = "".join(f"{i};{text};{i * i % 5}.5\n" for i, text in enumerate(cells))
    cell(f"a;b;y\n{rows}", looks, 2, '2 "b"', f"all like {cells[0]!r}")


def saved(array: np.ndarray, **options: bool) -> bytes:
    """An array as numpy.save writes it."""
    out = io.BytesIO()
    np.save(out, array, **options)  # type: ignore[arg-type]
    return out.getvalue()


def archived(**arrays: np.ndarray) -> bytes:
    """Arrays as numpy.savez_compressed writes them."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip archive; a name may come twice."""
    import warnings

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def frame(format: str, **columns: object) -> bytes:
    """Columns as polars writes them."""
    out = io.BytesIO()
    getattr(pl.DataFrame(columns, strict=False), f"write_{format}")(out)
    return out.getvalue()


def dictionary(rows: str) -> bytes:
    """A .npy file of a header that is given word by word."""
    text = rows.ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


# --- encodings, byte order marks, NUL -------------------------------------------------------------------------------
case("UTF-8 with a mark", codecs.BOM_UTF8 + utf8(ABC), MEANT)
case("UTF-8 with two marks", codecs.BOM_UTF8 * 2 + utf8(ABC), MEANT)
case(
    "two marks before the target's name",
    codecs.BOM_UTF8 * 2 + b"y,a\n1,2\n4,5\n3,3\n",
    table("a,y", "2,1", "5,4", "3,3"),
)
case("a mark within quotes", codecs.BOM_UTF8 + utf8(ABC.replace("a,", '"a",', 1)), MEANT)
case("UTF-16, little end first", codecs.BOM_UTF16_LE + ABC.encode("utf-16-le"), MEANT)
case("UTF-16, big end first", codecs.BOM_UTF16_BE + ABC.encode("utf-16-be"), MEANT)
case("UTF-16 LE without a mark", ABC.encode("utf-16-le"), Refusal("looks like UTF-16 without a byte order mark"))
case("UTF-16 BE without a mark", ABC.encode("utf-16-be"), Refusal("looks like UTF-16 without a byte order mark"))
case("UTF-16 of odd length", ABC.encode("utf-16")[:-1], Refusal("damaged UTF-16 text"))
case(
    "UTF-16 with a lone surrogate",
    codecs.BOM_UTF16_LE + b"\x00\xd8" + ABC.encode("utf-16-le"),
    Refusal("damaged UTF-16"),
)
case("UTF-32", ABC.encode("utf-32"), Refusal("the text is UTF-32"))
case("UTF-7 is text that makes no number", "a,y\n+ADE-,2\n3,3\n4,1\n", Refusal('"+ADE-" is not a number', 2, '1 "a"'))
case("EBCDIC", ABC.encode("cp500"), Refusal("is not valid UTF-8", 1))
case("Latin-1 in a name", "größe,b,y\n1,2,3\n".encode("latin-1"), Refusal("the byte 0xF6 is not valid UTF-8", 1))
case("Latin-1 in a cell far down", utf8("a,y\n" + "1,2\n3,4\n" * 900) + b"\xe9,3\n", Refusal("0xE9", 1802))
case("Windows quotes", b"a,y\n1,2\n\x93x\x94,3\n", Refusal("the byte 0x93 is not valid UTF-8", 3))
case("an overlong form", b"a,y\n1,2\n\xc0\xb1,3\n", Refusal("the byte 0xC0 is not valid UTF-8", 3))
case("a surrogate in UTF-8", b"a,y\n1,2\n\xed\xa0\x80,3\n", Refusal("the byte 0xED is not valid UTF-8", 3))
case("UTF-8 cut in a character", utf8("a,y\n1,2\n3,é")[:-1], Refusal("the byte 0xC3 is not valid UTF-8", 3))
case("NUL in a cell", b"a,y\n1,2\n3,\x004\n" + b"1,2\n" * 10, Refusal("a NUL byte in the text", 3))
case("NUL in a name", b"a\0,y\n" + b"1,2\n" * 10, Refusal("a NUL byte in the text", 1))
case("NUL at the end, as a crash leaves it", utf8(ABC) + bytes(64), Refusal("a NUL", 7))
case("NUL only", bytes(4096), Refusal("looks like UTF-16"))
case("a control character in a cell", "a,y\n1,2\n3\x07,4\n5,5\n", Refusal(r'"3\x07" is not a number', 3, '1 "a"'))
case("a zero-width space in a cell", "a,y\n1,2\n3\u200b,4\n5,5\n", Refusal(r'"3\u200b" is not a number', 3, '1 "a"'))
case("a right-to-left mark in a cell", "a,y\n1,2\n\u200f3,4\n5,5\n", Refusal(r'"\u200f3" is not a number', 3, '1 "a"'))
case("a mark amid joined files", "a,y\n1,2\n3,3\n\ufeff5,4\n7,9\n", Refusal(r'"\ufeff5" is not a number', 4, '1 "a"'))
case("a soft hyphen for a minus", "a,y\n1,2\n\u00ad3,4\n5,5\n", Refusal(r'"\xad3" is not a number', 3, '1 "a"'))
case(
    "no-break spaces around, as float takes them", "a,y\n\u00a01,2\n3\u00a0,4\n5,5\n", table("a,y", "1,2", "3,4", "5,5")
)
case("blanks and tabs around", "a,y\n 1 ,2\n3\t, 4\n5,5 \n", table("a,y", "1,2", "3,4", "5,5"))

# --- numbers --------------------------------------------------------------------------------------------------------
for wrong, looks in (
    ("1_000", "a number with underscores"),
    ("1_0.5e1_0", "a number with underscores"),
    ("inf", "an infinity"),
    ("-Infinity", "an infinity"),
    ("+INF", "an infinity"),
    ("1e400", "a number beyond the largest double"),
    ("-1.8e308", "a number beyond the largest double"),
    ("9" * 400, "a number beyond the largest double"),
    ("0x1F", "a hexadecimal, octal or binary number"),
    ("0b101", "a hexadecimal, octal or binary number"),
    ("0o17", "a hexadecimal, octal or binary number"),
    ("0x1.8p3", "a hexadecimal, octal or binary number"),
    ("１２", "a number in digits other than 0 to 9"),
    ("١٢", "a number in digits other than 0 to 9"),
    ("१२.५", "a number in digits other than 0 to 9"),
    ("−5", "a number with a typographic minus sign"),
    ("–5", "a number with a typographic minus sign"),
    ("5%", "a percentage"),
    ("1,234", "a decimal or thousands comma"),
    ("1,234,567", "a number with grouped digits"),
    ("1.234.567,8", "a number with grouped digits"),
    ("1'234'567", "a number with grouped digits"),
    ("1\u00a0234", "a number with grouped digits"),
    ("1\u202f234,5", "a number with grouped digits"),
    ("$5", "an amount of money"),
    ("5 €", "an amount of money"),
    ("-£1,000.50", "an amount of money"),
    ("(5)", "a negative amount in parentheses"),
    ("5-", "a number with its sign behind it"),
    ("1.0D5", "a Fortran number"),
    ("1/2", "a fraction"),
    ("2020-01-31", "a date"),
    ("31.01.2020", "a date"),
    ("1/2/20", "a date"),
    ("2020-01-31T10:00:00Z", "a date"),
    ("10:30", "a time of day"),
    ("5 kg", "a number with a unit"),
    ("5kg", "a number with a unit"),
    ("-3.5 °C", "a number with a unit"),
    ("70 km/h", "a number with a unit"),
    ('=""5""', "an Excel formula"),
    ("'5", "a number behind an apostrophe"),
    ("NA", 'a missing cell, "NA"'),
    ("nan", 'a missing cell, "nan"'),
    ("-nan", 'a missing cell, "-nan"'),
    ("NULL", 'a missing cell, "NULL"'),
    ("?", 'a missing cell, "?"'),
    ("-", 'a missing cell, "-"'),
    (".", 'a missing cell, "."'),
    ("#N/A", 'a missing cell, "#N/A"'),
    ("<NA>", 'a missing cell, "<NA>"'),
    ("\\N", 'a missing cell, "'),
    ("", "an empty cell"),
    ("   ", "an empty cell"),
    ("None", '"None" is not a number'),
    ("missing", '"missing" is not a number'),
    ("1.#IND", '"1.#IND" is not a number'),
    ("#DIV/0!", '"#DIV/0!" is not a number'),
    ("True", '"True" is not a number'),
    ("<5", '"<5" is not a number'),
    ("~5", '"~5" is not a number'),
    ("5*", '"5*" is not a number'),
    ("5 7", '"5 7" is not a number'),
    ("1e", '"1e" is not a number'),
    ("e5", '"e5" is not a number'),
    ("1e5.5", '"1e5.5" is not a number'),
    ("--5", '"--5" is not a number'),
    ("+-5", '"+-5" is not a number'),
    ("1..5", '"1..5" is not a number'),
    ("1+2j", '"1+2j" is not a number'),
    ("five", '"five" is not a number'),
    ("V", '"V" is not a number'),
    ("½", '"½" is not a number'),
    ("5²", '"5²" is not a number'),
    ("[1 2]", '"[1 2]" is not a number'),
    ("__import__('os')", "is not a number"),
):
    if wrong.startswith("="):
        cell(f'a,b,y\n1,2,3\n4,5,6\n2,"{wrong}",1\n3,3,9\n5,1,2\n', looks, 4, '2 "b"', "one Excel formula")
    else:
        amid(wrong, looks)
for cells, looks in (
    (["1,5", "2,5", "1,5", "3,5"], "a decimal or thousands comma"),
    (["5 kg", "6 kg", "5 kg", "7 kg"], "a number with a unit"),
    (["10ms", "12ms", "10ms", "11ms"], "a number with a unit"),
    (["5%", "7%", "5%", "9%"], "a percentage"),
    (["$5", "$6", "$5", "$7"], "an amount of money"),
    (["1_000", "2_000", "1_000", "3_000"], "a number with underscores"),
    (["1.1.2020", "2.1.2020", "1.1.2020", "3.1.2020"], "a date"),
    (["5-", "6-", "5-", "7-"], "a number with its sign behind it"),
    (["'5", "'6", "'5", "'7"], "a number behind an apostrophe"),
    (["１", "２", "１", "３"], "a number in digits other than 0 to 9"),
):
    throughout(cells, looks)

NUMBERS = (
    ("integers around 2^53", ["9007199254740991", "9007199254740992", "9007199254740993", "9007199254740995"]),
    (
        "integers of 20 digits",
        ["12345678901234567890", "12345678901234567891", "18446744073709551616", "-99999999999999999999"],
    ),
    (
        "halves between two doubles",
        [
            "1.00000000000000011102230246251565404",
            "1.000000000000000111022302462515654042363166809082031251",
            "0.1",
            "2.2250738585072011e-308",
        ],
    ),
    ("denormals among others", ["5e-324", "2.5e-324", "1e-310", "1"]),
    ("the largest doubles", ["1.7976931348623157e308", "1.7976931348623158e308", "-1.7976931348623157e308", "1e308"]),
    ("many digits", ["0." + "3" * 400, "1" * 300, "0" * 400 + "7", "1" + "0" * 300 + "e-300"]),
    ("forms of one number", ["5", "+5", "5.", "005"]),
    ("more forms", [".5", "5e-1", "0.05E+1", "+.5e0"]),
    ("negative zero", ["-0", "0", "-0.0", "1"]),
    ("underflow, as float has it", ["1e-400", "-1e-400", "1", "2"]),
    ("1.234, which nothing says is 1234", ["1.234", "2.345", "3.456", "4.5"]),
    ("-999, which nothing says is missing", ["1", "-999", "2", "3"]),
)
for name, words in NUMBERS:
    lines = [f"{word},{i + 1}" for i, word in enumerate(words)]
    case(f"numbers: {name}", "\n".join(["a,y", *lines, ""]), table("a,y", *lines), "--features", "a")

# --- lines, delimiters, quotes --------------------------------------------------------------------------------------
for name, mark in (("tab", "\t"), ("semicolon", ";"), ("vertical bar", "|"), ("blank", " "), ("many blanks", "   ")):
    case(f"delimiter: {name}", ABC.replace(",", mark), MEANT)
case(
    "delimiter: comma in quoted names, semicolons between",
    '"a,1";"b,2";y\n1;2;3\n4;5;6\n2;2;9\n',
    Table(("a,1", "b,2", "y"), (("1", "2", "3"), ("4", "5", "6"), ("2", "2", "9"))),
)
case("mixed delimiters", "a,b,y\n1,2,3\n4;5;6\n7,8,9\n", Refusal("this line has 1 field, line 1 has 3", 3))
case(
    "a header with other delimiters than the rows", "a;b;y\n1,2,3\n4,5,6\n7,8,10\n", Refusal("fields, line 1 has 1", 2)
)
case("colons as delimiters", "a:b\n1:2\n3:4\n", Refusal("this file has one column only", 1))
case("CR alone", ABC.replace("\n", "\r"), MEANT)
case("CR LF", ABC.replace("\n", "\r\n"), MEANT)
case("CR CR LF", ABC.replace("\n", "\r\r\n"), MEANT)
case("mixed ends of lines", "a,b,y\r\n1,2,3\r4,5,6.5\n2,7,1\r\n3,3,9\r5,1,2", MEANT)
case("no end of the last line", ABC.rstrip("\n"), MEANT)
case("blank lines everywhere", "\n\n" + ABC.replace("\n", "\n\n \n"), MEANT)
case("a form feed at the end", ABC + "\f", MEANT)
case("a Ctrl-Z at the end, as DOS had it", ABC + "\x1a", Refusal("this line has 1 field", 7))
case("a line separator in a cell", "a,y\n1,2\n3\u20284,4\n5,5\n", Refusal(r"3\u20284", 3, '1 "a"'))
case("a trailing delimiter", ABC.replace("\n", ",\n"), MEANT)
case(
    "a trailing delimiter on the rows alone",
    "a,b,y\n1,2,3,\n4,5,6,\n",
    Refusal("this line has 4 fields, line 1 has 3", 2),
)
case("a trailing delimiter on one row", "a,b,y\n1,2,3\n4,5,6,\n", Refusal("this line has 4 fields, line 1 has 3", 3))
case("a row too short", "a,b,y\n1,2,3\n4,5\n6,7,8\n", Refusal("this line has 2 fields, line 1 has 3", 3))
case("the last row cut off", ABC[:-4], Refusal("this line has 2 fields, line 1 has 3", 6))
case(
    "row names that the header leaves out", "a,b\nr1,1,2\nr2,3,4\n", Refusal("this line has 3 fields, line 1 has 2", 2)
)
case(
    "decimal commas with commas between", "a,b\n1,5,2,5\n2,5,3,5\n", Refusal("this line has 4 fields, line 1 has 2", 2)
)
case("a total below", ABC + "total,,\n", Refusal("an empty cell", 7, '3 "y"'), "--features", "b")
case("a footer", ABC + "(5 rows)\n", Refusal("this line has 1 field, line 1 has 3", 7))
case("quoted numbers", 'a,b,y\n"1","2",3\n"4",5,6.5\n2,"7",1\n3,3,"9"\n5,1,2\n', MEANT)
case(
    "quoted names with a newline",
    '"a\nb",y\n1,2\n3,4\n5,5\n',
    Table(("a\nb", "y"), (("1", "2"), ("3", "4"), ("5", "5"))),
)
cell('a,b,y\n"u\nv",2,3\nx,,6\n"u\nv",2,3\nx,1,6\n', "an empty cell", 4, '2 "b"', "a gap behind a quoted newline")
case(
    "a quote that never ends", 'a,b,y\n1,2,3\n"4,5,6\n7,8,9\n', Refusal("a quoted field begins here and never ends", 3)
)
case("a quote that ends early", 'a,b,y\n1,2,3\n"4"5,5,6\n', Refusal("text follows the closing quote", 3))
case("a quote within a bare cell", 'a,y\n1,2\n5",3\n4,4\n', Refusal('"5"" is not a number', 3, '1 "a"'))
case("single quotes", "a,y\n'1',2\n'3',4\n'5',1\n'1',2\n", Refusal("\"'1'\" looks like", 2, '1 "a"'))
case(
    "a quoted delimiter for a decimal comma",
    'a,y\n"1,5",2\n"2,5",4\n3,3\n',
    Refusal('"1,5" looks like a decimal', 2, '1 "a"'),
)
case("comments above", "# made by hand\n#\n" + ABC, MEANT)
case("a comment below", ABC + "# the end\n", Refusal("this line has 1 field, line 1 has 3", 7))
case("a comment behind a row", "a,y\n1,2 # no\n3,4\n5,5\n", Refusal('"2 # no" is not a number', 2, '2 "y"'))
case("sep=, as Excel writes it", "sep=,\n" + ABC, Refusal("fields, line 1 has 2", 2))
case("a title above", "Results of 2020\n" + ABC, Refusal("this line has 3 fields, line 1 has 1", 2))
case("two headers", "a,b,y\n" + ABC, Refusal("this line repeats the header", 2, '3 "y"'))
case("a header again, where files were joined", ABC + ABC, Refusal("this line repeats the header", 7, '3 "y"'))
case(
    "a header again in a file of texts",
    "k,y\nu,no\nv,yes\nk,y\nu,yes\nv,no\n",
    Refusal("this line may be a header or data", 1),
)
case(
    "a header far down in a file of texts",
    "k,y\n" + "u,no\nv,yes\n" * 60 + "k,y\n" + "u,yes\nv,no\n",
    Refusal("this line repeats the header", 122, '2 "y"'),
)
case(
    "a name that is a text of its column",
    "k,other\nu,other\nv,none\nu,none\n",
    Refusal("this line may be a header or data", 1),
)
case(
    "a line of units below the header",
    "a,b,y\nm,kg,s\n1,2,3\n4,5,6\n7,7,7\n",
    Refusal('"s" is not a number', 2, '3 "y"'),
)
case(
    "a header of numbers above numbers",
    "1990,1991,gdp\n1,2,3\n4,5,6\n2,2,9\n",
    Table(("1990", "1991", "gdp"), (("1", "2", "3"), ("4", "5", "6"), ("2", "2", "9"))),
)
case("no header", ABC[6:], Table(("x1", "x2", "y"), MEANT.rows))
case(
    "no header, and all of it texts",
    "u,no\nv,yes\nu,yes\nv,no\nv,yes\n",
    Table(("x1=v", "y"), (("0", "no"), ("1", "yes"), ("0", "yes"), ("1", "no"), ("1", "yes")), ("no", "yes")),
)
case("no header, a text first", "Ann,1,2\nBob,3,4\n", Refusal("this line may be a header or data", 1))
case("a header and no rows", "a,b,y\n", Refusal("this file has a header and no data", 1))
case("a header and blank lines", "a,b,y\n\n\n", Refusal("this file has a header and no data", 1))
case("nothing", "", Refusal("there are no data in this file"))
case("blanks only", " \n\t\n", Refusal("there are no data in this file"))
case("a mark only", codecs.BOM_UTF8, Refusal("there are no data in this file"))
case("comments only", "# a\n# b", Refusal("there are no data in this file"))
case("one column", "y\n1\n2\n", Refusal("this file has one column only", 1))
case("prose", "It was a dark night.\nRain fell, in torrents.\n", Refusal("", None))

# --- names ----------------------------------------------------------------------------------------------------------
case("two columns of one name", "a,b,a\n1,2,3\n4,5,6\n", Refusal("columns 1 and 3 have the same name", 1, '3 "a"'))
case(
    "two columns of one name but for blanks",
    "a, a,y\n1,2,3\n4,5,6\n",
    Refusal("columns 1 and 2 have the same name", 1, '2 "a"'),
)
case("two targets", "y,a,y\n1,2,3\n4,5,6\n", Refusal("columns 1 and 3 have the same name", 1, '3 "y"'))
case("an empty name", ",a,y\n0,1,2\n1,2,3\n", Refusal("this column has no name", 1, '1 ""'))
case(
    "an unnamed column that is not asked for",
    ",a,y\n0,1,2\n1,2,4\n2,4,3\n",
    table("a,y", "1,2", "2,4", "4,3"),
    "--features",
    "a",
)
case("all names empty", ",,\n1,2,3\n4,5,6\n", Refusal("", None))
for number, odd in enumerate(
    (
        "\x1b[31mred\x1b[0m",
        "a\u202eb",
        "[red]a[/red]",
        "::error::a",
        "<b>&amp;",
        "=2+5",
        "x^2",
        "__import__('os')",
        "a\u200b",
        "theta",
        "intercept2",
        "%s%n",
        "$(id)",
        "`id`",
        "../../x",
        "ａ",
        "é",
        "a" * 5000,
        "\\frac{a}",
        "a|b",
        "NaN1",
        "#a",
    )
):
    name = f"a name: {number} {odd[:20]!r}"
    head = f"b,{odd},y" if odd.startswith("#") else f"{odd},b,y"
    meant = Table(("b", odd, "y") if odd.startswith("#") else (odd, "b", "y"), MEANT.rows)
    case(name, ABC.replace("a,b,y", head, 1), meant)
case("a name like that of a level", "a,a=v,y\nu,1,2\nv,2,3\nu,5,3\n", Refusal("are both named", 1, '2 "a=v"'))
case("a name for the intercept", "intercept,y\n1,2\n3,4\n5,5\n", Refusal("intercept", None))
case("a target that is not there", ABC, Refusal('there is no column "z" for the target'), "--target", "z")
case(
    "a target by an injected name",
    ABC,
    Refusal(r'there is no column "\x1b[31m" for the target'),
    "--target",
    "\x1b[31m",
)

# --- columns: constant, duplicate, wide, texts, classes -------------------------------------------------------------
case(
    "denormals only",
    "a,y\n5e-324,1\n2.5e-324,2\n1e-310,3\n-4.9e-324,4\n",
    Refusal('the values of column "a" are less than 2.2e-308 apart'),
)
case("a name like a brace", ABC.replace("a", "{}", 1), Refusal("this looks like JSON", 1))
case("a constant feature", "a,b,y\n1,7,3\n4,7,6.5\n2,7,1\n", table("a,b,y", "1,7,3", "4,7,6.5", "2,7,1"))
case("constant features only", "a,y\n7,3\n7,6.5\n7,1\n", table("a,y", "7,3", "7,6.5", "7,1"))
case("a feature of zeros", "a,b,y\n1,0,3\n4,0,6.5\n2,0,1\n", table("a,b,y", "1,0,3", "4,0,6.5", "2,0,1"))
case("a feature twice", "a,b,y\n1,1,3\n4,4,6.5\n2,2,1\n", table("a,b,y", "1,1,3", "4,4,6.5", "2,2,1"))
case(
    "features that are multiples",
    "a,b,y\n1,-1e9,3\n4,-4e9,6.5\n2,-2e9,1\n",
    table("a,b,y", "1,-1e9,3", "4,-4e9,6.5", "2,-2e9,1"),
)
case("a constant target", "a,y\n1,5\n2,5\n4,5\n", table("a,y", "1,5", "2,5", "4,5"))
case("a target that is a feature", "a,b,y\n1,3,3\n4,6.5,6.5\n2,1,1\n", table("a,b,y", "1,3,3", "4,6.5,6.5", "2,1,1"))
case("fewer rows than columns", "a,b,c,y\n1,2,3,4\n4,5,7,6.5\n", table("a,b,c,y", "1,2,3,4", "4,5,7,6.5"))
case("one row", "a,y\n1,2\n", table("a,y", "1,2"))
case("one row without a header", "1,2\n", Table(("x1", "y"), (("1", "2"),)))
case(
    "scales 1e-12 to 1e12",
    "a,b,y\n1e12,1e-12,3\n4e12,5e-12,6.5\n2e12,7e-12,1\n3e12,3e-12,9\n",
    table("a,b,y", "1e12,1e-12,3", "4e12,5e-12,6.5", "2e12,7e-12,1", "3e12,3e-12,9"),
)
case(
    "an offset of 1e9",
    "a,y\n1000000001,3\n1000000004,6.5\n1000000002,1\n",
    table("a,y", "1000000001,3", "1000000004,6.5", "1000000002,1"),
)
WIDE = [f"{i}" for i in range(60)]
case(
    "60 columns and 3 rows",
    "\n".join(
        [
            ",".join([f"c{j}" for j in WIDE] + ["y"]),
            *(",".join([f"{(i * 7 + int(j) * 3) % 11}" for j in WIDE] + [str(i * i)]) for i in range(3)),
            "",
        ]
    ),
    Table(
        (*(f"c{j}" for j in WIDE), "y"),
        tuple((*(f"{(i * 7 + int(j) * 3) % 11}" for j in WIDE), str(i * i)) for i in range(3)),
    ),
)
case(
    "3000 rows",
    "a,y\n" + "".join(f"{i % 97},{i % 89}\n" for i in range(3000)),
    Table(("a", "y"), tuple((f"{i % 97}", f"{i % 89}") for i in range(3000))),
)
cell(
    "a,y\n" + "".join(f"{i % 97},{i % 89}\n" for i in range(3000)) + "oops,1\n",
    '"oops" is not a number',
    3002,
    '1 "a"',
    "a word on line 3002",
)
cell(
    "a,y\n" + "x,1\ny,2\n" * 60 + "".join(f"{i % 97},{i % 89}\n" for i in range(300)),
    '"x" is not a number',
    2,
    '1 "a"',
    "a column of texts first and numbers below",
)
case(
    "a text feature",
    "c,a,y\nred,1,2\nblue,2,3\ngreen,3,5\nred,4,4\n",
    table("c=green,c=red,a,y", "0,1,1,2", "0,0,2,3", "1,0,3,5", "0,1,4,4"),
)
case(
    "texts that differ by case",
    "c,a,y\nRed,1,2\nred,2,3\nRED,3,5\nred,4,4\n",
    table("c=Red,c=red,a,y", "1,0,1,2", "0,1,2,3", "0,0,3,5", "0,1,4,4"),
)
case("a text feature of one level", "c,a,y\nk,1,2\nk,2,3\nk,5,1\n", table("a,y", "1,2", "2,3", "5,1"))
case(
    "ids as a feature",
    "id,a,y\n" + "".join(f"n{i},{i},{i * i % 7}.5\n" for i in range(6)),
    Refusal("every row has a text of its own here", None),
)
case(
    "ids as the target",
    "a,y\n" + "".join(f"{i},id-{i}\n" for i in range(30)),
    Refusal("this target has 30 different texts", None),
)
case(
    "60 levels",
    "c,a,y\n" + "".join(f"n{i % 60},{i},{i % 3}\n" for i in range(200)),
    Refusal("this text column has 60 different values", None),
)
case(
    "levels with escape sequences",
    "c,a,y\n\x1b[31m,1,2\nb,2,3\n\x1b[31m,3,5\nb,5,9\n",
    Table(("c=b", "a", "y"), (("0", "1", "2"), ("1", "2", "3"), ("0", "3", "5"), ("1", "5", "9"))),
)
for low, high in (
    ("0", "1"),
    ("-1", "1"),
    ("1", "2"),
    ("False", "True"),
    ("no", "yes"),
    ("N", "Y"),
    ("0.5", "1.5"),
    ("f", "m"),
    ("1e3", "2e3"),
):
    marks = (low, high, high, low, high, low)
    shown = {"1e3": "1000", "2e3": "2000"}
    labels = tuple(shown.get(mark, mark) for mark in (low, high))
    case(
        f"labels {low} and {high}",
        "a,y\n" + "".join(f"{a},{mark}\n" for a, mark in zip("132546", marks, strict=True)),
        Table(("a", "y"), tuple(zip("132546", marks, strict=True)), labels),
    )
case(
    "labels of three kinds",
    "a,y\n1,u\n3,v\n2,w\n2,u\n1,v\n3,w\n",
    table("a,y", "1,u", "3,v", "2,w", "2,u", "1,v", "3,w", labels="u,v,w"),
)
case("labels of one kind", "a,y\n1,yes\n2,yes\n", Refusal('every row of the target is "yes"', None))
case("labels with one missing", "a,y\n1,yes\n2,\n3,no\n", Refusal("an empty cell", 3, '2 "y"'))
case("labels of mixed kinds", "a,y\n1,1\n2,0\n3,yes\n4,1\n5,0\n", Refusal('"yes" is not a number', 4, '2 "y"'))
case("labels with units", "a,y\n1,5 kg\n2,6 kg\n3,5 kg\n4,6 kg\n", Refusal("a number with a unit", 2, '2 "y"'))
case("dates as the target", "a,y\n1,2020-01-01\n2,2020-01-02\n3,2020-01-03\n", Refusal("a date", 2, '2 "y"'))
case("an empty column", "a,b,y\n1,,3\n4,,6\n", Refusal("an empty cell (one of 2 in this column)", 2, '2 "b"'))
case("an empty row", "a,b,y\n1,2,3\n,,\n4,5,6\n", Refusal("an empty cell", 3, '3 "y"'))
case(
    "a bad cell that is not asked for",
    "a,b,y\n1,oops,2\n3,4,4\n5,6,5\n",
    table("a,y", "1,2", "3,4", "5,5"),
    "--features",
    "a",
)

# --- compressed -----------------------------------------------------------------------------------------------------
PACKED = gzip.compress(utf8(ABC), mtime=0)
LONG = utf8("a,y\n" + "".join(f"{i},{i * i % 97}\n" for i in range(4000)))
case("gzip", PACKED, MEANT, file="data.csv.gz")
case("gzip by another name", PACKED, MEANT, file="data.csv")
case("a text named .gz", ABC, MEANT, file="data.csv.gz")
case("gzip of two members", gzip.compress(utf8(ABC[:12])) + gzip.compress(utf8(ABC[12:])), MEANT, file="data.csv.gz")
case("gzip cut short", gzip.compress(LONG)[:-900], Refusal("the gzip data are truncated"), file="data.csv.gz")
case("gzip cut in its last bytes", PACKED[:-3], Refusal("the gzip data are truncated"), file="data.csv.gz")
case("gzip with a wrong checksum", PACKED[:-8] + b"x" * 8, Refusal("the gzip data are damaged"), file="data.csv.gz")
case(
    "gzip with a bit turned",
    PACKED[:30] + bytes([PACKED[30] ^ 4]) + PACKED[31:],
    Refusal("the gzip data are"),
    file="data.csv.gz",
)
case("gzip with a tail of text", PACKED + b"a,y\n", Refusal("the gzip data are damaged"), file="data.csv.gz")
case("gzip of gzip", gzip.compress(PACKED), Refusal("compressed with gzip twice"), file="data.csv.gz")
case("gzip of nothing", gzip.compress(b""), Refusal("there are no data in this file"), file="data.csv.gz")
case("zstd", zstandard.compress(utf8(ABC)), MEANT, file="data.csv.zst")
case("zstd cut short", zstandard.compress(LONG)[:-50], Refusal("the zstd data are truncated"), file="data.csv.zst")
case("zstd damaged", zstandard.compress(LONG)[:60] + bytes(60), Refusal("the zstd data are"), file="data.csv.zst")
case("bzip2", bz2.compress(utf8(ABC)), Refusal("compressed with bzip2"), file="data.csv.bz2")
case("xz", lzma.compress(utf8(ABC)), Refusal("compressed with xz"), file="data.csv.xz")
case("a zip archive of a table", zipped(("data.csv", utf8(ABC))), Refusal("this is a zip archive"), file="data.zip")
case(
    "a zip archive in a zip archive",
    zipped(("a.zip", zipped(("data.csv", utf8(ABC))))),
    Refusal("this is a zip archive"),
    file="data.zip",
)
case("an Excel workbook", zipped(("xl/workbook.xml", b"<x/>")), Refusal("this is an Excel workbook"), file="data.xlsx")
BOMB = gzip.compress(b"a,y\n" + b"1,2\n" * 10_000_000, compresslevel=1)
case("a bomb in gzip", BOMB, Refusal("is beyond", code=Exit.EXHAUSTED), "--memory", "8MB", file="data.csv.gz")
case(
    "a bomb in zstd",
    zstandard.compress(b"a,y\n" + b"1,2\n" * 10_000_000),
    Refusal("is beyond", code=Exit.EXHAUSTED),
    "--memory",
    "8MB",
    file="data.csv.zst",
)
case(
    "a bomb in an archive of arrays",
    archived(X=np.zeros((4_000_000, 1)), y=np.zeros(4_000_000)),
    Refusal("is beyond", code=Exit.EXHAUSTED),
    "--memory",
    "8MB",
    file="data.npz",
)

# --- other formats --------------------------------------------------------------------------------------------------
ROWS = [dict(zip(MEANT.columns, row, strict=True)) for row in MEANT.rows]
LINES = ["{" + ", ".join(f'"{key}": {value}' for key, value in row.items()) + "}" for row in ROWS]


def lines(*changed: tuple[int, str]) -> str:
    """The table as JSON lines, some of them (by their number) others."""
    found = dict(changed)
    return "".join(found.get(number, text) + "\n" for number, text in enumerate(LINES, 1))


def member(value: str) -> str:
    """The third JSON line with another value for b."""
    return lines((3, '{"a": 2, "b": ' + value + ', "y": 1}'))


case("JSON lines", lines(), MEANT, file="data.ndjson")
case("JSON lines, keys in another order", lines((3, '{"y": 1, "b": 7, "a": 2}')), MEANT, file="data.ndjson")
case("JSON lines, numbers as texts", member('"7"'), MEANT, file="data.ndjson")
case("JSON lines behind a mark", codecs.BOM_UTF8 + utf8(lines()), MEANT, file="data.ndjson")
for value, words in (
    ("NaN", 'a missing cell, "NaN"'),
    ("Infinity", "an infinity"),
    ("-Infinity", "an infinity"),
    ("1e400", "a number beyond the largest double"),
    ("null", "an empty cell"),
    ("true", '"true" is not a number'),
    ("[7]", "a list where a number or a text is needed"),
    ('{"c": 7}', "an object where a number or a text is needed"),
    ('"seven"', '"seven" is not a number'),
    ('"7 kg"', "a number with a unit"),
    (r'"\u001b[31m"', r'"\x1b[31m" is not a number'),
    (r'"\ud800"', "half a character"),
):
    case(f"JSON lines: a value {value}", member(value), Refusal(words, 3, '2 "b"'), file="data.ndjson")
case(
    "JSON lines: a key twice",
    lines((3, '{"a": 2, "b": 7, "b": 8, "y": 1}')),
    Refusal('the key "b" comes twice', 3),
    file="data.ndjson",
)
case(
    "JSON lines: a key twice in the first",
    lines((1, '{"a": 1, "b": 2, "b": 8, "y": 3}')),
    Refusal('the key "b" comes twice', 1),
    file="data.ndjson",
)
case(
    "JSON lines: a key missing",
    lines((3, '{"a": 2, "y": 1}')),
    Refusal('the key "b" of the first line is missing', 3),
    file="data.ndjson",
)
case(
    "JSON lines: a key more",
    lines((3, '{"a": 2, "b": 7, "c": 7, "y": 1}')),
    Refusal('the key "c" is not in the first line', 3),
    file="data.ndjson",
)
case("JSON lines: cut short", lines()[:-9], Refusal("this line is not JSON", 5), file="data.ndjson")
case(
    "JSON lines: no object", lines((3, "[2, 7, 1]")), Refusal("this line is JSON, but no object", 3), file="data.ndjson"
)
case("JSON lines: deep", member("[" * 100_000), Refusal("this line is not JSON", 3), file="data.ndjson")
case("JSON lines: 01", member("01"), Refusal("this line is not JSON", 3), file="data.ndjson")
case(
    "JSON lines: a lone surrogate in a key",
    lines().replace('"b"', r'"\ud800"'),
    Refusal("half a character", 1),
    file="data.ndjson",
)
case(
    "JSON lines: integers of 20 digits",
    '{"a": 12345678901234567891, "y": 1}\n{"a": 9007199254740993, "y": 2}\n{"a": 5, "y": 4}\n',
    table("a,y", "12345678901234567891,1", "9007199254740993,2", "5,4"),
    file="data.ndjson",
)
case("JSON, an array of objects", json.dumps(ROWS), Refusal("this looks like JSON"), file="data.json")
case("JSON, an object of arrays", '{"a": [1, 2], "y": [3, 4]}', Refusal("", None), file="data.json")
case("JSON over many lines", json.dumps(ROWS, indent=1), Refusal("this looks like JSON"), file="data.json")
case("ARFF", "@relation r\n@attribute a numeric\n@data\n1,2\n", Refusal("this looks like ARFF"), file="data.arff")
case("XML", "<?xml version='1.0'?><a/>", Refusal("this looks like HTML or XML"), file="data.xml")
case("HTML", "<!DOCTYPE html><table><tr><td>1</td></tr></table>", Refusal("this looks like HTML or XML"))
case(
    "LIBSVM",
    "3 1:1 2:2\n6.5 1:4 2:5\n1 1:2 2:7\n9 2:3 1:3\n",
    Table(("x1", "x2", "y"), (("1", "2", "3"), ("4", "5", "6.5"), ("2", "7", "1"), ("3", "3", "9"))),
    file="data.svm",
)
case(
    "LIBSVM, what is left out is 0",
    "3 1:1\n6.5 2:5\n1 1:2 2:7\n",
    table("x1,x2,y", "1,0,3", "0,5,6.5", "2,7,1"),
    file="data.svm",
)
case("LIBSVM, an index twice", "3 1:1 2:2\n6 1:4 1:5\n", Refusal("the index 1 comes twice", 2), file="data.svm")
case("LIBSVM, an infinity", "3 1:1 2:2\n6 1:inf\n", Refusal('"1:inf" is no index:value pair', 2), file="data.svm")
case("LIBSVM, nan", "3 1:1 2:2\n6 1:nan\n", Refusal('"1:nan" is no index:value pair', 2), file="data.svm")
case("LIBSVM, a label of words", "3 1:1 2:2\nyes 1:4\n", Refusal('the label "yes" is not a number', 2), file="data.svm")
case("LIBSVM, a negative index", "3 1:1 2:2\n6 -1:4\n", Refusal("is no index:value pair", 2), file="data.svm")
case(
    "LIBSVM, an index of a billion", "3 1:1 999999999:2\n6 1:4\n", Refusal("would make a dense table"), file="data.svm"
)
case(
    "LIBSVM, an index of 40 digits",
    "3 1:1\n6 " + "9" * 40 + ":4\n",
    Refusal("is no index:value pair", 2),
    file="data.svm",
)

MATRIX = np.array([[float(cell) for cell in row] for row in MEANT.rows])
NAMELESS = Table(("x1", "x2", "y"), MEANT.rows)


class Trap:
    """An object that writes a file wherever it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("unpickled",)


def spoilt(value: float) -> np.ndarray:
    """The matrix with another value for b in its third row."""
    found = MATRIX.copy()
    found[2, 1] = value
    return found


case("npy", saved(MATRIX), NAMELESS, file="data.npy")
case("npy by columns", saved(np.asfortranarray(MATRIX)), NAMELESS, file="data.npy")
case("npy, big end first", saved(MATRIX.astype(">f8")), NAMELESS, file="data.npy")
case(
    "npy of integers beyond 2^53",
    saved(np.array([[2**53 + 1, 1], [2**63 - 1, 2], [5, 4]])),
    table("x1,y", "9007199254740993,1", "9223372036854775807,2", "5,4"),
    file="data.npy",
)
for value, words in ((np.nan, 'a missing cell, "nan"'), (np.inf, "an infinity"), (-np.inf, "an infinity")):
    case(f"npy with {value}", saved(spoilt(value)), Refusal(words, column='2 "x2"', row=3), file="data.npy")
    case(
        f"npz with {value}",
        archived(X=spoilt(value)[:, :2], y=MATRIX[:, 2]),
        Refusal(words, column='2 "x2"', row=3),
        file="data.npz",
    )
    case(
        f"Parquet with {value}",
        frame("parquet", a=MATRIX[:, 0], b=spoilt(value)[:, 1], y=MATRIX[:, 2]),
        Refusal(words, column='2 "b"', row=3),
        file="data.parquet",
    )
case(
    "npy of objects",
    saved(np.array([[Trap(), 1], [2, 3]], dtype=object), allow_pickle=True),
    Refusal("holds Python objects, not real numbers"),
    file="data.npy",
)
case("npy of complex numbers", saved(MATRIX.astype(complex)), Refusal("not real numbers"), file="data.npy")
case("npy of texts", saved(MATRIX.astype(str)), Refusal("not real numbers"), file="data.npy")
case(
    "npy of dates",
    saved(np.array([["2020-01-01", "2020-01-02"]], dtype="M8[D]")),
    Refusal("not real numbers"),
    file="data.npy",
)
case("npy of one dimension", saved(MATRIX[0]), Refusal("has 1 dimension, and a table has 2"), file="data.npy")
case("npy of three dimensions", saved(MATRIX[None]), Refusal("has 3 dimensions, and a table has 2"), file="data.npy")
case("npy of no rows", saved(MATRIX[:0]), Refusal("no data"), file="data.npy")
case("npy of one column", saved(MATRIX[:, :1]), Refusal("has 1 column"), file="data.npy")
case("npy cut short", saved(MATRIX)[:-5], Refusal("another length than its header says"), file="data.npy")
case("npy with a tail", saved(MATRIX) + b"x", Refusal("another length than its header says"), file="data.npy")
case(
    "npy whose header lies",
    dictionary("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 99), }"),
    Refusal("another length than its header says"),
    file="data.npy",
)
case(
    "npy whose shape is negative",
    dictionary("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 3), }") + bytes(48),
    Refusal("", None),
    file="data.npy",
)
case(
    "npy whose header is code",
    dictionary("__import__('os').mkdir('unpickled')"),
    Refusal("this NumPy file is damaged"),
    file="data.npy",
)
case(
    "npy of version 9", b"\x93NUMPY\x09\x00" + saved(MATRIX)[8:], Refusal("this NumPy file is damaged"), file="data.npy"
)
case("npz", archived(X=MATRIX[:, :2], y=MATRIX[:, 2]), NAMELESS, file="data.npz")
case("npz of columns", archived(a=MATRIX[:, 0], b=MATRIX[:, 1], y=MATRIX[:, 2]), MEANT, file="data.npz")
case(
    "npz of objects",
    zipped(("X.npy", saved(np.array([[Trap()]], dtype=object), allow_pickle=True)), ("y.npy", saved(MATRIX[:, 2]))),
    Refusal("holds Python objects"),
    file="data.npz",
)
case(
    "npz of unequal lengths",
    archived(X=MATRIX[:, :2], y=MATRIX[:3, 2]),
    Refusal("these arrays make no table"),
    file="data.npz",
)
case(
    "npz with a name twice",
    zipped(("X.npy", saved(MATRIX[:, :2])), ("X.npy", saved(MATRIX[:, :2] + 1)), ("y.npy", saved(MATRIX[:, 2]))),
    Refusal("twice"),
    file="data.npz",
)
case("npz cut short", archived(X=MATRIX[:, :2], y=MATRIX[:, 2])[:-30], Refusal("", None), file="data.npz")
DAMAGED = bytearray(zipped(("X.npy", saved(MATRIX[:, :2])), ("y.npy", saved(MATRIX[:, 2]))))
DAMAGED[90] ^= 1
case("npz with a bit turned", bytes(DAMAGED), Refusal("this NumPy archive is damaged"), file="data.npz")
case("a pickle", pickle.dumps(Trap()), Refusal("", None), file="data.pkl")
case("a pickle of an old protocol", pickle.dumps([Trap(), Trap()], 0), Refusal("", None), file="data.pkl")
case("Parquet", frame("parquet", a=MATRIX[:, 0], b=MATRIX[:, 1], y=MATRIX[:, 2]), MEANT, file="data.parquet")
case("Arrow", frame("ipc", a=MATRIX[:, 0], b=MATRIX[:, 1], y=MATRIX[:, 2]), MEANT, file="data.arrow")
case(
    "Parquet with a gap",
    frame("parquet", a=[1, 4, 2], b=[2, None, 7], y=[3.0, 6.5, 1.0]),
    Refusal("an empty cell", column='2 "b"', row=2),
    file="data.parquet",
)
case(
    "Parquet of lists",
    frame("parquet", a=[[1], [4], [2]], y=[3.0, 6.5, 1.0]),
    Refusal("neither numbers nor texts"),
    file="data.parquet",
)
case(
    "Parquet of decimals",
    frame("parquet", a=pl.Series(["0.1", "2.675", "1.005"]).cast(pl.Decimal(38, 18)), y=[3.0, 6.5, 1.0]),
    table("a,y", "0.1,3", "2.675,6.5", "1.005,1"),
    file="data.parquet",
)
case(
    "Parquet of long decimals",
    frame(
        "parquet",
        a=pl.Series(["0.12345678901234567891", "123456789.01234567890123", "99999999999.00000000000001"]).cast(
            pl.Decimal(38, 22)
        ),
        y=[3.0, 6.5, 1.0],
    ),
    table("a,y", "0.12345678901234567891,3", "123456789.01234567890123,6.5", "99999999999.00000000000001,1"),
    file="data.parquet",
)
case(
    "Parquet of integers beyond 2^53",
    frame("parquet", a=pl.Series([2**53 + 1, 2**64 - 1, 5], dtype=pl.UInt64), y=[3.0, 6.5, 1.0]),
    table("a,y", f"{2**53 + 1},3", f"{2**64 - 1},6.5", "5,1"),
    file="data.parquet",
)
case(
    "Parquet of dates",
    frame("parquet", a=pl.Series(["2020-01-01", "2020-01-02", "2020-01-03"]).str.to_date(), y=[3.0, 6.5, 1.0]),
    Refusal("a date", column='1 "a"', row=1),
    file="data.parquet",
)
case(
    "Parquet cut short",
    frame("parquet", a=[1, 2], y=[3, 4])[:-20],
    Refusal("this is a Parquet file"),
    file="data.parquet",
)
DAMAGED = bytearray(frame("parquet", a=MATRIX[:, 0], b=MATRIX[:, 1], y=MATRIX[:, 2]))
DAMAGED[-8:-4] = b"\xff\xff\xff\x7f"
case("Parquet with a damaged footer", bytes(DAMAGED), Refusal("this Parquet file is damaged"), file="data.parquet")
case("Arrow cut short", frame("ipc", a=[1, 2], y=[3, 4])[:-20], Refusal("", None), file="data.arrow")
case("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(100), Refusal("this is an HDF5 file"), file="data.h5")
case("SQLite", b"SQLite format 3\0" + bytes(100), Refusal("this is an SQLite database"), file="data.db")
case("PDF", b"%PDF-1.7\n", Refusal("this is a PDF document"), file="data.pdf")
case("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), Refusal("this is a picture"), file="data.png")
case(
    "an old Excel workbook",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    Refusal("this is an old Excel workbook"),
    file="data.xls",
)
case("a program", b"\x7fELF\x02\x01\x01" + bytes(100), Refusal("", None), file="data")


# --- what is no file ------------------------------------------------------------------------------------------------
def folder(path: Path) -> None:
    """A folder of tables."""
    path.mkdir()
    (path / "inner.csv").write_text(ABC, encoding="utf-8")


def pipe(path: Path) -> None:
    """A pipe, and one who writes into it."""
    import threading

    os.mkfifo(path)
    threading.Thread(target=path.write_text, args=(ABC,), daemon=True).start()


def bound(path: Path) -> None:
    """A socket; its path must be short."""
    import socket

    with socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)


def chain(path: Path) -> None:
    """A link to a link to a table."""
    (path.parent / "there.csv").write_text(ABC, encoding="utf-8")
    (path.parent / "link").symlink_to("there.csv")
    path.symlink_to("link")


def unreadable(path: Path) -> None:
    """A table that only its superuser may read."""
    path.write_text(ABC, encoding="utf-8")
    path.chmod(0)


case("a name of no text", ABC, MEANT, file="\udcff\x1b[31m.csv")
made("a folder", folder, Refusal("this is a folder, not a file"))
made("a pipe", pipe, MEANT)
made("a socket", bound, Refusal("cannot be read: "))
made("a link to a link", chain, MEANT)
made("a loop of links", lambda path: path.symlink_to(path.name), Refusal("Too many levels of symbolic links"))
made("a link to nowhere", lambda path: path.symlink_to("absent"), Refusal("there is no such file"))
made("a link to a folder", lambda path: path.symlink_to("."), Refusal("this is a folder, not a file"))
made("no file", lambda path: None, Refusal("there is no such file"))
for device in ("zero", "random", "null", "full"):
    made(f"/dev/{device}", lambda path, device=device: path.symlink_to(f"/dev/{device}"), Refusal("this is a device"))  # type: ignore[misc]
made("unreadable", unreadable, Refusal("no permission to read this file"))
