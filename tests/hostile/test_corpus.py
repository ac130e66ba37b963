"""Hostile data files: each is read as the table that was meant, or refused at the place that is wrong; never silently.

The truth is found here from the table that was meant: least squares by rational arithmetic, and the least risk of
classes by scipy. What is counted over all files is counted from what came out.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp

from gdcli.data import room
from gdcli.data.dataset import Dataset
from gdcli.data.readers import read
from gdcli.errors import Exit
from tests.cli.inprocess import run
from tests.hostile.corpus import CASES, Case, Refusal, Table

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices, pipes and links of POSIX")
HERE = [case for case in CASES if case.name != "unreadable" or os.geteuid() != 0]


@dataclass(frozen=True)
class Outcome:
    """What a command said of a file, and what the library read from it."""

    code: int
    document: dict[str, Any]
    stderr: str
    data: Dataset | None
    unpickled: bool

    @property
    def error(self) -> dict[str, Any]:
        found = self.document.get("error", {})
        assert isinstance(found, dict)
        return found


@functools.cache
def outcome(case: Case) -> Outcome:
    """Make the file in a folder of its own, and descend on it there."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            case.make(Path(folder, case.file))
            code, out, err = run("descend", case.file, *case.options, "--json")
            for text in (out, err):
                text.encode()
            data = None
            if code == Exit.DONE and case.name != "a pipe":
                names = dict(zip(case.options[::2], case.options[1::2], strict=True))
                features = names.get("--features")
                data = read(case.file, target=names.get("--target"), features=None if features is None else [features])
            return Outcome(code, json.loads(out), err, data, Path("unpickled").exists())
        finally:
            room.bound(None)
            os.chdir(before)


def verdict(case: Case) -> str:
    """right: the table that was meant. refused: as it was meant. astray: refused otherwise. wrong: neither."""
    found, expected = outcome(case), case.expected
    if found.code in (Exit.BUG, *range(5, 70)):
        return "crashed"
    if isinstance(expected, Table):
        return "astray" if found.code != Exit.DONE else "right" if meant(found, expected) else "wrong"
    if found.code == Exit.DONE:
        return "wrong"
    fits = found.code == expected.code and expected.words in found.error["message"] and found.error["hint"]
    return "refused" if fits and (expected.line is None or found.error.get("line") == expected.line) else "astray"


def meant(found: Outcome, table: Table) -> bool:
    """Whether the very bits were read, and the optimum is that of the table."""
    document, data = found.document, found.data
    if [*document["columns"], document["target"]] != list(table.columns) or document["rows"] != len(table.rows):
        return False
    if document["labels"] != table.classes:
        return False
    if data is not None and (bits(data.X) != bits(table.X) or bits(data.y) != bits(table.y)):
        return False
    return classes_are_right(document, table) if table.classes else squares_are_right(document, table)


def bits(values: Any) -> bytes:
    return np.array(values, dtype=np.float64).tobytes()


def squares_are_right(document: dict[str, Any], table: Table) -> bool:
    """R* and the predictions of theta* against exact least squares; theta* itself need not be the only one."""
    X = [[Fraction(value) for value in (*row, 1.0)] for row in table.X]
    y = [Fraction(value) for value in table.y]
    best = solved(
        [[sum(u[i] * u[j] for u in X) for j in range(len(X[0]))] for i in range(len(X[0]))],
        [sum(u[i] * v for u, v in zip(X, y, strict=True)) for i in range(len(X[0]))],
    )
    fits = [dot(row, best) for row in X]
    risk = sum(((p - v) ** 2 for p, v in zip(fits, y, strict=True)), Fraction()) / (2 * len(y))
    size = max(abs(v) for v in y)
    if abs(Fraction(document["risk_optimum"]) - risk) > risk / 10**9 + size**2 / 10**18:
        return False
    theta = document["theta_optimum"]
    values = [Fraction(theta[name]) for name in (*table.columns[:-1], "intercept")]
    for row, fit in zip(X, fits, strict=True):
        terms = [a * b for a, b in zip(row, values, strict=True)]
        if abs(sum(terms) - fit) > size / 10**9 + sum(map(abs, terms)) / 10**12:
            return False
    return True


def dot(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction())


def solved(A: list[list[Fraction]], b: list[Fraction]) -> list[Fraction]:
    """A solution of A x = b, of which there is one at least; what is free is 0."""
    rows = [[*row, value] for row, value in zip(A, b, strict=True)]
    pivots: list[int] = []
    for column in range(len(b)):
        at = len(pivots)
        pivot = next((i for i in range(at, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[column]:
                rows[i] = [p - row[column] * q for p, q in zip(row, rows[at], strict=True)]
        pivots.append(column)
    found = [Fraction()] * len(b)
    for row, column in zip(rows, pivots, strict=False):
        found[column] = row[-1]
    return found


def classes_are_right(document: dict[str, Any], table: Table) -> bool:
    """R* of K classes against scipy's, from another start and in other coordinates."""
    X = np.array(table.X)
    spread = np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    X = np.column_stack([(X - X.mean(axis=0)) / spread, np.ones(len(X))])
    codes = np.searchsorted(sorted(set(table.y)), table.y)
    K = int(codes.max()) + 1

    def risk(theta: np.ndarray) -> float:
        scores = X @ theta.reshape(K, -1).T
        return float(np.mean(logsumexp(scores, axis=1) - scores[np.arange(len(X)), codes]))

    least = minimize(risk, np.full(K * X.shape[1], 0.1), method="BFGS", options={"gtol": 1e-9}).fun
    return bool(abs(document["risk_optimum"] - least) < 1e-6)


@pytest.mark.parametrize("case", HERE, ids=lambda case: case.name)
def test_a_file(case: Case) -> None:
    found = outcome(case)
    expected = case.expected
    assert verdict(case) == ("right" if isinstance(expected, Table) else "refused"), (found.document, found.stderr)
    assert not found.unpickled
    assert "Traceback" not in found.stderr
    if isinstance(expected, Refusal):
        assert not (found.error["hint"] or "").isspace()
        assert found.error.get("column") == expected.column if expected.cell else True


def placed(case: Case) -> bool:
    """Whether the error names the very line (in a binary file, the row) and the column of the cell that is to blame."""
    error, expected = outcome(case).error, case.expected
    assert isinstance(expected, Refusal)
    row = expected.row is not None and f"(row {expected.row})" in error.get("message", "")
    line = expected.line is not None and error.get("line") == expected.line
    return (row or line) and error.get("column") == expected.column


def test_the_count() -> None:
    """No file is silently read as another table, and of the errors about a cell 9 in 10 at least say where it is."""
    found = Counter(map(verdict, HERE))
    assert len(HERE) >= 175
    assert found["wrong"] == 0
    assert found["crashed"] == 0
    assert found["right"] + found["refused"] == len(HERE)
    cells = [case for case in HERE if isinstance(case.expected, Refusal) and case.expected.cell]
    named = sum(map(placed, cells))
    assert len(cells) >= 100
    assert named >= 0.9 * len(cells)
    print(f"{len(HERE)} files: {dict(found)}; {named} of {len(cells)} errors about a cell name line and column")
