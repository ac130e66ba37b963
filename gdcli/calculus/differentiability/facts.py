"""What the conditions of a piecewise say near the point: which hold for every small h != 0, and what they guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy

from gdcli.calculus.differentiability.floor import Floor
from gdcli.calculus.differentiability.lowest import floor_of
from gdcli.calculus.differentiability.model import Model, NoModelError, known_sign
from gdcli.calculus.exact import sign_of
from gdcli.language import tree

Key = frozenset[tuple[tuple[int, ...], object]]
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_ALLOWED: Mapping[str, frozenset[int]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
    "==": frozenset({0}),
    "!=": frozenset({-1, 1}),
}
"""The signs of a - b with which a comparison of a and b holds."""
Guards = Mapping[Key, frozenset[int]]
"""For polynomials (as frozen sets of terms) the signs they can have where a branch is in force."""


@dataclass(frozen=True)
class Atom:
    """One comparison of a model with 0."""

    model: Model
    operator: str

    def holds(self, d: int, radius: Fraction) -> bool | None:
        """True or False where that is proven for all small h != 0."""
        possible = signs(self.model, d, radius)
        allowed = _ALLOWED[self.operator]
        if possible <= allowed:
            return True
        return None if possible & allowed else False


def signs(model: Model, d: int, radius: Fraction) -> frozenset[int]:
    """The signs a model can have for small h != 0."""
    known = known_sign(model, radius)
    if known:
        return frozenset({known})
    if model.is_exact and not model.poly:
        return frozenset({0})
    allowed = {0: frozenset({-1, 0, 1}), 1: frozenset({0, 1}), -1: frozenset({-1, 0})}[model.sign]
    try:
        floor = floor_of(model, d, radius)
    except NoModelError:
        return allowed
    if floor.positive:
        allowed -= {0}
        allowed &= {floor.sign} if floor.sign else {-1, 1}
    return allowed


def holds(condition: tree.Node, read: Callable[[tree.Node], Model], d: int, radius: Fraction) -> bool | None:
    """Whether a condition holds for all small h != 0 (True), for none (False), or neither is proven (None)."""
    match condition:
        case tree.Comparison():
            return _every([atom.holds(d, radius) for atom in atoms(condition, read)])
        case tree.Not(operand=operand):
            inner = holds(operand, read, d, radius)
            return None if inner is None else not inner
        case tree.Junction(kind=kind, operands=operands):
            return _junction(kind, operands, read, d, radius)
        case _:
            return True


def _junction(
    kind: str, operands: Sequence[tree.Node], read: Callable[[tree.Node], Model], d: int, radius: Fraction
) -> bool | None:
    found = [holds(operand, read, d, radius) for operand in operands]
    together = _every(found) if kind == "and" else _some(found)
    if together is not None:
        return together
    operator = "==" if kind == "and" else "!="
    comparisons = [operand for operand in operands if isinstance(operand, tree.Comparison)]
    pieces = [atom for comparison in comparisons for atom in atoms(comparison, read) if atom.operator == operator]
    if len(pieces) >= 2 and (kind == "and" or len(pieces) == len(operands)):
        # All u_i = 0 exactly where sum u_i^2 = 0.
        squares = pieces[0].model * pieces[0].model
        for piece in pieces[1:]:
            squares = squares + piece.model * piece.model
        return Atom(squares, operator).holds(d, radius)
    return None


def _every(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _some(found: Sequence[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def atoms(comparison: tree.Comparison, read: Callable[[tree.Node], Model]) -> Iterator[Atom]:
    """a < b < c as a - b < 0 and b - c < 0."""
    models = [read(operand) for operand in comparison.operands]
    for operator, (a, b) in zip(comparison.operators, pairwise(models), strict=True):
        yield Atom(a + -b, operator)


def guards(condition: tree.Node, truth: bool, read: Callable[[tree.Node], Model]) -> dict[Key, frozenset[int]]:
    """The signs that a condition being true (or false) leaves to the polynomials it compares with 0."""
    match condition:
        case tree.Comparison() if truth or len(condition.operators) == 1:
            found: dict[Key, frozenset[int]] = {}
            for atom in atoms(condition, read):
                operator = atom.operator if truth else NEGATED[atom.operator]
                _note(found, atom.model, _ALLOWED[operator])
            return found
        case tree.Not(operand=operand):
            return guards(operand, not truth, read)
        case tree.Junction(kind=kind, operands=operands) if (kind == "and") == truth:
            return merged(*(guards(operand, truth, read) for operand in operands))
        case _:
            return {}


def merged(*known: Guards) -> dict[Key, frozenset[int]]:
    """Everything that is known, together."""
    together: dict[Key, frozenset[int]] = {}
    for each in known:
        for key, allowed in each.items():
            together[key] = together.get(key, allowed) & allowed
    return together


def _note(found: dict[Key, frozenset[int]], model: Model, allowed: frozenset[int]) -> None:
    if not model.is_exact or not model.poly:
        return
    found[frozenset(model.poly.items())] = allowed
    found[frozenset((-model).poly.items())] = frozenset(-sign for sign in allowed)
    if 0 in allowed or len(model.poly) > 1:
        return
    # A monomial that is not 0 has no factor that is.
    ((exponents, _),) = model.poly.items()
    for i, e in enumerate(exponents):
        if e:
            for sign in (1, -1):
                unit = tuple(int(k == i) for k in range(len(exponents)))
                key = frozenset({(unit, sympy.Integer(sign))})
                found[key] = found.get(key, frozenset({-1, 1}))


def is_nonzero(model: Model, floor: Floor, known: Guards) -> bool:
    """Whether u != 0 for every small h != 0 the branch covers."""
    if floor.positive or guarded(model, known):
        return True
    if floor.power:
        return False
    units = [tuple(int(k == i) for k in range(len(floor.monomial))) for i, b in enumerate(floor.monomial) if b]
    return all(0 not in known.get(frozenset({(unit, sympy.S.One)}), frozenset({0})) for unit in units)


def guarded(model: Model, known: Guards) -> bool:
    """Whether a condition in force says of this very polynomial that it is not 0."""
    return model.is_exact and 0 not in known.get(frozenset(model.poly.items()), frozenset({0}))


def sign_by(model: Model, known: Guards) -> int:
    """1 where u >= 0 is known, -1 where u <= 0, else 0: from a guard, or from even powers alone."""
    if not model.is_exact:
        return 0
    allowed = known.get(frozenset(model.poly.items()), frozenset({-1, 0, 1}))
    if allowed <= {0, 1}:
        return 1
    if allowed <= {0, -1}:
        return -1
    if any(e % 2 for key in model.poly for e in key):
        return 0
    coefficients = {sign_of(c) for c in model.poly.values()}
    return coefficients.pop() or 0 if len(coefficients) == 1 else 0
