"""Long results as a tape: the subexpressions that several partials share get names, t1, t2, ..., in order of use.

Reverse accumulation leaves a DAG. Written out as a tree it may be exponentially longer (a chain 200 deep), so each
piece that is used twice is written once and then named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sympy

LONG = 1500
"""Nodes, over all results written out as trees, up to which nothing is named."""
WORTH = 2
"""How many times shorter a tape must be than the results in full."""
NAMED = 4
"""Nodes a piece must have to get a name: x**2 has three."""


@dataclass(frozen=True)
class Shared:
    """The pieces that get names, each before those that hold it, and the nodes of the results written out in full."""

    names: dict[sympy.Expr, str]
    nodes: int


def shared(results: Sequence[sympy.Expr], taken: Collection[str] = ()) -> Shared:
    """What to name so that `results` become short; nothing where they are short, or share little.

    `taken` are the names of the variables: where one is like t1 the names are s1, s2, ... or others.
    """
    order, repeated = _topological(results)
    size: dict[sympy.Basic, int] = {}
    for node in order:
        size[node] = _own(node, size)
    full = sum(size.get(result, 1) for result in results)
    if full <= LONG:
        return Shared({}, full)
    named = [node for node in order if node in repeated and size[node] >= NAMED and isinstance(node, sympy.Expr)]
    if not named or WORTH * _taped(order, results, set(named)) > full:
        return Shared({}, full)
    letter = _letter(taken)
    return Shared({node: f"{letter}{place}" for place, node in enumerate(named, 1)}, full)


def _taped(order: Sequence[sympy.Basic], results: Sequence[sympy.Expr], named: set[sympy.Basic]) -> int:
    """The nodes of the tape and of the results that refer to it."""
    size: dict[sympy.Basic, int] = {}
    lines = 0
    for node in order:
        own = _own(node, size)
        lines += own if node in named else 0
        size[node] = 1 if node in named else own
    return lines + sum(size.get(result, 1) for result in results)


def _own(node: sympy.Basic, size: Mapping[sympy.Basic, int]) -> int:
    """The nodes of a piece, given the sizes of those below it; an atom has one."""
    return 1 + sum(1 if child.is_Atom else size[child] for child in node.args)


def _letter(taken: Collection[str]) -> str:
    candidates = ("t", "s", "u", "v", "w", "tape", "tape_line")
    free = (c for c in candidates if not any(name.startswith(c) and name[len(c) :].isdigit() for name in taken))
    return next(free, "shared_piece_of_the_tape")


def _topological(roots: Sequence[sympy.Basic]) -> tuple[list[sympy.Basic], set[sympy.Basic]]:
    """Every distinct piece but atoms, arguments before those that hold them, and the pieces that are used twice.

    Iterative, so that depth costs no stack.
    """
    order: list[sympy.Basic] = []
    seen: set[sympy.Basic] = set()
    repeated: set[sympy.Basic] = set()
    stack = [(root, False) for root in reversed(roots) if not root.is_Atom]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node in seen:
            repeated.add(node)
        else:
            seen.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.args) if not child.is_Atom)
    return order, repeated
