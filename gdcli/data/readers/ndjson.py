"""JSON lines: an object for each row, with the same keys in all of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from gdcli.data.blocks import MAX_KEPT_LEVELS, Block, Scan
from gdcli.data.encoding import decode_piece
from gdcli.data.names import label
from gdcli.data.readers._cells import encode, kinds
from gdcli.data.source import Source, Stream
from gdcli.data.stored import Cells
from gdcli.data.table import Place
from gdcli.errors import DataError
from gdcli.escape import visible

_PIECE = 1 << 20
_ROWS = 1 << 12
_SAMPLE = 100
_WORDS = {True: "true", False: "false", None: ""}
_HINT = 'each line holds one object, such as {"a": 1, "y": 2}'
Row = tuple[int, list[str]]


def claims(source: Source) -> bool:
    """The first line is an object of two keys at least."""
    line = source.head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    if not line.startswith(b"{"):
        return False
    import json

    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and len(first) > 1


def read(source: Source) -> Scan:
    """Read the rows; numbers are taken by their text, true and false are texts.

    Raises DataError naming the line for one that is no object, or has other keys than the first.
    """
    with source.open() as stream:
        keys = _first_keys(stream, source.file)
    state = {"sha256": ""}
    blocks = _blocks(source, keys, state)
    return Scan(keys, None, len(keys), "", ("format: NDJSON",), blocks, lambda: state["sha256"])


def again(source: Source, index: int) -> Cells:
    """Read one column's values as texts, null as ""."""
    cells: list[str] = []
    lines = array("q")
    with source.open() as stream:
        keys = _first_keys(stream, source.file)
    with source.open() as stream:
        for line, row in _rows(stream, source.file, keys):
            lines.append(line)
            cells.append(row[index].strip())
    return cells, lambda row: Place(lines[row])


def _blocks(source: Source, keys: tuple[str, ...], state: dict[str, str]) -> Iterator[Block]:
    with source.open() as stream:
        rows = _rows(stream, source.file, keys)
        sample = list(islice(rows, _SAMPLE))
        texts, odd = kinds([[row[j].strip() for _, row in sample] for j in range(len(keys))])
        rows = chain(sample, rows)
        while batch := [row for _, row in islice(rows, _ROWS)]:
            block = encode(batch, len(keys), texts, odd)
            odd |= block.odd | {j for j, names in block.texts.items() if len(names) > MAX_KEPT_LEVELS}
            texts -= odd
            yield block
        state["sha256"] = stream.sha256()


def _lines(stream: Stream, file: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers."""
    number = 0
    while piece := stream.lines(_PIECE):
        if number == 0:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        for text in decode_piece(piece, file, number).removesuffix("\n").split("\n"):
            number += 1
            if text.strip():
                yield number, text


def _first_keys(stream: Stream, file: str) -> tuple[str, ...]:
    number, text = next(_lines(stream, file))
    return tuple(_object(text, number, file))


def _rows(stream: Stream, file: str, keys: tuple[str, ...]) -> Iterator[Row]:
    known = set(keys)
    for number, text in _lines(stream, file):
        found = _object(text, number, file)
        if found.keys() != known:
            raise _other_keys(found, keys, number, file)
        yield number, [_cell(found[key], key, keys, number, file) for key in keys]


def _object(text: str, number: int, file: str) -> dict[str, Any]:
    """Return the object of a line, its numbers as they are written."""
    import json

    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_pairs)
    except (ValueError, RecursionError) as error:
        column = f", character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise DataError(f"this line is not JSON: {reason}{column}", file=file, line=number, hint=_HINT) from None
    if not isinstance(found, dict):
        raise DataError("this line is JSON, but no object", file=file, line=number, hint=_HINT)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f'the key "{visible(twice)}" comes twice')
    torn = next(filter(_torn, found), None)
    if torn is not None:
        raise ValueError(f'the key "{visible(torn)}" holds half a character')
    return found


def _torn(text: str) -> bool:
    r"""Whether a text holds a \ud800 without its other half: it cannot be written anywhere."""
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def _other_keys(found: dict[str, Any], keys: tuple[str, ...], number: int, file: str) -> DataError:
    lacking = next((key for key in keys if key not in found), None)
    if lacking is not None:
        message = f'the key "{visible(lacking)}" of the first line is missing here'
    else:
        extra = next(key for key in found if key not in keys)
        message = f'the key "{visible(extra)}" is not in the first line'
    return DataError(message, file=file, line=number, hint="give every line the same keys")


def _cell(value: Any, key: str, keys: tuple[str, ...], number: int, file: str) -> str:
    if isinstance(value, str):
        if _torn(value):
            raise _at(key, keys, number, file, f'"{visible(value)}" holds half a character', "write all of it")
        return value
    if isinstance(value, (dict, list)):
        what = "an object" if isinstance(value, dict) else "a list"
        hint = "give each of its parts a key of its own"
        raise _at(key, keys, number, file, f"{what} where a number or a text is needed", hint)
    return _WORDS[value]


def _at(key: str, keys: tuple[str, ...], number: int, file: str, message: str, hint: str) -> DataError:
    return DataError(message, file=file, line=number, column=label(keys.index(key), key), hint=hint)
