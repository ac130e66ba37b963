"""Names that users and files choose never reach a generated source: it is written in names of ours alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import gdcli
from gdcli.kernels.parametric import parametric, together
from gdcli.kernels.source import NAMES, derive_field
from gdcli.language import parse

# Keywords, builtins, what the kernels' own namespace holds, and the kernels' own names.
CHOSEN = ("import", "lambda", "class", "def", "exec", "eval", "open", "self", "os", "sys", "np", "math", "where", "zip")
CHOSEN += ("v0", "v1", "t0", "t1", "d0", "d1", "left", "right", "abs1", "max1", "softplus1", "theta", "eta", "X", "y")
OURS = re.compile(r"[vt]\d+|d\d")


def names(source: str) -> set[str]:
    """Every identifier of a source; attributes, imports and texts are none of a kernel's business."""
    nodes = list(ast.walk(ast.parse(source)))
    assert not any(isinstance(node, ast.Attribute | ast.Import | ast.ImportFrom | ast.Global) for node in nodes)
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) for node in nodes)
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {n.arg for n in nodes if isinstance(n, ast.arg)}
    return used | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def foreign(source: str) -> set[str]:
    known = {*NAMES.values(), "where", "logcosh", "cbrt"}
    return {name for name in names(source) if name not in known and not OURS.fullmatch(name)}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_function_of_chosen_names(name: str) -> None:
    other = "open" if name != "open" else "exec"
    found = derive_field(parse(f"{name}^2*sin({other}) + softplus({name}*{other}) + |{name}|", variables=(name, other)))
    assert foreign(found.source) == set()


@pytest.mark.parametrize("name", CHOSEN)
def test_a_model_of_chosen_names(name: str) -> None:
    other = "open" if name != "open" else "exec"
    model = parametric(f"{name}*exp(-{other}*b) + b^2", (name, "b"), (other,))
    for found in (model.value, model.slopes, model.curved):
        assert foreign(found.source) == set()
    assert foreign(together((f"{name}^2", f"{other}/{name}"), (name, other)).source) == set()


def test_a_foreign_name_would_be_seen() -> None:
    assert foreign("def d0(v0):\n    return __import__('os') if 0 else v0\n".replace("'os'", "v0")) == {"__import__"}
    with pytest.raises(AssertionError):
        foreign("def d0(v0):\n    return v0.real\n")


@pytest.mark.parametrize(
    "column", ["__import__('os')", "x.__class__", "v0", "d0); import os", "a\nb", "'", '"', "{0}", "%s"]
)
def test_columns_of_chosen_names_are_columns(column: str, tmp_path: Path) -> None:
    """The run is that of a column called x, to the bit."""
    rows = "1,2\n2,3\n3,5\n4,4\n"
    ends = []
    for name in ("x", column):
        file = tmp_path / "data.csv"
        quoted = name.replace('"', '""')
        file.write_text(f'"{quoted}",y\n{rows}', encoding="utf-8")
        run = gdcli.descend(str(file), method="sgd", steps=50)
        ends.append((run.risk, tuple(run.theta.values()), next(iter(run.theta))))
    assert ends[0][:2] == ends[1][:2]
    assert ends[1][2] == column
