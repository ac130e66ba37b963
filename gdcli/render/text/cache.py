"""The cache for people."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.results.cache import CacheReport


def result(result: CacheReport, look: Look) -> str:
    """The folder and its limit, and a line for each table."""
    lines = list(sentences(result))
    if result.tables:
        lines += ["", look.paint(f"{'size':>9}  {'rows':>11}  {'columns':>7}  {'last used':<20}  file", "bold")]
    lines += [
        f"{size(table.bytes):>9}  {table.rows:>11}  {table.columns:>7}  {table.used:<20}  {visible(table.file, 4096)}"
        for table in result.tables
    ]
    return "\n".join(lines) + "\n"


def sentences(result: CacheReport) -> Iterator[str]:
    """The folder, what was removed, what is kept."""
    count = len(result.tables)
    yield f"cache {visible(result.folder, 4096)}"
    if result.removed:
        yield f"removed: {result.removed} table{'s' * (result.removed != 1)}"
    tables = f"{count} table{'s' * (count != 1)}"
    yield f"kept: {tables}, {size(result.bytes)} of at most {size(result.limit)}"
    if result.problems_bytes:
        yield f"bundled problems made on demand: {size(result.problems_bytes)}"
    if result.kernels_bytes:
        yield f"compiled code: {size(result.kernels_bytes)}"
    if result.remote_bytes:
        yield f"fetched from URLs: {size(result.remote_bytes)}"


def size(count: int) -> str:
    """Bytes in the largest unit that leaves a whole part."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.3g} {units[0]}"
