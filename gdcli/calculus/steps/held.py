"""What the pieces of one formula hold: their variables, and sums over an index written out; each found once."""

from __future__ import annotations

from dataclasses import dataclass, field

from gdcli.language import tree
from gdcli.language.series import expand


@dataclass
class Held:
    """A memory by identity. The piece is kept beside what was found: an identity is worth something while it lives."""

    _names: dict[int, tuple[tree.Node, frozenset[str]]] = field(default_factory=dict)
    _written: dict[int, tuple[tree.Node, tree.Node]] = field(default_factory=dict)
    _terms: dict[int, tuple[tree.Node, dict[str, list[tree.Node]]]] = field(default_factory=dict)

    def names(self, node: tree.Node) -> frozenset[str]:
        """The variables of a piece; a sum over an index has those of its terms."""
        found = self._names.get(id(node))
        if found is None:
            found = self._names[id(node)] = (node, self._collected(node))
        return found[1]

    def written_out(self, node: tree.Node) -> tree.Node:
        """A sum, product or variable with an index, its index replaced by numbers."""
        found = self._written.get(id(node))
        if found is None:
            found = self._written[id(node)] = (node, expand(node, ""))
        return found[1]

    def terms(self, node: tree.Sum, variable: str) -> tuple[tree.Node, ...]:
        """The terms that hold the variable: for all variables of a long sum in one pass over it."""
        found = self._terms.get(id(node))
        if found is None:
            by_name: dict[str, list[tree.Node]] = {}
            for term in node.terms:
                for name in self.names(term):
                    by_name.setdefault(name, []).append(term)
            found = self._terms[id(node)] = (node, by_name)
        return tuple(found[1].get(variable, ()))

    def _collected(self, node: tree.Node) -> frozenset[str]:
        if isinstance(node, tree.Variable):
            return frozenset([node.name])
        if isinstance(node, tree.Series | tree.Indexed):
            return self.names(self.written_out(node))
        return frozenset[str]().union(*map(self.names, node.children))


@dataclass(frozen=True)
class Varies:
    """Whether a piece varies with `variable`, every other variable being a constant."""

    held: Held
    variable: str

    def __call__(self, node: tree.Node) -> bool:
        """Whether the variable stands in the piece."""
        return self.variable in self.held.names(node)
