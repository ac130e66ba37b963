"""Delimited text. A fast pass reads plain numbers; whatever is odd is left to a careful one that counts lines."""

from __future__ import annotations

from dataclasses import replace

from gdcli.data.blocks import Scan
from gdcli.data.encoding import decode
from gdcli.data.readers._careful import records, rectangular
from gdcli.data.readers._fast import matrix
from gdcli.data.readers._sniff import Dialect, sniff
from gdcli.data.source import Source
from gdcli.data.stored import Cells
from gdcli.data.table import Numbers, Records, Table


def claims(source: Source) -> bool:
    """Any text is worth a try."""
    return True


def read(source: Source) -> Table | Scan:
    """Read delimited text: its delimiter and header are found from its first lines.

    Raises DataError naming the line for text that is no table: ragged rows, one column, an open quote.
    """
    if source.large:
        from gdcli.data.readers._stream import scan

        found = scan(source)
        if found is not None:
            return found
    return _whole(source)


def again(source: Source, index: int) -> Cells:
    """Read one column's cells, and the lines they stand on."""
    from gdcli.data.readers import _stream

    return _stream.again(source, index)


def _whole(source: Source) -> Table:
    text, encoding = decode(source.content, source.file)
    dialect = sniff(text, encoding, source.file)
    table = _table(source, dialect)
    values = matrix(text[dialect.body :], dialect.delimiter, dialect.first.width)
    if values is not None:
        return replace(table, body=Numbers(values))
    found = records(text, dialect.start, dialect.skipped, dialect.delimiter, source.file)
    lines, rows = rectangular(found, dialect.first, 0, source.file)
    header = dialect.first.header
    return _without_empty_last(replace(table, body=Records(rows[header:], lines[header:])))


def _table(source: Source, dialect: Dialect) -> Table:
    first = dialect.first
    return Table(
        source.file, dialect.names, first.line, first.width, dialect.delimiter, dialect.choices, Records((), ())
    )


def _without_empty_last(table: Table) -> Table:
    """Drop a last column without name or cells: what a delimiter at the end of every line makes."""
    last = table.width - 1
    named = bool(table.names) and bool(table.names[last])
    body = table.body
    if last < 1 or named or not isinstance(body, Records) or not body.rows or any(body.cells(last)):
        return table
    said = f"ignored: column {table.width}, which has neither a name nor cells"
    rows = Records([record[:last] for record in body.records], body.lines)
    return replace(table, width=last, names=table.names[:last], body=rows, choices=(*table.choices, said))
