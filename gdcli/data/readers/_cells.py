"""Cells to a block of numbers: what the columns of a few records look like, and how more of them are encoded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdcli.data.blocks import Block
from gdcli.data.numbers import missing, number, numbers, numeric


def kinds(columns: Sequence[Sequence[str]]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the columns that are texts, and those that are neither texts nor numbers throughout."""
    plain = {j for j, cells in enumerate(columns) if all(number(cell) is not None for cell in cells)}
    texts = {j for j, cells in enumerate(columns) if j not in plain and _text(cells)}
    return frozenset(texts), frozenset(range(len(columns))) - plain - texts


def _text(cells: Sequence[str]) -> bool:
    return not any(map(missing, cells)) and 2 * sum(map(numeric, cells)) < len(cells)


def encode(rows: Sequence[Sequence[str]], width: int, texts: frozenset[int], odd: frozenset[int]) -> Block:
    """Return the records as numbers and codes of texts; a column in which a number is none becomes odd."""
    values = np.zeros((len(rows), width))
    found: dict[int, list[str]] = {}
    lost = set(odd)
    for j in range(width):
        if j in lost:
            continue
        cells = [row[j].strip() for row in rows]
        if j in texts:
            code: dict[str, int] = {}
            values[:, j] = [code.setdefault(cell, len(code)) for cell in cells]
            found[j] = list(code)
            continue
        column = numbers(cells)
        if column is None:
            lost.add(j)
        else:
            values[:, j] = column
    return Block(values, found, frozenset(lost))
