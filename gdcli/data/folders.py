"""Where gdcli keeps what can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return gdcli's cache: GDCLI_CACHE_DIR, else the place that the convention of the system names.

    RuntimeError for a user without a home.
    """
    named = os.environ.get("GDCLI_CACHE_DIR", "")
    if named:
        return Path(named).absolute()
    import platformdirs

    found = Path(platformdirs.user_cache_dir("gdcli", appauthor=False))
    if not found.is_absolute():
        raise RuntimeError("there is no home to keep a cache in")
    return found


def kernels_folder() -> Path | None:
    """Return where compiled code is kept; None for a user without a home."""
    try:
        return cache_folder() / "kernels"
    except RuntimeError:
        return None
