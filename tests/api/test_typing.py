"""What a type checker says of the face."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROGRAM = """\
import gdcli
from gdcli.errors import DataError
import numpy as np

reveal_type(gdcli.parse("x"))
reveal_type(gdcli.gradient("x^2", at=(1, 2)))
reveal_type(gdcli.gradient("x^2", at={"x": 1.0}).to_numpy())
reveal_type(gdcli.dataset(np.zeros((2, 2)), [1, 2]).X)
reveal_type(gdcli.descend((np.zeros((2, 2)), [1, 2]), gap=1e-3).gap_upper)
reveal_type(gdcli.rate("line").curves[0][1].slope.value)
gdcli.descend("line", stepz=3)
gdcli.gradient(7)
gdcli.gradient("x", at=None).to_frame()
"""


@pytest.mark.slow
def test_a_type_checker_knows_the_face(tmp_path: Path) -> None:
    from mypy import api

    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    out, err, _ = api.run(["--strict", "--python-version", "3.11", "--config-file", "", str(file)])
    lines = [re.sub(r".*?program\.py:(\d+): ", r"\1 ", line) for line in out.splitlines() if "program.py" in line]
    revealed = [re.sub(r'.*Revealed type is "(.*)"', r"\1", line) for line in lines if "Revealed" in line]
    assert err == ""
    assert [re.sub(r"\bbuiltins\.", "", text) for text in revealed] == [
        "gdcli.language.formula.Formula",
        "gdcli.results.grad.GradientReport",
        "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.float64]]",
        "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.float64]]",
        "float",
        "float | None",
    ], out
    errors = [line for line in lines if "error" in line]
    assert [line.split()[0] for line in errors] == ["11", "12", "13"], out
