"""The rules applied to a whole formula: from the inside out as steps, from the outside in as a list of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gdcli.calculus.steps.held import Held, Varies
from gdcli.calculus.steps.nodes import ONE, ZERO
from gdcli.calculus.steps.rule import Rule, rule
from gdcli.errors import UsageError
from gdcli.language import tree

LIMIT = 1000
"""Steps of one partial derivative; nobody reads more, and each holds its derivative in full."""


@dataclass(frozen=True)
class Step:
    """One rule applied: the derivative of `of` is `gives`; `uses` are the places of the steps it builds on.

    `depth` is how deep in the formula `of` stands, 0 for the formula itself.
    """

    rule: Rule
    of: tree.Node
    gives: tree.Node
    depth: int
    uses: tuple[int, ...]


def rules(root: tree.Node, variables: Sequence[str]) -> tuple[str, ...]:
    """The names of the rules for the partials in `variables`, outermost first, each once.

    For each variable the others are constants.
    """
    held = Held()
    used = (name for variable in variables for name in _names(root, Varies(held, variable)))
    return tuple(dict.fromkeys(used))


def _names(node: tree.Node, varies: Varies) -> Iterator[str]:
    found = rule(node, varies)
    yield from found.names
    for part in found.parts:
        yield from _names(part, varies)


def steps(root: tree.Node, variable: str, held: Held | None = None) -> tuple[Step, ...]:
    """Every rule applied on the way to the derivative in `variable`; the last step gives it.

    A piece that occurs twice is differentiated once; `held` may be shared between variables. Raises UsageError beyond
    LIMIT steps.
    """
    walk = _Walk(Varies(held or Held(), variable))
    walk.derivative(root, 0)
    return tuple(walk.done)


@dataclass
class _Walk:
    varies: Varies
    done: list[Step] = field(default_factory=list)
    place: dict[tree.Node, int] = field(default_factory=dict)

    def derivative(self, node: tree.Node, depth: int) -> None:
        """Differentiate a piece, its parts first, and note the step."""
        if node in self.place:
            return
        found = rule(node, self.varies)
        for part in found.parts:
            self.derivative(part, depth + 1)
        if len(self.done) == LIMIT:
            raise UsageError(
                f"the derivative takes more than {LIMIT} steps", hint="leave --steps out, or take a smaller formula"
            )
        uses = tuple(dict.fromkeys(self.place[part] for part in found.parts))
        self.place[node] = len(self.done)
        self.done.append(Step(found, node, found.gives(self._of), depth, uses))

    def _of(self, part: tree.Node) -> tree.Node:
        """The derivative of a part: noted, or that of a constant or of a bare variable."""
        if not self.varies(part):
            return ZERO
        place = self.place.get(part)
        return ONE if place is None else self.done[place].gives
