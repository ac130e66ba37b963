"""What holds for every test: no cache and no settings of whoever runs them, and no CI they may run in."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

CACHE, SETTINGS = "GDCLI_CACHE_DIR", "XDG_CONFIG_HOME"
_MADE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One cache for the whole session: the workers of pytest-xdist and all processes that tests start inherit it.

    Settings are looked for in it, too, and what was set for gdcli or by a CI is forgotten.
    """
    if hasattr(config, "workerinput"):
        return
    for name in list(os.environ):
        if name.startswith("GDCLI_") or name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            del os.environ[name]
    config.stash[_MADE] = os.environ[CACHE] = os.environ[SETTINGS] = tempfile.mkdtemp(prefix="gdcli-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if _MADE in config.stash:
        shutil.rmtree(config.stash[_MADE], ignore_errors=True)
