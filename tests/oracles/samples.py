"""The bundled problems read with csv and tomllib alone: exact columns, the loss's own targets, the card's options."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "sample_problems"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@dataclass(frozen=True, eq=False)
class Sample:
    """X (N rows of d exact cells, no intercept column), y (numbers, -1 and +1, or class codes), and the card."""

    name: str
    header: list[str]
    X: list[list[Fraction]]
    y: list[Fraction]
    card: dict[str, Any]

    @property
    def intercept(self) -> bool:
        return bool(self.card.get("intercept", True))

    @property
    def l2(self) -> float:
        return float(self.card.get("l2", 0.0))

    def floats(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array(self.X, dtype=float), np.array(self.y, dtype=float)


@cache
def card(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def sample(name: str, path: Path | None = None) -> Sample:
    """Read NAME.csv (or `path`, for a file made on demand): cells are the doubles nearest to their text, exactly."""
    with (path or FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream, strict=True))
    target = header.index(card(name)["target"])
    columns = [header.index(column) for column in card(name).get("columns", header) if column != card(name)["target"]]
    X = [[Fraction(float(row[column])) for column in columns] for row in rows]
    return Sample(name, header, X, _targets(card(name)["loss"], [row[target] for row in rows]), card(name))


def _targets(loss: str, cells: list[str]) -> list[Fraction]:
    if loss == "squared":
        return [Fraction(float(cell)) for cell in cells]
    if loss == "softmax":
        return [Fraction(sorted(set(cells)).index(cell)) for cell in cells]
    _, second = sorted(set(cells))
    return [Fraction(1 if cell == second else -1) for cell in cells]
