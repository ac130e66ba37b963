"""What holds for every test: none touches the cache of whoever runs them, or speaks to the CI it may run in."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

CACHE = "GDCLI_CACHE_DIR"
_MADE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One cache for the whole session, and no CI: the workers of pytest-xdist and all processes inherit that."""
    if hasattr(config, "workerinput"):
        return
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        os.environ.pop(name, None)
    config.stash[_MADE] = os.environ[CACHE] = tempfile.mkdtemp(prefix="gdcli-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if _MADE in config.stash:
        shutil.rmtree(config.stash[_MADE], ignore_errors=True)
