"""What holds for every test: none of them touches the cache of whoever runs them, or hears of their settings."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

CACHE, SETTINGS = "GDCLI_CACHE_DIR", "XDG_CONFIG_HOME"
_MADE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One cache for the whole session: the workers of pytest-xdist and all processes that tests start inherit it.

    Settings are looked for in it, too, and variables of ours that somebody has set are forgotten.
    """
    if hasattr(config, "workerinput"):
        return
    for name in [name for name in os.environ if name.startswith("GDCLI_")]:
        del os.environ[name]
    config.stash[_MADE] = os.environ[CACHE] = os.environ[SETTINGS] = tempfile.mkdtemp(prefix="gdcli-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if _MADE in config.stash:
        shutil.rmtree(config.stash[_MADE], ignore_errors=True)
