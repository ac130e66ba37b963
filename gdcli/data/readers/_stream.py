"""Large delimited text, piece by piece: the fast way where it can, the careful way for the pieces where it cannot."""

from __future__ import annotations

import codecs
from array import array
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from gdcli.data.blocks import MAX_KEPT_LEVELS, Block, Scan
from gdcli.data.encoding import decode, decode_piece, line_at
from gdcli.data.readers._careful import OpenQuoteError, records, rectangular
from gdcli.data.readers._cells import encode
from gdcli.data.readers._fast import Parse, by_numpy, by_polars, parser
from gdcli.data.readers._layout import comments
from gdcli.data.readers._sniff import SAMPLE, Dialect, sniff
from gdcli.data.source import Source, Stream
from gdcli.data.stored import Cells
from gdcli.data.table import Place
from gdcli.errors import DataError

# NumPy takes ten times a piece's size, and no longer for a smaller one.
_PIECES: dict[Parse, int] = {by_polars: 8 << 20, by_numpy: 1 << 20}
_CAREFUL = 1 << 20
_HEAD = 1 << 20
_THREADS = 2


@dataclass(frozen=True)
class Opening:
    """What a file's first records tell: its dialect, and how many bytes and lines stand before the rows."""

    dialect: Dialect
    bytes: int
    lines: int


@dataclass
class _Way:
    """Where a scan stands: the file, its parser, the columns not to read as numbers, lines and records so far."""

    file: str
    dialect: Dialect
    parse: Parse
    texts: frozenset[int]
    odd: frozenset[int]
    lines: int
    at: int
    waiting: deque[_Piece] = field(default_factory=deque)
    sha256: str = ""


@dataclass(frozen=True)
class _Piece:
    raw: bytes
    odd: frozenset[int]
    block: Future[Block | None]


def scan(source: Source, size: int | None = None) -> Scan | None:
    """Read delimited text in pieces of `size` bytes, or as many as suit the parser; None for what must be read whole.

    That is UTF-16, a carriage return as the end of a line, and a last column that a delimiter at every end of a line
    makes. Raises DataError as the reading of the whole does.
    """
    opening = _open(source)
    if opening is None:
        return None
    found, first = opening.dialect, opening.dialect.first
    parse = parser(source.size, found.delimiter)
    way = _Way(source.file, found, parse, found.texts, found.odd, opening.lines, int(first.header))
    blocks = _blocks(source, opening.bytes, way, size or _PIECES[parse])
    return Scan(found.names, first.line, first.width, found.delimiter, found.choices, blocks, lambda: way.sha256)


def again(source: Source, index: int, size: int = _CAREFUL) -> Cells:
    """Read one column's cells carefully; also the line on which each record begins."""
    opening = _open(source)
    if opening is None:
        raise DataError("this file changed while it was read", file=source.file, hint="run this again")
    dialect = opening.dialect
    cells: list[str] = []
    lines = array("q")
    skipped = opening.lines
    with source.open() as stream:
        stream.read(opening.bytes)
        ahead = _pieces(stream, size)
        for raw in ahead:
            piece, starts, rows = _records(raw, ahead, skipped, dialect.first.header + len(cells), dialect, source.file)
            lines.extend(starts)
            cells += [row[index].strip() for row in rows]
            skipped += line_at(piece) - 1
    return cells, lambda row: Place(lines[row])


def _open(source: Source) -> Opening | None:
    """Read until the first 100 records are there, and judge by them; None for what must be read whole."""
    opening = None
    with source.open() as stream:
        head = b""
        while more := stream.lines(max(len(head), _HEAD)):
            head += more
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(b"\r") != head.count(b"\r\n"):
                return None
            text, encoding = decode(head, source.file)
            if not text[comments(text)[0] :].strip():
                continue
            try:
                dialect = sniff(text, encoding, source.file)
            except OpenQuoteError:
                return None
            before = len(head) - len(text[dialect.body :].encode())
            opening = Opening(dialect, before, line_at(head[:before]) - 1)
            if dialect.sampled == SAMPLE:
                break
    return None if opening is None or opening.dialect.trailing else opening


def _pieces(stream: Stream, size: int) -> Iterator[bytes]:
    while raw := stream.lines(size):
        yield raw


def _blocks(source: Source, skip: int, way: _Way, size: int) -> Iterator[Block]:
    """Parse two pieces at a time, in the order of the file; an odd piece waits for the careful reader."""
    with ThreadPoolExecutor(_THREADS) as pool, source.open() as stream:
        stream.read(skip)
        coming = _pieces(stream, size)
        while True:
            while len(way.waiting) <= _THREADS and (raw := next(coming, None)) is not None:
                way.waiting.append(_submit(pool, way, raw))
            if not way.waiting:
                break
            piece = way.waiting.popleft()
            block = piece.block.result()
            if block is None and piece.odd != way.odd:
                block = _submit(pool, way, piece.raw).block.result()
            if block is None:
                block = _odd_piece(piece.raw, coming, way)
            else:
                # polars takes a line for a row, or nothing; NumPy skips blank lines.
                way.lines += len(block.values) if way.parse is by_polars else piece.raw.count(b"\n")
            way.at += len(block.values)
            way.odd |= block.odd | {j for j, names in block.texts.items() if len(names) > MAX_KEPT_LEVELS}
            way.texts -= way.odd
            yield block
        way.sha256 = stream.sha256()


def _submit(pool: ThreadPoolExecutor, way: _Way, raw: bytes) -> _Piece:
    future = pool.submit(way.parse, raw, way.dialect.delimiter, way.dialect.first.width, way.texts, way.odd)
    return _Piece(raw, way.odd, future)


def _odd_piece(raw: bytes, coming: Iterator[bytes], way: _Way) -> Block:
    piece, _, rows = _records(raw, _ahead(coming, way), way.lines, way.at, way.dialect, way.file)
    way.lines += line_at(piece) - 1
    return encode(rows, way.dialect.first.width, way.texts, way.odd)


def _ahead(coming: Iterator[bytes], way: _Way) -> Iterator[bytes]:
    """Yield the pieces behind this one, out of the hands of those who wait with them."""
    while way.waiting:
        yield way.waiting.popleft().raw
    yield from coming


def _records(
    raw: bytes, ahead: Iterator[bytes], skipped: int, at: int, dialect: Dialect, file: str
) -> tuple[bytes, list[int], list[list[str]]]:
    """Read a piece, and those behind it that a quoted field reaches into, carefully: (bytes, lines, fields)."""
    while True:
        try:
            text = decode_piece(raw, file, skipped)
            found = records(text, 0, skipped, dialect.delimiter, file)
            lines, rows = rectangular(found, dialect.first, at, file)
        except OpenQuoteError:
            more = next(ahead, None)
            if more is None:
                raise
            raw += more
        else:
            return raw, lines, rows
