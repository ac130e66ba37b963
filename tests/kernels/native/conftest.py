from __future__ import annotations

from pathlib import Path

import pytest

from gdcli.kernels.native.machine import Machine, machine


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled code of this session."""
    return tmp_path_factory.mktemp("kernels")


@pytest.fixture(scope="session")
def compiler(folder: Path) -> Machine:
    return machine(folder)
