"""What gdcli cache emits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A data file whose numbers are kept: its path, the table's size, the bytes it takes, and when it was last used."""

    file: str
    rows: int
    columns: int
    bytes: int
    used: str


@dataclass(frozen=True, slots=True)
class CacheReport:
    """The cache: its folder, the bytes all tables take and may take, what bundled problems made on demand take.

    `kernels_bytes` is what compiled code takes, `remote_bytes` what was fetched from URLs. `removed` is how many tables
    were removed just now, and `tables` those that are left, the last used first.
    """

    command: ClassVar[str] = "cache"

    folder: str
    limit: int
    bytes: int
    problems_bytes: int
    kernels_bytes: int
    remote_bytes: int
    removed: int
    tables: tuple[KeptTable, ...]
