"""Files that are there whole or not at all, and JSON documents that carry their own checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gdcli import whole
from gdcli.descent.keep.schema import build
from gdcli.errors import DataError, GdcliError
from gdcli.escape import visible
from gdcli.suggest import suggestion

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
# Part of every document: another number is another way to keep a run.
FORMAT = 1


def replace(path: Path, text: str) -> None:
    """Write beside the file's place, to the disk, then move it there."""
    try:
        whole.replace(path, text.encode())
    except OSError as error:
        raise unwritable(path, error) from None


def seal(document: DataclassInstance) -> str:
    """The fields of a dataclass as JSON text, with the format and a checksum."""
    content = {"format": FORMAT, **asdict(document)}
    return json.dumps({**content, "checksum": checksum(content)}, ensure_ascii=True, indent=1) + "\n"


def unseal(path: Path, kind: type[T]) -> T:
    """The dataclass whose fields `seal` wrote to a file. Raises DataError that names the file for any other content."""
    document = _parsed(path)
    if not isinstance(document, dict):
        raise _foreign(path, "it is no JSON object")
    if document.get("format") != FORMAT:
        raise _foreign(path, f"its format is {document.get('format')!r}, not {FORMAT}")
    found = document.pop("checksum", None)
    if found != checksum(document):
        raise foreign(path, "its checksum is not that of its content: it was edited, or damaged")
    del document["format"]
    try:
        return build(kind, document)
    except ValueError as error:
        raise _foreign(path, str(error)) from None


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document without regard to the order and the spacing of its text."""
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def foreign(path: Path, why: str) -> DataError:
    """A file that cannot be what gdcli wrote."""
    return DataError(why, file=visible(str(path), 4096), hint="take the file from a backup, or run again with --save")


def unwritable(path: Path, error: OSError) -> GdcliError:
    """A file that could not be written; what is there of the run stays, and can be resumed."""
    full, other = "make room, and go on with --resume", "name a folder you can write with --save"
    return whole.unwritable(path, error, full=full, other=other)


def _foreign(path: Path, why: str) -> DataError:
    return foreign(path, f"this is no {path.name} that gdcli wrote: {why}")


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = "there is no such file: no run is saved here"
        hint = f"{_near(path)}name the folder that --save wrote"
        raise DataError(message, file=visible(str(path), 4096), hint=hint) from None
    except OSError as error:
        raise foreign(path, f"cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise _foreign(path, "it is no JSON text: cut short, or something else") from None


def _near(path: Path) -> str:
    """The saved run that may have been meant: a folder beside this one with a file of that name."""
    folder = path.parent
    try:
        runs = [entry.parent.name for entry in folder.parent.glob(f"*/{path.name}")]
    except OSError:
        return ""
    return suggestion(folder.name, runs)
