"""LIBSVM text: `label index:value ...`, what is not named being zero; read as a dense table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from gdcli.data.blocks import Block, Scan
from gdcli.data.encoding import decode_piece
from gdcli.data.numbers import number
from gdcli.data.source import Source, Stream
from gdcli.data.stored import Cells
from gdcli.errors import DataError
from gdcli.escape import visible

_FIRST = re.compile(rb"[+-]?[0-9.]+(e[+-]?[0-9]+)?([ \t]+[0-9]+:[^\s:]+)+[ \t]*(#.*)?\r?$")
_INDEX = re.compile(r"[0-9]{1,9}")
_PIECE = 1 << 20
_BATCH_BYTES = 1 << 24
# A table whose zeros take so much more room than the file does was not meant to be dense.
_DENSE = 1 << 30
_BLOWN_UP = 256


class Line(NamedTuple):
    """A row: its label, and its values by their index."""

    label: float
    values: dict[int, float]


def claims(source: Source) -> bool:
    """The first line that is no comment is a label and pairs of an index and a value."""
    lines = (line for line in source.head.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip())
    first = next((line for line in lines if not line.lstrip().startswith(b"#")), b"")
    return _FIRST.match(first.lstrip()) is not None


def read(source: Source) -> Scan:
    """Read the rows twice: once for the largest index, once for the numbers. Columns are y, then x1 to xd (from x0,
    where the index 0 is used).

    Raises DataError naming the line for what is no pair, an index that comes twice, and a table too wide to be dense.
    """
    low, high, rows = 1, 0, 0
    with source.open() as stream:
        for line in _lines(stream, source.file):
            rows += 1
            low, high = min(low, *line.values, 1), max(high, *line.values, 0)
        sha256 = stream.sha256()
    width = high - low + 2
    if rows * width * 8 > max(_DENSE, _BLOWN_UP * source.size):
        message = f"{rows} rows and indices up to {high} would make a dense table of {rows * width * 8 / 1e9:.3g} GB"
        raise DataError(message, file=source.file, hint="keep fewer features: gdcli works on dense tables")
    names = ("y", *(f"x{j}" for j in range(low, high + 1)))
    choices = ("format: LIBSVM; a value that is not named is 0",)
    return Scan(names, None, width, "", choices, _blocks(source, low, width), lambda: sha256)


def again(source: Source, index: int) -> Cells:
    """Nothing is read again: a line with a value that is no number ends the reading."""
    raise AssertionError("every column of a LIBSVM file is numbers")


def _blocks(source: Source, low: int, width: int) -> Iterator[Block]:
    size = max(1, _BATCH_BYTES // (8 * width))
    with source.open() as stream:
        lines = _lines(stream, source.file)
        while batch := list(islice(lines, size)):
            values = np.zeros((len(batch), width))
            for row, line in zip(values, batch, strict=True):
                row[0] = line.label
                row[[j - low + 1 for j in line.values]] = list(line.values.values())
            yield Block(values)


def _lines(stream: Stream, file: str) -> Iterator[Line]:
    before = 0
    while piece := stream.lines(_PIECE):
        if before == 0:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        for text in decode_piece(piece, file, before).removesuffix("\n").split("\n"):
            before += 1
            words = text.partition("#")[0].split()
            if words:
                yield _line(words, file, before)


def _line(words: list[str], file: str, line: int) -> Line:
    label = number(words[0])
    if label is None:
        message = f'the label "{visible(words[0])}" is not a number'
        raise DataError(message, file=file, line=line, hint="a line is a label and index:value pairs")
    values: dict[int, float] = {}
    for word in words[1:]:
        index, _, cell = word.partition(":")
        value = number(cell)
        if not _INDEX.fullmatch(index) or value is None:
            message = f'"{visible(word)}" is no index:value pair of a whole number and a number'
            raise DataError(message, file=file, line=line, hint="write it like 3:0.5; qid and text are not read")
        if int(index) in values:
            raise DataError(f"the index {index} comes twice", file=file, line=line, hint="remove one of the two")
        values[int(index)] = value
    return Line(label, values)
