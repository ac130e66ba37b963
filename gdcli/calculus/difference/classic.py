"""The classic limits, all of the form q(k) -> c as k -> 0, and the identities that bring a quotient to them."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy

from gdcli.language.latex import latex
from gdcli.language.text import text
from gdcli.results.common import Written

K = sympy.Symbol("k", real=True)
FIRST = 0xE000
"""Places in a printed quotient are held by characters of the private use area, which no name of the language has."""
STEP = "\uf8ff"
"""The name of h while sympy works: it sorts after every variable, so that x + h is printed, not h + x."""


@dataclass(frozen=True)
class Classic:
    """`law` in `letter` -> `limit`, the letter being the increment `k`; `symbol` holds its place in a larger one."""

    symbol: sympy.Symbol
    law: sympy.Expr
    letter: sympy.Expr
    k: sympy.Expr
    limit: sympy.Expr

    @property
    def quotient(self) -> sympy.Expr:
        """The quotient with its increment put in."""
        return self.law.xreplace({self.letter: self.k})


@dataclass
class Used:
    """The classic limits and identities that one difference quotient took, in order.

    `letters` are the name of h in print, and names for further increments.
    """

    h: sympy.Symbol
    letters: tuple[str, ...]
    classics: list[Classic] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)
    named: dict[sympy.Expr, sympy.Symbol] = field(default_factory=dict)

    def classic(self, law: sympy.Expr, k: sympy.Expr, limit: sympy.Expr) -> sympy.Symbol:
        """The place of the quotient `law` (in K) at the increment k; the same one for the same quotient."""
        letter = self._letter(k)
        written = law.xreplace({K: letter})
        for known in self.classics:
            if known.law == written:
                return known.symbol
        symbol = sympy.Symbol(chr(FIRST + len(self.classics)), real=True)
        self.classics.append(Classic(symbol, written, letter, k, limit))
        return symbol

    def _letter(self, k: sympy.Expr) -> sympy.Expr:
        """h and 3*h stand for themselves, a longer increment gets a letter of its own."""
        if (k / self.h).is_Rational:
            return k
        return self.named.setdefault(k, sympy.Symbol(self._free(), real=True))

    def _free(self) -> str:
        others = self.letters[1:]
        turn, place = divmod(len(self.named), len(others))
        return others[place] + (str(turn + 1) if turn else "")

    def identity(self, words: str) -> None:
        """Note an identity, once."""
        if words not in self.identities:
            self.identities.append(words)

    def limits(self) -> dict[sympy.Expr, sympy.Expr]:
        """Each place and the limit of what it holds."""
        return {known.symbol: known.limit for known in self.classics}

    def quotients(self) -> dict[sympy.Expr, sympy.Expr]:
        """Each place and what it holds."""
        return {known.symbol: known.quotient for known in self.classics}

    def within(self, expr: sympy.Expr) -> list[Classic]:
        """The classic limits that `expr` holds."""
        return [known for known in self.classics if expr.has(known.symbol)]

    def shown(self, expr: sympy.Expr) -> Written:
        """An expression, the classic quotients kept whole in it: 3*cos(3*x)*(sin(3*h)/(3*h))."""
        plain, tex = text(expr), latex(expr)
        for known in self.within(expr):
            plain = plain.replace(known.symbol.name, f"({text(known.law)})")
            tex = tex.replace(latex(known.symbol), rf"\left({latex(known.law)}\right)")
        return printed(Written(plain, tex), self.letters[0])

    def increments(self, expr: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Expr]]:
        """The letters in `expr` with their increments."""
        found = {known.letter: known.k for known in self.within(expr) if known.letter != known.k}
        return list(found.items())


def printed(written: Written, letter: str) -> Written:
    """What was written with STEP, with the letter that stands for h."""
    step, tex = latex(sympy.Symbol(STEP)), latex(sympy.Symbol(letter))
    return Written(written.text.replace(STEP, letter), written.latex.replace(step, tex).replace(STEP, tex))
