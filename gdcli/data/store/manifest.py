"""What the store knows of a kept table: a JSON file beside the arrays, checked like any foreign input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from gdcli.data.source import Print

# Part of every key: a change of what is kept, or of how a file is read, makes older entries unknown.
FORMAT = 2
_LIMIT = 1 << 24


@dataclass(frozen=True)
class Manifest:
    """A kept table.

    path, sha256, reader: the file it was read from, and by whom. seen: its fingerprint then; racy: it was so young that
    it may have changed since without a trace in its times. names to choices: as in `Table`. width: k columns, of which
    `aside` is in an array of its own. levels: the texts of text columns by their codes. odd: columns of which nothing
    is kept. rest, beside: the files of the arrays (N, k-1) and (N,); checksum: that of both.
    """

    path: str
    sha256: str
    reader: str
    seen: Print
    racy: bool
    names: tuple[str, ...]
    line: int | None
    width: int
    delimiter: str
    choices: tuple[str, ...]
    rows: int
    aside: int
    levels: Mapping[int, tuple[str, ...]]
    odd: frozenset[int]
    rest: str
    beside: str
    checksum: int


def dump(manifest: Manifest) -> str:
    """Return the JSON text of a manifest, its own checksum on the first line."""
    document = asdict(manifest) | {"format": FORMAT, "odd": sorted(manifest.odd)}
    text = json.dumps(document, ensure_ascii=True)
    return f"{_digest(text)}\n{text}\n"


def parse(text: str) -> Manifest | None:
    """Return the manifest that `dump` wrote, None for anything else."""
    digest, _, body = text.partition("\n")
    body = body.removesuffix("\n")
    if digest != _digest(body):
        return None
    document = json.loads(body)
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        return None
    return _manifest(document)


def load(path: Path) -> Manifest | None:
    """Return the manifest in the file `path`; None if it is gone, damaged or not ours."""
    try:
        return parse(path.read_text(encoding="ascii")) if path.stat().st_size <= _LIMIT else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(document: dict[str, Any]) -> Manifest | None:
    """Rebuild the types that JSON has no word for; the checksum vouches for what they hold, not for its writer."""
    if set(document) != {field.name for field in fields(Manifest)}:
        return None
    document["seen"] = Print(**document["seen"])
    document["levels"] = {int(j): tuple(names) for j, names in document["levels"].items()}
    document["odd"] = frozenset(document["odd"])
    for name in ("names", "choices"):
        document[name] = tuple(document[name])
    manifest = Manifest(**document)
    plain = all(Path(name).name == name for name in (manifest.rest, manifest.beside))
    return manifest if plain and 0 <= manifest.aside < manifest.width else None
