"""Sizes as people write them."""

from __future__ import annotations

import re

from gdcli.errors import UsageError
from gdcli.escape import visible

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


def size(text: str, hint: str) -> int:
    """Return the bytes of 20GB, 500MiB, or of a plain number of bytes; UsageError with `hint` for what is no size."""
    match = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([a-zA-Z]*)\s*", text)
    unit = match and _UNITS.get(match[2].lower())
    if match is None or unit is None:
        raise UsageError(f'"{visible(text)}" is no size', hint=hint)
    return round(float(match[1]) * unit)
