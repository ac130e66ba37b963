"""The names of a data file's columns from its first record alone, with nothing heavy loaded."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from gdcli.data import problems

# A first record that is longer is not read.
LONGEST = 1 << 20
DELIMITERS = ",;\t|"


def columns(data: str) -> list[str]:
    """The columns of a file or a bundled problem; none where there is no such file or its first line names none."""
    path = Path(data).expanduser()
    if data in problems.names() and not path.exists():
        card = problems.card(data)
        if card.path is None:
            return [*(card.columns or ()), card.target]
        path = card.path
    # A pipe or a device would wait, or give away what is in it.
    if not path.is_file():
        return []
    return [name for name in _READERS.get(path.suffix.lower(), _delimited)(_first_line(path)) if _shown(name)]


def _first_line(path: Path) -> str:
    """The first line that is neither blank nor a comment."""
    opener: Callable[..., BinaryIO] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]
    try:
        with opener(path, "rb") as file:
            text = file.read(LONGEST).decode("utf-8-sig", "ignore")
    except (OSError, EOFError):
        return ""
    return next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")


def _delimited(line: str) -> list[str]:
    delimiter = max(DELIMITERS, key=line.count)
    try:
        names = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
    return [] if any(map(_number, names)) else names


def _objects(line: str) -> list[str]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return []
    return list(found) if isinstance(found, dict) else []


def _nothing(line: str) -> list[str]:
    return []


_READERS: Mapping[str, Callable[[str], list[str]]] = {
    ".ndjson": _objects,
    ".jsonl": _objects,
    **dict.fromkeys((".parquet", ".arrow", ".feather", ".npy", ".npz", ".svm", ".libsvm", ".zip"), _nothing),
}


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _shown(name: str) -> bool:
    """Can a shell be given this name? Never one with characters that a terminal acts on."""
    return bool(name) and name.isprintable()
