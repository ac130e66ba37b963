"""What a computation over parts of the data asks of whatever holds them, and the tree in which sums are folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
# What was folded of the parts [index 2^level, (index + 1) 2^level), by (level, index); None where none of them took
# part.
Segments = dict[tuple[int, int], Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder has of the parts: how many, about how many bytes, and how many it may take in all, None where
    nothing says so.
    """

    holder: str
    parts: int
    bytes: int
    limit: int | None


class Parts(Protocol):
    """Parts 0, 1, ..., held somewhere. Functions are those of a module: where the parts are they go by their name."""

    @property
    def count(self) -> int:
        """How many parts there are."""

    @property
    def shares(self) -> tuple[Share, ...]:
        """Who holds how much of them."""

    def change(self, function: Callable[..., Any], *args: object) -> None:
        """Every part becomes function(part, *args)."""

    def each(self, function: Callable[..., T], *args: object) -> list[T]:
        """function(part, *args) of every part, in their order."""

    def total(
        self,
        function: Callable[..., T],
        *args: object,
        by: Callable[[T, T], T],
        own: Mapping[int, object] | None = None,
    ) -> T:
        """function(part, *args) of all parts, folded two by two: the same bits wherever the parts lie.

        With `own` only the parts named in it take part, by function(part, own[index], *args); it names one at least.
        """


def folded(found: Segments, count: int, by: Callable[[Any, Any], Any]) -> Segments:
    """Segments of `count` parts, those beside one another made one wherever both halves are there.

    The tree depends on `count` alone: whoever folds first, all come to the same sums in the same order.
    """
    left, level = dict(found), 0
    while (1 << level) < count:
        for index in sorted(index for height, index in left if height == level and index % 2 == 0):
            alone = (index + 1) << level >= count
            if alone or (level, index + 1) in left:
                first = left.pop((level, index))
                left[level + 1, index // 2] = first if alone else _both(first, left.pop((level, index + 1)), by)
        level += 1
    return left


def root(found: Segments, count: int) -> Any:
    """What `folded` made of all parts. Raises LookupError where some are missing."""
    return found[max(0, (count - 1).bit_length()), 0]


def added(first: Sequence[Any], second: Sequence[Any]) -> tuple[Any, ...]:
    """Entry by entry the sum of two results."""
    return tuple(a + b for a, b in zip(first, second, strict=True))


def _both(first: Any, second: Any, by: Callable[[Any, Any], Any]) -> Any:
    if first is None or second is None:
        return second if first is None else first
    return by(first, second)
