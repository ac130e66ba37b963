"""Where the bytes come from: a path or standard input, plain or in gzip."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

from gdcli.errors import DataError, UsageError
from gdcli.escape import visible

_GZIP = b"\x1f\x8b"


class Source(NamedTuple):
    """The bytes of a file: as they were found (their SHA-256) and after decompression."""

    name: str
    content: bytes
    sha256: str
    compressed: bool

    @property
    def file(self) -> str:
        """The name as messages show it."""
        return visible(self.name, 4096)


def load(source: str, stdin: BinaryIO | None) -> Source:
    """Read the file `source`, or `stdin` for ``-``; gzip is known by its first bytes, not by its name.

    Raises DataError for what cannot be found, opened or decompressed, UsageError for ``-`` without a stream.
    """
    import hashlib

    name = "standard input" if source == "-" else source
    raw = _stream(stdin) if source == "-" else _file(source)
    compressed = raw.startswith(_GZIP)
    content = _gunzip(raw, visible(name, 4096)) if compressed else raw
    return Source(name, content, hashlib.sha256(raw).hexdigest(), compressed)


def _stream(stdin: BinaryIO | None) -> bytes:
    if stdin is None:
        raise UsageError("there is no standard input to read", hint="give the path of a file instead of -")
    return stdin.read()


def _file(source: str) -> bytes:
    path = Path(source)
    shown = visible(source, 4096)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError("there is no such file", file=shown, hint=_near(path)) from None
    except IsADirectoryError:
        raise DataError("this is a folder, not a file", file=shown, hint=_inside(path)) from None
    except PermissionError:
        raise DataError("no permission to read this file", file=shown, hint="see its owner and mode: ls -l") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"cannot be read: {reason}", file=shown, hint="check the path") from None


def _near(path: Path) -> str:
    import difflib

    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {visible(str(folder), 200)} either"
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        names = []
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {visible(str(folder / near[0]), 200)}?" if near else "check the path"


def _inside(path: Path) -> str:
    try:
        tables = sorted(entry.name for entry in path.iterdir() if entry.suffix in (".csv", ".tsv", ".gz"))
    except OSError:
        tables = []
    return f"give a file in it, such as {visible(str(path / tables[0]), 200)}" if tables else "give a file"


def _gunzip(raw: bytes, file: str) -> bytes:
    import gzip
    import zlib

    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        what = "truncated" if isinstance(error, EOFError) else "damaged"
        hint = "fetch or compress the file again; gzip -t tests it"
        raise DataError(f"the gzip data are {what}", file=file, hint=hint) from None
