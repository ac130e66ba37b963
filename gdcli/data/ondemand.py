"""Problems too large to ship: their CSV is generated once, in the user's cache."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from gdcli.data import generators
from gdcli.data.folders import cache_folder
from gdcli.data.recipe import Generator


def file(name: str, generator: Generator, note: Callable[[str], object] | None = None) -> Path:
    """Return the path of NAME.csv in the cache, made there if it is missing.

    Its folder is named by the hash of the generator's code and arguments: another version makes another file. Where the
    cache cannot be written, the file stands in a temporary folder until the process ends, and `note` is told so.
    """
    path = cache_folder() / "problems" / _version(generator) / f"{name}.csv"
    if path.is_file():
        return path
    try:
        _make(path, generator)
    except OSError as error:
        scratch = Path(tempfile.mkdtemp(prefix="gdcli-"))
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
        if note is not None:
            note(f"the cache {path.parent} cannot be written ({error.strerror}); {name} is made for this run only")
        path = scratch / path.name
        _make(path, generator)
    return path


def size() -> int:
    """Return how many bytes the files made on demand take."""
    return sum(path.stat().st_size for path in _made())


def clear() -> None:
    """Remove the files made on demand: they are made again when they are asked for."""
    for path in _made():
        with contextlib.suppress(OSError):
            path.unlink()
            path.parent.rmdir()


def _made() -> list[Path]:
    folder = cache_folder() / "problems"
    return [path for path in sorted(folder.glob("*/*.csv")) if re.fullmatch("[0-9a-f]{12}", path.parent.name)]


def _version(generator: Generator) -> str:
    arguments = repr((generator.name, generator.seed, sorted(generator.params.items())))
    return hashlib.sha256(Path(generators.__file__).read_bytes() + arguments.encode()).hexdigest()[:12]


def _make(path: Path, generator: Generator) -> None:
    # Written beside its place and moved there whole: a second process, or an interrupt, never sees half a file.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            generators.write(stream, generator.make())
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
