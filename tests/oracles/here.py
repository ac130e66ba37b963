"""Parts held in this process, one group after another, as workers would hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from gdcli.data.partitions.parts import Segments, Share, folded, root

T = TypeVar("T")


class Here:
    """The parts, dealt out to so many `holders`, each of which folds its own before all are folded."""

    def __init__(self, parts: Sequence[Any], holders: int = 1) -> None:
        self.parts = list(parts)
        self._holders = holders

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.parts)

    @property
    def shares(self) -> tuple[Share, ...]:
        """One share: all lies here."""
        return (Share("here", self.count, 0, None),)

    def change(self, function: Callable[..., Any], *args: object) -> None:
        """Every part becomes function(part, *args)."""
        self.parts = [function(part, *args) for part in self.parts]

    def each(self, function: Callable[..., T], *args: object) -> list[T]:
        """function(part, *args) of every part."""
        return [function(part, *args) for part in self.parts]

    def total(
        self,
        function: Callable[..., T],
        *args: object,
        by: Callable[[T, T], T],
        own: Mapping[int, object] | None = None,
    ) -> T:
        """All parts' results, folded."""
        segments: Segments = {}
        for holder in range(self._holders):
            mine: Segments = {}
            for index in range(holder, self.count, self._holders):
                if own is None:
                    mine[0, index] = function(self.parts[index], *args)
                else:
                    mine[0, index] = function(self.parts[index], own[index], *args) if index in own else None
            segments |= folded(mine, self.count, by)
        return root(folded(segments, self.count, by), self.count)  # type: ignore[no-any-return]
