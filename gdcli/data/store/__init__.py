"""Tables once parsed, kept as memory-mapped arrays in the cache, so that a second run begins at once.

Any process may write an entry while others read it. The arrays of an entry have names of their own and are on the disk
before the manifest that names them is moved into its place: who finds a manifest finds whole arrays, or none (and then
reads the file again). A changed file is noticed by its size, its times and its inode; where these leave a doubt, by its
content.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gdcli.data.blocks import Columns, Scan
from gdcli.data.source import Print, Source
from gdcli.data.store import place
from gdcli.data.store.arrays import checksum, flush, mapped
from gdcli.data.store.manifest import FORMAT, Manifest, dump, load
from gdcli.data.store.sink import Sink
from gdcli.data.stored import Cells, Stored
from gdcli.data.table import Floats, Table
from gdcli.errors import DataError

# Times of files are coarse: a file so young when it was read may have changed since within one tick of its clock.
_TICK_NS = 2 * 10**9
_publications: list[threading.Thread] = []

Again = Callable[[Source, int], Cells]


def find(source: Source, again: Callable[[str], Again]) -> tuple[Table, str] | None:
    """Return the kept table of a large file and the file's SHA-256; None if it was not kept or is another now.

    again: from a reader's name, what reads one column's cells again.
    """
    settle()
    file = _manifest_file(source)
    for _ in range(2):
        # Another process may put a new entry in the old one's place between two looks.
        manifest = load(file)
        current = None if manifest is None else _current(manifest, source, file)
        if current is None:
            return None
        with suppress(OSError, ValueError):
            return _opened(current, source, file, again), current.sha256
    return None


def collect(source: Source, scan: Scan, aside: int, reader: str, again: Again) -> tuple[Table, str]:
    """Read all blocks of `scan`; return the table and the file's SHA-256. A large file's table is kept.

    aside: the column that gets an array of its own. Raises DataError if the file changes while it is read.
    """
    sink = Sink(scan.width, aside, place.folder() if source.large else None, _key(source))
    columns = Columns()
    try:
        _drain(map(columns.absorb, scan.blocks), sink)
        sha256 = scan.sha256()
        _unchanged(source, sha256)
        rest, beside = sink.finish()
    except BaseException:
        sink.discard()
        raise
    body = Stored(rest, beside, aside, columns.levels(), columns.odd(), _still(source, sha256, again))
    notes = _keep(source, scan, body, sink, sha256, reader) if source.large else ()
    choices = (*scan.choices, *notes)
    return Table(source.file, scan.names, scan.line, scan.width, scan.delimiter, choices, body), sha256


def _drain(blocks: Iterable[Floats], sink: Sink) -> None:
    """Write every block while the next one is read."""
    with ThreadPoolExecutor(1) as writer:
        before: Future[None] | None = None
        for block in blocks:
            if before is not None:
                before.result()
            before = writer.submit(sink.append, block)
        if before is not None:
            before.result()


def settle() -> None:
    """Wait until what this process keeps is on the disk."""
    while _publications:
        _publications.pop().join()


def _keep(source: Source, scan: Scan, body: Stored, sink: Sink, sha256: str, reader: str) -> tuple[str, ...]:
    """Put an entry into the store, behind the caller's back; say why where that cannot be."""
    if sink.files is None:
        return (f"not kept for the next run: {place.folder()} cannot be written ({sink.trouble})",)
    size = body.rest.nbytes + body.beside.nbytes
    if size > place.limit():
        # Where a mapped file can be removed, its pages live as long as the map.
        with suppress(OSError):
            sink.discard()
        return (f"not kept for the next run: {size} bytes are more than the cache may take; see gdcli cache --limit",)
    assert source.seen is not None
    rest, beside = sink.files
    manifest = Manifest(
        path=_path(source),
        sha256=sha256,
        reader=reader,
        seen=source.seen,
        racy=_racy(source.seen, source.began),
        names=scan.names,
        line=scan.line,
        width=scan.width,
        delimiter=scan.delimiter,
        choices=scan.choices,
        rows=body.rows,
        aside=body.aside,
        levels={j: tuple(names) for j, names in body.levels.items()},
        odd=body.odd,
        rest=rest.name,
        beside=beside.name,
        checksum=0,
    )
    thread = threading.Thread(target=_publish, args=(manifest, _manifest_file(source), rest, beside))
    _publications.append(thread)
    thread.start()
    return ()


def _publish(manifest: Manifest, file: Path, rest: Path, beside: Path) -> None:
    """Arrays to the disk, then the manifest into its place, then out with what it replaces and what is too much."""
    try:
        flush(rest, beside)
        old = load(file)
        place.replace(file, dump(replace(manifest, checksum=checksum(rest, beside))))
    except OSError:
        # The run goes on with its maps; a disk that fails here has nothing to keep.
        for path in (rest, beside):
            path.unlink(missing_ok=True)
        return
    if old is not None and old.rest != manifest.rest:
        for name in (old.rest, old.beside):
            with suppress(OSError):
                (file.parent / name).unlink(missing_ok=True)
    place.shrink(place.limit())


def _opened(manifest: Manifest, source: Source, file: Path, again: Callable[[str], Again]) -> Table:
    rest, beside = file.parent / manifest.rest, file.parent / manifest.beside
    arrays = mapped(rest, (manifest.rows, manifest.width - 1)), mapped(beside, (manifest.rows,))
    if checksum(rest, beside) != manifest.checksum:
        raise ValueError(f"{rest} is damaged")
    place.touch(file)
    cells = _still(source, manifest.sha256, again(manifest.reader))
    body = Stored(*arrays, manifest.aside, manifest.levels, manifest.odd, cells)
    return Table(source.file, manifest.names, manifest.line, manifest.width, manifest.delimiter, manifest.choices, body)


def _still(source: Source, sha256: str, again: Again) -> Callable[[int], Cells]:
    """Read a column's cells again, out of the very file that the other columns came from."""

    def cells(index: int) -> Cells:
        found = again(source, index)
        _unchanged(source, sha256)
        return found

    return cells


def _unchanged(source: Source, sha256: str) -> None:
    if _changed(source, sha256):
        hint = "wait until it is written, and run this again"
        raise DataError("this file changed while it was read", file=source.file, hint=hint)


def _changed(source: Source, sha256: str) -> bool:
    """Whether the file is another than when it was found; one that was only touched is not."""
    now = _print(source)
    if now is None or source.seen is None or now == source.seen:
        return False
    return now.size != source.seen.size or source.digest() != sha256


def _current(manifest: Manifest, source: Source, file: Path) -> Manifest | None:
    """Return the manifest if the file is still what it tells of; where the times leave a doubt, the content decides."""
    now = _print(source)
    if now is None or manifest.path != _path(source) or now.size != manifest.seen.size:
        return None
    if now == manifest.seen and not manifest.racy:
        return manifest
    racy = _racy(now, time.time_ns())
    with source.path.open("rb") as stream:  # type: ignore[union-attr]
        if hashlib.file_digest(stream, "sha256").hexdigest() != manifest.sha256 or _print(source) != now:
            return None
    fresh = replace(manifest, seen=now, racy=racy)
    with suppress(OSError):
        place.replace(file, dump(fresh))
    return fresh


def _racy(seen: Print, began: int) -> bool:
    return began - max(seen.mtime_ns, seen.ctime_ns) < _TICK_NS


def _print(source: Source) -> Print | None:
    return None if source.seen is None or source.path is None else Print.of(source.path)


def _path(source: Source) -> str:
    return os.path.realpath(source.path or "")


def _key(source: Source) -> str:
    return hashlib.sha256(f"{FORMAT}\0{_path(source)}".encode(errors="surrogateescape")).hexdigest()[:24]


def _manifest_file(source: Source) -> Path:
    return place.folder() / f"{_key(source)}.json"
