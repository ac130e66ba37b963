"""The tests' own cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gdcli.data.folders import cache_folder


def test_no_test_touches_the_users_cache() -> None:
    code = "from gdcli.data.folders import cache_folder; print(cache_folder())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == cache_folder() == Path(os.environ["GDCLI_CACHE_DIR"])
    assert cache_folder().name.startswith("gdcli-tests-")
    assert Path.home() / ".cache" not in cache_folder().parents
