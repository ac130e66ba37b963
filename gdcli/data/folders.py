"""Where gdcli keeps what can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Return gdcli's cache: GDCLI_CACHE_DIR, else the place that the convention of the system names."""
    named = os.environ.get("GDCLI_CACHE_DIR", "")
    if named:
        return Path(named).absolute()
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if Path(chosen).is_absolute():
        return Path(chosen) / "gdcli"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "gdcli" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gdcli"
    return Path.home() / ".cache" / "gdcli"
