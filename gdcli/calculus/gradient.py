"""The gradient by reverse accumulation: one sweep over the expression's DAG for all variables at once.

With adj(v) = df/dv, every node v with arguments u passes adj(v) * dv/du on to adj(u) (Linnainmaa 1970; Griewank and
Walther, "Evaluating Derivatives", 2008, chapter 3). Each distinct subexpression is visited once, so the number of
local derivatives is the number of edges of the DAG, whatever the number of variables; one forward derivative for every
variable costs (variables) x (edges).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sympy

from gdcli.calculus.canonical import add, multiply
from gdcli.calculus.local import as_branches, branches_in, local_derivatives
from gdcli.calculus.tidy import is_small, tidy


@dataclass
class Count:
    """What a sweep cost: distinct subexpressions visited, and local derivatives used (one an edge)."""

    nodes: int = 0
    edges: int = 0


@dataclass(frozen=True)
class Visit:
    """One node v of a sweep: adj(v) = df/dv, and its edges (u, dv/du) to the nodes u it passes adjoints on to."""

    node: sympy.Expr
    adjoint: sympy.Expr
    edges: tuple[tuple[sympy.Expr, sympy.Expr], ...]


@dataclass
class _Sweep:
    """One reverse pass for a set of variables, with the partials of branches it met on the way."""

    variables: frozenset[sympy.Symbol]
    count: Count
    branches: dict[sympy.Expr, dict[sympy.Symbol, sympy.Expr]] = field(default_factory=dict)
    active: dict[sympy.Basic, bool] = field(default_factory=dict)

    def partials(self, expr: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
        """df/dx for each variable x that `expr` holds.

        As `visits`, but what a node receives from one place alone stays a list of factors until a variable or a sum
        takes it: multiplied out at every node, a chain of n functions would sort n products of up to n factors.
        """
        received: dict[sympy.Expr, list[tuple[sympy.Expr, ...]]] = {expr: [()]}
        partials: dict[sympy.Symbol, sympy.Expr] = {}
        for node in reversed(self._topological(expr)):
            paths = received.pop(node)
            factors = paths[0] if len(paths) == 1 else (add([multiply(path) for path in paths]),)
            if node.is_Symbol:
                partials[node] = multiply(factors)
                continue
            self.count.nodes += 1
            for child, local in self._edges(node):
                self.count.edges += 1
                received.setdefault(child, []).append(factors if local is sympy.S.One else (*factors, local))
        return partials

    def visits(self, expr: sympy.Expr) -> Iterator[Visit]:
        """The nodes from `expr` down to the variables, each when all that it receives has arrived."""
        received: dict[sympy.Expr, list[sympy.Expr]] = {expr: [sympy.S.One]}
        for node in reversed(self._topological(expr)):
            adjoint = add(received.pop(node))
            edges = () if node.is_Symbol else tuple(self._edges(node))
            for child, local in edges:
                received.setdefault(child, []).append(adjoint if local is sympy.S.One else multiply((adjoint, local)))
            yield Visit(node, adjoint, edges)

    def _children(self, node: sympy.Expr) -> Sequence[sympy.Expr]:
        """What a node passes its adjoint on to: its arguments, or its variables where it has branches."""
        return node.args if as_branches(node) is None else self._held(node)

    def _held(self, node: sympy.Expr) -> list[sympy.Symbol]:
        return sorted(node.free_symbols & self.variables, key=sympy.default_sort_key)

    def _topological(self, expr: sympy.Expr) -> list[sympy.Expr]:
        """The active nodes, arguments before those that hold them; iterative, so that depth costs no stack."""
        order: list[sympy.Expr] = []
        seen: set[sympy.Expr] = set()
        stack: list[tuple[sympy.Expr, bool]] = [(expr, False)]
        while stack:
            node, expanded = stack.pop()
            if expanded:
                self.active[node] = node in self.variables or any(map(self._is_active, self._children(node)))
                if self.active[node]:
                    order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in self._children(node) if not child.is_Number)
        return order

    def _is_active(self, node: sympy.Expr) -> bool:
        # Looking up a number would cost its hash.
        return not node.is_Number and self.active[node]

    def _edges(self, node: sympy.Expr) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
        if as_branches(node) is not None:
            yield from ((variable, self._branch_slope(node, variable)) for variable in self._held(node))
            return
        for child, local in zip(node.args, local_derivatives(node), strict=True):
            if self._is_active(child):
                yield child, local

    def _branch_slope(self, node: sympy.Expr, variable: sympy.Symbol) -> sympy.Expr:
        """Inside a branch the derivative is the branch's own; the boundary points are left to `definition`."""
        pieces = branches_in(node, variable)
        return sympy.Piecewise(*((self._branch(b).get(variable, sympy.S.Zero), condition) for b, condition in pieces))

    def _branch(self, branch: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
        if branch not in self.branches:
            self.branches[branch] = self.partials(branch)
        return self.branches[branch]


def visits(expr: sympy.Expr, variables: Sequence[sympy.Symbol]) -> list[Visit]:
    """The reverse sweep itself, node by node, `expr` first: what a tape shows."""
    return list(_Sweep(frozenset(variables), Count()).visits(expr))


def raw_partials(
    expr: sympy.Expr, variables: Sequence[sympy.Symbol], count: Count | None = None
) -> tuple[sympy.Expr, ...]:
    """df/dx for each of `variables` as the sweep leaves it: nothing cancelled, so that it may be substituted into."""
    found = _Sweep(frozenset(variables), count or Count()).partials(expr)
    return tuple(found.get(variable, sympy.S.Zero) for variable in variables)


def gradient(expr: sympy.Expr, variables: Sequence[sympy.Symbol], count: Count | None = None) -> tuple[sympy.Expr, ...]:
    """The partial derivatives of `expr` in the order of `variables`, lightly simplified.

    They hold wherever f is smooth; at kinks, boundaries and removable singularities ask `definition`.
    """
    partials = raw_partials(expr, variables, count)
    return tuple(map(tidy, partials)) if is_small(partials) else partials
