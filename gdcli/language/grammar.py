"""Operator precedence (Pratt): tokens to tree. Calls and names are in `calls`, which this class extends.

From loose to tight: `if else`, or, and, not, comparison, + -, * / and juxtaposition, sign, ^ (to the right).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum

from gdcli.language.cursor import Cursor
from gdcli.language.tree import (
    Call,
    Comparison,
    Constant,
    Junction,
    Negate,
    Node,
    Not,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Span,
    Sum,
    Vector,
)


class Level(IntEnum):
    """How tightly an operator binds."""

    CHOICE = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    SUM = 6
    PRODUCT = 7
    SIGN = 8
    POWER = 9
    ATOM = 10


_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_COMMANDS = (r"\frac", r"\sqrt", r"\sum", r"\prod", r"\lvert", r"\lVert", r"\begin{cases}")
_LEVELS = {"if": Level.CHOICE, "or": Level.OR, "and": Level.AND, "+": Level.SUM, "-": Level.SUM}
_LEVELS |= {"*": Level.PRODUCT, "/": Level.PRODUCT, "^": Level.POWER} | dict.fromkeys(_COMPARISONS, Level.COMPARE)


class Operators(Cursor, ABC):
    """Expressions of operators over atoms; `name` and `command` are supplied by the classes that read these."""

    bars = 0  # the | still open inside the innermost bracket

    @abstractmethod
    def name(self) -> Node:
        """Read a name, or a function with its arguments."""

    @abstractmethod
    def command(self) -> Node:
        """Read a LaTeX command of a shape of its own."""

    def starts_command(self) -> bool:
        """Whether such a command comes next."""
        return self.at(*_COMMANDS)

    def parse(self, level: Level = Level.CHOICE) -> Node:
        """Read the longest expression whose operators bind at least as tightly as `level`."""
        self.descend()
        left = self._prefix(level)
        while rule := self._infix(level):
            left = rule(left)
        self.ascend()
        return left

    def starts_atom(self) -> bool:
        """Whether a factor can begin here."""
        token = self.token
        return token.kind == "name" or self.at("(", "{", "√", "∛", *_COMMANDS) or (self.at("|") and not self.bars)

    def _infix(self, level: Level) -> Callable[[Node], Node] | None:
        token = self.token
        if token.kind == "sign" and token.text in _LEVELS:
            return self._rule(token.text) if _LEVELS[token.text] >= level else None
        if level > Level.PRODUCT:
            return None
        if token.kind == "number" and not self._follows_brace():
            self.fail("a number follows a factor", token.span, "write a product with *, a power with ^")
        return self._product if self.starts_atom() or token.kind == "number" else None

    def _follows_brace(self) -> bool:
        r"""Whether a brace ends here, as in \frac{1}{2} 3^{x}: what follows it is a factor even if it is a number."""
        return self.tokens[self.position - 1].text == "}"

    def _rule(self, sign: str) -> Callable[[Node], Node]:
        if sign in _COMPARISONS:
            return self._comparison
        rules = {"if": self._choice, "or": self._junction, "and": self._junction, "+": self._sum, "-": self._sum}
        rules |= {"*": self._product, "/": self._quotient, "^": self._power}
        return rules[sign]

    def _prefix(self, level: Level) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return Number(token.span, token.value)
        if token.kind == "name":
            return self.name()
        if self.at("-", "+"):
            self.take()
            operand = self.number(self.parse(max(level, Level.PRODUCT)))
            return Negate((token.start, self.end), operand) if token.text == "-" else operand
        if self.at("not"):
            self.take()
            return Not((token.start, self.end), self.condition(self.parse(Level.NOT)))
        if self.at("(", "{"):
            return self._group()
        if self.at("["):
            return self._vector()
        if self.at("|"):
            return self._absolute()
        if self.at("√", "∛"):
            return self._root()
        if self.starts_command():
            return self.command()
        return self.unexpected(
            "a number, a variable or a function is missing" + (f" before {token.text}" if token.text else "")
        )

    def closing(self, opener: Span, sign: str) -> None:
        """Read the bracket that closes what stands at `opener`."""
        if not self.at(sign):
            if self.at(","):
                self.fail(
                    "a comma between plain brackets", self.token.span, "write decimals with a point, vectors as [a, b]"
                )
            self.unexpected(f"an operator or {sign} is missing")
        self.take()
        if opener[1] > opener[0]:
            self.grouped.add((opener[0], self.end))

    def _group(self) -> Node:
        opener = self.take()
        outer, self.bars = self.bars, 0
        inner = self.parse()
        self.bars = outer
        self.closing(opener.span, ")" if opener.text == "(" else "}")
        return replace(inner, span=(opener.start, self.end))

    def _vector(self) -> Node:
        opener = self.take()
        outer, self.bars = self.bars, 0
        items = [self.number(self.parse())]
        while self.at(","):
            self.take()
            items.append(self.number(self.parse()))
        self.bars = outer
        self.closing(opener.span, "]")
        return Vector((opener.start, self.end), tuple(items))

    def _absolute(self) -> Node:
        opener = self.take()
        self.bars += 1
        inner = self.number(self.parse())
        if not self.at("|"):
            self.fail("this | is never closed", opener.span, "close it with |, or write abs(...)")
        self.take()
        self.bars -= 1
        return Call((opener.start, self.end), "abs", (inner,))

    def _root(self) -> Node:
        sign = self.take()
        inner = self.number(self.parse(Level.ATOM))
        node = Call((sign.start, self.end), "sqrt" if sign.text == "√" else "cbrt", (inner,))
        if self.at("^") and inner.span not in self.grouped:
            self.warn(f"{sign.text} is read as reaching only to the next factor", node.span, f"write {sign.text}(...)")
        return node

    def _choice(self, value: Node) -> Node:
        self.take()
        condition = self.condition(self.parse(Level.OR))
        self.expect("else", "the condition")
        otherwise = self.number(self.parse())
        span = (value.span[0], self.end)
        return Piecewise(span, (self.number(value),), (condition,), otherwise)

    def _junction(self, left: Node) -> Node:
        kind = self.token.text
        operands = [self.condition(left)]
        while self.at(kind):
            self.take()
            operands.append(self.condition(self.parse(Level.AND if kind == "or" else Level.NOT)))
        return Junction((left.span[0], self.end), "or" if kind == "or" else "and", tuple(operands))

    def _comparison(self, left: Node) -> Node:
        operands, operators = [self.number(left)], []
        while self.at(*_COMPARISONS):
            operators.append(self.take().text)
            operands.append(self.number(self.parse(Level.SUM)))
        return Comparison((left.span[0], self.end), tuple(operands), tuple(operators))

    def _sum(self, left: Node) -> Node:
        terms = [self.number(left)]
        while self.at("+", "-"):
            sign = self.take()
            term = self.number(self.parse(Level.PRODUCT))
            terms.append(Negate((sign.start, self.end), term) if sign.text == "-" else term)
        return Sum((left.span[0], self.end), tuple(terms))

    def _product(self, left: Node) -> Node:
        factors = [self.number(left)]
        while True:
            if self.at("*"):
                self.take()
                factors.append(self.number(self.parse(Level.SIGN)))
            elif self.starts_atom() or (self.token.kind == "number" and self._follows_brace()):
                self._check_juxtaposed(factors[-1])
                factors.append(self.number(self.parse(Level.POWER)))
            else:
                break
        return Product((left.span[0], self.end), tuple(factors))

    def _check_juxtaposed(self, left: Node) -> None:
        if left.span in self.grouped:
            return
        piece = self.source[left.span[0] : left.span[1]]
        following = self.token.text
        span = (left.span[0], self.token.end)
        if isinstance(left, Quotient):
            self.warn(f"{piece} {following} is read as ({piece})*{following}", span, "write the product with * and ( )")
        elif isinstance(left, Power) and left.base == Constant((0, 0), "e") and left.exponent.span not in self.grouped:
            self.warn(f"{piece} {following} is read as ({piece})*{following}", span, "bracket the exponent: e^(2x)")

    def _quotient(self, left: Node) -> Node:
        self.take()
        right = self.number(self.parse(Level.SIGN))
        return Quotient((left.span[0], self.end), self.number(left), right)

    def _power(self, left: Node) -> Node:
        self.take()
        exponent = self.number(self.parse(Level.POWER))
        return Power((left.span[0], self.end), self.number(left), exponent)
