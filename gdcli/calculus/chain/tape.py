"""Reverse accumulation written down: a numbered tape of operations, values forward, adjoints backward.

Every v_k is one operation on earlier entries. With a_k = dg/dv_k, the output has a = 1 and every other entry
a_k = sum over the entries j that use it of a_j dv_j/dv_k (Griewank and Walther, "Evaluating Derivatives", 2008,
chapter 3). The operations and their local derivatives are those of the sweep in `gradient`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy

from gdcli.calculus.function import Function
from gdcli.calculus.gradient import Visit, visits
from gdcli.calculus.linearization import free_letter


@dataclass
class Entry:
    """v_k: its operation on earlier entries v_i (None for a variable), its names, value and adjoint.

    `received` holds (j, dv_j/dv_k in the symbols v_i) for every entry j that uses v_k.
    """

    operation: sympy.Expr | None
    value: sympy.Expr
    names: list[str] = field(default_factory=list)
    adjoint: sympy.Expr = sympy.S.Zero
    received: list[tuple[int, sympy.Expr]] = field(default_factory=list)


@dataclass
class Tape:
    """The entries, arguments before what uses them; `output` is the index of the result.

    `letter` and `adjoint` begin the names of the entries and of their adjoints: v1, a1.
    """

    letter: str = "v"
    adjoint: str = "a"
    entries: list[Entry] = field(default_factory=list)
    output: int = 0

    @classmethod
    def of(cls, name: str, outer: Function, inner: Mapping[str, Function], point: Mapping[str, sympy.Expr]) -> Tape:
        """The tape of outer(inner(x)) at `point` (exact numbers by variable name), its adjoints filled in.

        Every piece of the formulas must be smooth at the point.
        """
        variables = next(iter(inner.values())).variables
        taken = [name, *inner, *(x.name for x in variables)]
        tape = cls(free_letter(("v", "w", "t", "q"), taken), free_letter(("a", "b", "c", "d"), taken))
        inputs = {x: tape._add(Entry(None, point[x.name], [x.name])) for x in variables}
        # One table for all the inner formulas: what they share is computed once.
        shared: dict[sympy.Expr, int] = dict(inputs)
        middle = {f_name: tape._formula(f_name, f, shared) for f_name, f in inner.items()}
        tape.output = tape._formula(name, outer, {x: middle[x.name] for x in outer.variables})
        tape._backward()
        return tape

    def symbol(self, index: int) -> sympy.Symbol:
        """v1 for the entry at index 0."""
        return sympy.Symbol(f"{self.letter}{index + 1}", real=True)

    def incoming(self, entry: Entry) -> sympy.Expr:
        """The adjoint of an entry as a formula: sum a_j dv_j/dv_k over the entries that use it."""
        terms = ((sympy.Symbol(f"{self.adjoint}{j + 1}", real=True), local) for j, local in entry.received)
        return sympy.Add(*(adjoint * local for adjoint, local in terms))

    def _add(self, entry: Entry) -> int:
        self.entries.append(entry)
        return len(self.entries) - 1

    def _formula(self, name: str, function: Function, known: dict[sympy.Expr, int]) -> int:
        """Write a formula's operations behind those that are there; the number of its result."""
        if function.expr.free_symbols:
            for visit in reversed(visits(function.expr, function.variables)):
                if visit.node not in known:
                    known[visit.node] = self._operation(visit, known, function.variables)
        else:
            known.setdefault(function.expr, self._add(Entry(function.expr, function.expr)))
        number = known[function.expr]
        self.entries[number].names.append(name)
        return number

    def _operation(self, visit: Visit, known: Mapping[sympy.Expr, int], variables: Iterable[sympy.Symbol]) -> int:
        children = [*(child for child, _ in visit.edges), *(x for x in variables if x in known)]
        symbols = {child: self.symbol(known[child]) for child in children}
        values = {child: self.entries[known[child]].value for child in children}
        number = self._add(Entry(visit.node.xreplace(symbols), visit.node.xreplace(values)))
        for child, local in visit.edges:
            self.entries[known[child]].received.append((number, local.xreplace(symbols)))
        return number

    def _backward(self) -> None:
        place = {self.symbol(k): entry.value for k, entry in enumerate(self.entries)}
        self.entries[self.output].adjoint = sympy.S.One
        for k in reversed(range(len(self.entries))):
            entry = self.entries[k]
            terms = (self.entries[j].adjoint * local.xreplace(place) for j, local in entry.received)
            entry.adjoint = sympy.Add(entry.adjoint, *terms)

    def gradient(self, count: int) -> tuple[sympy.Expr, ...]:
        """The adjoints of the `count` variables."""
        return tuple(entry.adjoint for entry in self.entries[:count])
