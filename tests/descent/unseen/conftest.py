from __future__ import annotations

from pathlib import Path

import pytest

from tests.descent.keep.runs import write


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "data.csv")
