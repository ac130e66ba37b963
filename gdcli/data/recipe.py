"""How a generated problem is made: a generator's name, its seed and its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdcli.data.generators import Problem


@dataclass(frozen=True)
class Generator:
    """A function of gdcli.data.generators with its seed and its other arguments."""

    name: str
    seed: int
    params: Mapping[str, int | float] = field(hash=False)

    def make(self) -> Problem:
        """Return (header, X, y), the same on every machine."""
        from gdcli.data.generators import GENERATORS

        return GENERATORS[self.name](self.seed, **self.params)
