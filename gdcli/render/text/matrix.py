"""Matrices side by side: name = [ ... ] = [ ... ]."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.render import Look

MOST = 12
"""Rows and columns up to which a matrix is drawn."""


def beside(name: str, matrices: Sequence[Sequence[Sequence[str]]], look: Look) -> list[str]:
    """The matrices, equal ones of one size, with = between them; no lines where they would not fit."""
    rows = len(matrices[0])
    if rows > MOST or len(matrices[0][0]) > MOST:
        return []
    blocks = [_block(matrix) for matrix in matrices]
    lines = []
    for i in range(rows):
        joints = [f"{name} = " if i == 0 else " " * (len(name) + 3), *[" = " if i == 0 else "   "] * (len(blocks) - 1)]
        lines.append("".join(joint + block[i] for joint, block in zip(joints, blocks, strict=True)))
    return lines if max(map(len, lines)) <= look.width - 2 else []


def _block(matrix: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*matrix, strict=True)]
    padded = ([entry.ljust(width) for entry, width in zip(row, widths, strict=True)] for row in matrix)
    return [f"[ {'  '.join(row)} ]" for row in padded]
