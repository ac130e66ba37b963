"""Files to data. A reader is a module of this folder: `claims(content)` and `table(content, file)`.

The reader that claims a file's first bytes reads it; csv, which reads any text, comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from gdcli.data.assemble import assemble
from gdcli.data.dataset import Dataset
from gdcli.data.selection import Chooser
from gdcli.data.source import load
from gdcli.data.table import Table

_ANY_TEXT = "csv"


def read(
    source: str,
    *,
    target: str | None = None,
    features: Sequence[str] | Chooser | None = None,
    stdin: BinaryIO | None = None,
) -> Dataset:
    """Read the file `source` (or `stdin` for ``-``) into a Dataset.

    target: a column's name or 1-based number; without it the column named y, target or label, else the last.
    features: names, numbers and ranges of numbers (``2-5``) in the wanted order, or a function that
    chooses them by index from the file's Header; without it all other columns.
    Raises DataError with file, line and column for whatever in the file cannot be used.
    """
    found = load(source, stdin)
    table: Table = _reader(found.content).table(found.content, found.file)
    return assemble(table, found, target=target, features=features)


def names() -> tuple[str, ...]:
    """Return the readers there are, in the order they are asked."""
    here = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py") if path.stem != _ANY_TEXT)
    return (*here, _ANY_TEXT)


def _reader(content: bytes) -> ModuleType:
    modules = (import_module(f"{__name__}.{name}") for name in names())
    return next(module for module in modules if module.claims(content))
