"""Who asks whom: the driver a few heads, they a few below them, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Node(Generic[T]):
    """One member and those below it; all of a node's members are neighbours."""

    member: T
    below: tuple[Node[T], ...]

    def walk(self) -> Iterator[Node[T]]:
        """The node and all below it."""
        yield self
        for node in self.below:
            yield from node.walk()


def arranged(members: Sequence[T], arity: int) -> tuple[Node[T], ...]:
    """At most `arity` heads over all members, each with at most `arity` below it."""
    count = min(arity, len(members))
    edges = [len(members) * i // count for i in range(count + 1)] if count else []
    return tuple(Node(members[first], arranged(members[first + 1 : last], arity)) for first, last in pairwise(edges))
