"""What the cache holds, as a result; its limit and its clearing."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from gdcli.data import ondemand
from gdcli.data.folders import cache_folder
from gdcli.data.store import place
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.results.cache import CacheReport, KeptTable

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


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
    return CacheReport(str(cache_folder()), place.limit(), total, ondemand.size(), removed, tables)


def clear() -> CacheReport:
    """Remove everything that can be made again. Raises UsageError where something cannot be removed."""
    before = len(place.entries())
    place.clear()
    ondemand.clear()
    found = report()
    if found.tables or found.problems_bytes:
        raise UsageError(f"not everything in {visible(found.folder, 4096)} can be removed", hint="see its owner: ls -l")
    return report(before)


def limit(text: str) -> CacheReport:
    """Set how many bytes the tables may take, such as 20GB or 500MiB; what is too much goes at once."""
    size = _size(text)
    before = len(place.entries())
    try:
        place.set_limit(size)
    except OSError as error:
        message = f"the limit cannot be kept in {visible(str(place.folder()), 4096)}: {error.strerror}"
        raise UsageError(message, hint="name another folder: GDCLI_CACHE_DIR") from None
    found = report()
    return report(before - len(found.tables))


def _size(text: str) -> int:
    match = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([a-zA-Z]*)\s*", text)
    unit = match and _UNITS.get(match[2].lower())
    if match is None or unit is None:
        raise UsageError(f'"{visible(text)}" is no size', hint="write it like 20GB, 500MiB, or 0 to keep nothing")
    return round(float(match[1]) * unit)
