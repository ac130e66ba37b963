"""Files to data. A reader is a module of this folder.

`claims(source)` tells from a file's first bytes whether it is the reader's; `read(source)` returns the table, or a Scan
of the rows to come; `again(source, index)` reads the cells of one column of a Scan that was not numbers throughout. The
reader that claims a file reads it; csv, which reads any text, comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from gdcli.data.assemble import assemble
from gdcli.data.blocks import Scan
from gdcli.data.dataset import Dataset
from gdcli.data.files import expand
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.data.selection import Chooser, select
from gdcli.data.source import Source, load
from gdcli.data.table import Records, Table
from gdcli.data.urls import shown
from gdcli.errors import GdcliError

_ANY_TEXT = "csv"


def read(
    source: str | Sequence[str],
    *,
    target: str | None = None,
    features: Sequence[str] | Chooser | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress = UNWATCHED,
) -> Dataset:
    """Read the file `source` (or `stdin` for ``-``) into a Dataset.

    source: a path, a pattern such as ``data/*.csv``, or several of them: files of the same columns, one behind the
    other, a pattern's in the order of their names.
    target: a column's name or 1-based number; without it the column named y, target or label, else the last.
    features: names, numbers and ranges of numbers (``2-5``) in the wanted order, or a function that
    chooses them by index from the file's Header; without it all other columns.
    Raises DataError with file, line and column for whatever in a file cannot be used.
    """
    table, sha256, name = table_of(source, stdin, target, features, progress)
    return assemble(table, name, sha256, target=target, features=features)


def table_of(
    source: str | Sequence[str],
    stdin: BinaryIO | None = None,
    target: str | None = None,
    features: Sequence[str] | Chooser | None = None,
    progress: Progress = UNWATCHED,
) -> tuple[Table, str, str]:
    """Read the files that `source` names as one table; return it with their SHA-256 and their name for reports."""
    sources = [source] if isinstance(source, str) else list(source)
    paths = expand(sources)
    parts = [_table(load(path, stdin, progress), target, features) for path in paths]
    if len(parts) == 1:
        return (*parts[0], _name(paths[0]))
    import hashlib

    from gdcli.data.joined import joined

    # One hash for many files: of their hashes, a line each.
    digest = hashlib.sha256("".join(f"{found}\n" for _, found in parts).encode())
    return joined([part for part, _ in parts]), digest.hexdigest(), " ".join(map(shown, sources))


def names() -> tuple[str, ...]:
    """Return the readers there are, in the order they are asked."""
    here = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py") if path.stem != _ANY_TEXT)
    return (*here, _ANY_TEXT)


def _name(path: str) -> str:
    """Return how a file is called in reports."""
    return "standard input" if path == "-" else shown(path)


def _table(source: Source, target: str | None, features: Sequence[str] | Chooser | None) -> tuple[Table, str]:
    """Return a file's table and SHA-256: from the store, or by its reader."""
    kept = _kept(source) if source.large else None
    table, sha256 = kept or _read(source, target, features)
    said = (f"compression: {source.compression}",) if source.compression else ()
    return replace(table, choices=(*said, *table.choices)), sha256


def _kept(source: Source) -> tuple[Table, str] | None:
    from gdcli.data import store

    return store.find(source, lambda name: _module(name).again)


def _read(source: Source, target: str | None, features: Sequence[str] | Chooser | None) -> tuple[Table, str]:
    name = next(name for name in names() if _module(name).claims(source))
    reader = _module(name)
    found = reader.read(source)
    if isinstance(found, Table):
        return found, source.whole[1]
    from gdcli.data import store

    return store.collect(source, found, _aside(source, found, target, features), name, reader.again)


def _aside(source: Source, scan: Scan, target: str | None, features: Sequence[str] | Chooser | None) -> int:
    """Return the index of the target; where none can be chosen, the last: `assemble` will say why."""
    head = Table(source.file, scan.names, scan.line, scan.width, scan.delimiter, (), Records((), ()))
    try:
        return select(head, target, features).target
    except GdcliError:
        return scan.width - 1


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")
