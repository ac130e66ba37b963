"""Sizes as people write them."""

from __future__ import annotations

import re

from gdcli.errors import UsageError
from gdcli.escape import visible

_NAMES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_NAMES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_UNITS = {"": 1} | {name.lower(): unit for name, unit in _NAMES.items()}


def size(text: str, hint: str = "write it like 2GB or 500MiB") -> int:
    """Return the bytes of 20GB, 500MiB, or of a plain number of bytes; UsageError with `hint` for what is no size."""
    match = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([a-zA-Z]*)\s*", text)
    unit = match and _UNITS.get(match[2].lower())
    if match is None or unit is None:
        raise UsageError(f'"{visible(text)}" is no size', hint=hint)
    return round(float(match[1]) * unit)


def written(count: int) -> str:
    """Return the shortest text that `size` reads as so many bytes."""
    return min((f"{count // unit}{name}" for name, unit in _NAMES.items() if count % unit == 0), key=len)
