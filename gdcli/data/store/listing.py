"""What the cache holds, as a result; its limit and its clearing."""

from __future__ import annotations

from datetime import UTC, datetime

from gdcli.data import ondemand, remote
from gdcli.data.folders import cache_folder
from gdcli.data.store import code, place
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.results.cache import CacheReport, KeptTable
from gdcli.sizes import size


def report(removed: int = 0) -> CacheReport:
    """Return what is kept now."""
    tables = tuple(
        KeptTable(
            entry.manifest.path,
            entry.manifest.rows,
            entry.manifest.width,
            entry.size,
            datetime.fromtimestamp(int(entry.used), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for entry in place.entries()
    )
    total = sum(table.bytes for table in tables)
    others = ondemand.size(), code.size(), remote.size()
    return CacheReport(str(cache_folder()), place.limit(), total, *others, removed, tables)


def clear() -> CacheReport:
    """Remove everything that can be made again. Raises UsageError where something cannot be removed."""
    before = len(place.entries())
    place.clear()
    ondemand.clear()
    code.clear()
    remote.clear()
    found = report()
    if found.tables or found.problems_bytes or found.kernels_bytes or found.remote_bytes:
        raise UsageError(f"not everything in {visible(found.folder, 4096)} can be removed", hint="see its owner: ls -l")
    return report(before)


def limit(text: str) -> CacheReport:
    """Set how many bytes the tables may take, such as 20GB or 500MiB; what is too much goes at once."""
    bound = size(text, hint="write it like 20GB, 500MiB, or 0 to keep nothing")
    before = len(place.entries())
    try:
        place.set_limit(bound)
    except OSError as error:
        message = f"the limit cannot be kept in {visible(str(place.folder()), 4096)}: {error.strerror}"
        raise UsageError(message, hint="name another folder: GDCLI_CACHE_DIR") from None
    found = report()
    return report(before - len(found.tables))
