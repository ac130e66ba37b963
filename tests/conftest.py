"""What holds for every test: none of them touches the cache of whoever runs them."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

CACHE = "GDCLI_CACHE_DIR"
_MADE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One cache for the whole session: the workers of pytest-xdist and all processes that tests start inherit it."""
    if hasattr(config, "workerinput"):
        return
    config.stash[_MADE] = os.environ[CACHE] = tempfile.mkdtemp(prefix="gdcli-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if _MADE in config.stash:
        shutil.rmtree(config.stash[_MADE], ignore_errors=True)
