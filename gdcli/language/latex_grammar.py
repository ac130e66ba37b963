r"""What LaTeX writes in a shape of its own: \frac, \sqrt, \sum, bars, cases. The rest is the grammar of plain text."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, cast

from gdcli.language.functions import BY_NAME
from gdcli.language.grammar import Level, Operators
from gdcli.language.names import CONSTANTS
from gdcli.language.tokens import Token, integer
from gdcli.language.tree import Call, Node, Number, Piecewise, Quotient, Series, Truth, Variable


class Commands(Operators):
    """Operators and LaTeX commands over atoms. `indices` are the indices of the sums being read."""

    indices: tuple[str, ...] = ()

    def command(self) -> Node:
        r"""Read \frac, \sqrt, \sum, \prod, \lvert, \lVert or cases."""
        rules: dict[str, Callable[[Token], Node]] = {
            r"\frac": self._fraction,
            r"\sqrt": self._square_root,
            r"\sum": self._large_operator,
            r"\prod": self._large_operator,
            r"\lvert": self._between_bars,
            r"\lVert": self._norm,
            r"\begin{cases}": self._cases,
        }
        outer, self.bars = self.bars, 0
        token = self.take()
        node = rules[token.text](token)
        self.bars = outer
        return node

    def _fraction(self, token: Token) -> Node:
        numerator, denominator = self._argument(token), self._argument(token)
        span = (token.start, denominator.span[1])
        self.grouped.add(span)
        return Quotient(span, numerator, denominator)

    def _square_root(self, token: Token) -> Node:
        order: Node | None = None
        if self.at("["):
            self.take()
            order = self.number(self.parse())
            self.closing((0, 0), "]")
        radicand = self._argument(token)
        span = (token.start, radicand.span[1])
        if order is None or order == Number((0, 0), Fraction(2)):
            return Call(span, "sqrt", (radicand,))
        return Call(span, "root", (radicand, order))

    def _argument(self, command: Token) -> Node:
        r"""What a command takes: a group in braces, or as in TeX the next sign alone: \frac12 is 1/2."""
        token = self.token
        if self.at("{"):
            return self.number(self._group())
        if token.kind == "number":
            return self._first_digit()
        if token.kind == "name" and token.text not in BY_NAME:
            return self._first_letter()
        if self.starts_command():
            return self.command()
        shape = rf"{command.text}{{a}}{{b}}" if command.text == r"\frac" else rf"{command.text}{{x}}"
        return self.fail(f"{command.text} needs its argument in braces", command.span, f"write {shape}")

    def _first_digit(self) -> Node:
        token = self.token
        if len(token.text) == 1 or not token.text.isdigit():
            self.take()
            return Number(token.span, token.value)
        self._leave(token.text[1:])
        return Number((token.start, token.start + 1), Fraction(int(token.text[0])))

    def _first_letter(self) -> Node:
        r"""\frac x2 is x/2, but \frac{x2}{3} has the variable x2."""
        token = self.token
        digits = self.source[token.start + 1 : token.end]
        if not digits.isdigit():
            return self.name()
        self._leave(digits)
        return Variable((token.start, token.start + 1), token.text[0])

    def _leave(self, digits: str) -> None:
        """Let these digits, the end of the next token, be the next token."""
        end = self.token.end
        self.tokens[self.position] = Token("number", digits, end - len(digits), end, Fraction(integer(digits)))

    def _large_operator(self, token: Token) -> Node:
        index, lower, upper = None, None, None
        while self.at("_{", "^"):
            if self.at("^"):
                self.take()
                upper = self.number(self.parse(Level.ATOM))
            else:
                index, lower = self._range(token)
        if index is None or lower is None or upper is None:
            self.fail(
                f"{token.text} needs an index and both bounds",
                (token.start, self.end),
                rf"write {token.text}_{{i=1}}^{{5}} x_i^2",
            )
        outer, self.indices = self.indices, (*self.indices, index)
        body = self.number(self.parse(Level.PRODUCT))
        self.indices = outer
        kind = cast(Literal["sum", "prod"], token.text[1:])
        return Series((token.start, self.end), kind, index, body, lower, upper)

    def _range(self, token: Token) -> tuple[str, Node]:
        self.take()
        index = self.take()
        if index.kind != "name" or not self.at("=", "==") or index.text in BY_NAME or index.text in CONSTANTS:
            self.fail(f"{token.text} needs an index: i=1", index.span, rf"write {token.text}_{{i=1}}^{{5}} x_i^2")
        self.take()
        lower = self.number(self.parse(Level.SUM))
        self.closing((0, 0), "}")
        return index.text, lower

    def _between_bars(self, token: Token) -> Node:
        inner = self.number(self.parse())
        self.closing((0, 0), r"\rvert")
        return Call((token.start, self.end), "abs", (inner,))

    def _norm(self, token: Token) -> Node:
        partner = self.brackets.partner
        wrapped = self.at("(") and partner[self.position] == partner[self.position - 1] - 1
        if wrapped:
            self.take()
        items = [self.number(self.parse())]
        while self.at(","):
            self.take()
            items.append(self.number(self.parse()))
        if wrapped:
            self.closing((0, 0), self.token.text)
        self.closing((0, 0), r"\rVert")
        if self.at("_{"):
            start = self.take().start
            if self.parse() != Number((0, 0), Fraction(2)):
                self.fail(
                    "only the Euclidean norm is read", (start, self.end), "write other norms out with abs and max"
                )
            self.closing((0, 0), "}")
        return Call((token.start, self.end), "norm", tuple(items))

    def _cases(self, token: Token) -> Node:
        values: list[Node] = []
        conditions: list[Node] = []
        otherwise: Node | None = None
        while not self.at(r"\end{cases}"):
            if otherwise is not None:
                self.fail("nothing may follow the last case", self.token.span, "put the case without condition last")
            value, condition = self._row()
            if isinstance(condition, Truth):
                otherwise = value
            else:
                values.append(value)
                conditions.append(condition)
        self.take()
        span = (token.start, self.end)
        if not values:
            self.fail(
                "cases need a row with a condition", span, r"write \begin{cases} x & x > 0 \\ 0 & x \leq 0 \end{cases}"
            )
        return Piecewise(span, tuple(values), tuple(conditions), otherwise)

    def _row(self) -> tuple[Node, Node]:
        value = self.number(self.parse())
        condition: Node = Truth(value.span)
        self._skip_comma()
        if self.at("&"):
            self.take()
            condition = self.condition(self.parse())
            self._skip_comma()
        if self.at("\\\\"):
            self.take()
        elif not self.at(r"\end{cases}"):
            self.unexpected(r"& or \\ is missing")
        return value, condition

    def _skip_comma(self) -> None:
        if self.at(","):
            self.take()
