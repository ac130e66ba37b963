"""Tables for the tests of faults and of load, written by a rule: no two of them need the same file."""

from __future__ import annotations

from pathlib import Path


def write_table(file: Path, rows: int, columns: int) -> None:
    """`rows` lines of `columns` numbers and a target, of which every cell differs from its neighbours."""
    with file.open("w", encoding="ascii") as out:
        out.write(",".join(f"x{j}" for j in range(columns)) + ",y\n")
        for i in range(rows):
            cells = [(i * 7919 + j * 104729) % 9973 / 997 for j in range(columns)]
            out.write(",".join(map(repr, cells)) + f",{sum(cells[:3]) + i % 7!r}\n")
