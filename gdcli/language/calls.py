"""Names and calls: variables with subscripts, constants, functions with and without brackets, sum, piecewise."""

from __future__ import annotations

from fractions import Fraction

from gdcli.language.functions import BY_NAME, DIGAMMA, Function
from gdcli.language.grammar import Level
from gdcli.language.names import CONSTANTS, NOT_NUMBERS, TRUTHS
from gdcli.language.tokens import Token
from gdcli.language.tree import (
    Call,
    Constant,
    Indexed,
    Negate,
    Node,
    Number,
    Piecewise,
    Power,
    Product,
    Series,
    Span,
    Truth,
    Variable,
    Vector,
)
from gdcli.language.variables import Variables


class Parser(Variables):
    """The whole grammar."""

    def formula(self) -> Node:
        """Read all tokens as one number-valued expression."""
        if len(self.tokens) == 1:
            self.fail("the formula is empty", self.token.span, "type a formula: x^2 + 1")
        node = self.number(self.parse())
        if self.token.kind != "end":
            self.unexpected("an operator is missing")
        return node

    def name(self) -> Node:
        """Read a name, or a function with its arguments."""
        token = self.take()
        text = token.text
        if (self.at("_{") and text != "log") or (
            self.at("[") and self.token.start == token.end and text not in BY_NAME
        ):
            return self.subscripted(token)
        if text in self.indices:
            return Variable(token.span, text)
        if text in BY_NAME:
            return self._function(BY_NAME[text], token)
        if text == "e" or text == "pi":
            return Constant(token.span, "e" if text == "e" else "pi")
        if text in TRUTHS:
            return Truth(token.span)
        if text in NOT_NUMBERS:
            self.fail(f"{text} is not a number of the language", token.span, "use a finite number or another name")
        return self._variable(token)

    def _variable(self, token: Token) -> Node:
        base, *tail = token.text.split("_")
        if tail and any(part in self.indices for part in tail):
            return Indexed(token.span, base, tuple(self.part(token, part) for part in tail))
        if self.names_sigmoid(token):
            return self._function(BY_NAME["sigmoid"], token)
        if self.at("(") and self.token.start == token.end:
            self.check_called(token)
        self.check_fused(token)
        return Variable(token.span, token.text)

    def _function(self, function: Function, token: Token) -> Node:
        base = self._base() if self.at("_{") else None
        node = self._applied(function, token)
        if base is None:
            return node
        call, exponent = (node.base, node.exponent) if isinstance(node, Power) else (node, None)
        if not isinstance(call, Call) or len(call.arguments) != 1:
            self.fail("log has two bases", node.span, "write log_2(x) or log(x, 2)")
        call = Call(call.span, call.name, (*call.arguments, base))
        return call if exponent is None else Power(node.span, call, exponent)

    def _base(self) -> Node:
        self.take()
        base = self.number(self.parse())
        self.closing((0, 0), "}")
        return base

    def _applied(self, function: Function, token: Token) -> Node:
        exponent: Node | None = None
        if self.at("^"):
            self.take()
            exponent = self.number(self.parse(Level.POWER))
            if exponent == Negate((0, 0), Number((0, 0), Fraction(1))):
                function, exponent = self._inverse(function, token), None
            elif isinstance(exponent, Negate):
                self.warn(
                    f"{function.name}^ with a negative exponent is read as a power", exponent.span, "write (f(x))^-n"
                )
        call = self._called(function, token)
        return call if exponent is None else Power(call.span, call, exponent)

    def _inverse(self, function: Function, token: Token) -> Function:
        span = (token.start, self.end)
        if not function.inverse:
            self.fail(f"{function.name}^-1 has no meaning", span, f"write 1/{function.name}(x) for the reciprocal")
        self.note(f"{function.name}^-1 is read as the inverse function {function.inverse}")
        return BY_NAME[function.inverse]

    def _called(self, function: Function, token: Token) -> Node:
        if self.at("(", "{"):
            if function.name in {"sum", "prod"}:
                return self._series(function, token)
            return self._piecewise(token) if function.name == "piecewise" else self._bracketed(function, token)
        if not function.bare or not (self.starts_atom() or self.token.kind == "number" or self.at("-", "+", "|")):
            self.fail(
                f"{function.name} is a function: it needs its argument", token.span, f"write {function.name}(...)"
            )
        return self._bare(function, token)

    def _bracketed(self, function: Function, token: Token) -> Node:
        opener = self.take()
        partner = self.brackets.partner
        # LaTeX printers write f{\left(x, y\right)}.
        wrapped = opener.text == "{" and self.at("(") and partner[self.position] == partner[self.position - 1] - 1
        if wrapped:
            self.take()
        outer, self.bars = self.bars, 0
        arguments = self._arguments(function, opener)
        self.bars = outer
        if wrapped:
            self.closing((0, 0), ")")
        self.closing((0, 0), ")" if opener.text == "(" else "}")
        span = (token.start, self.end)
        if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
            self.fail(f"{function.name} takes {function.arity}, not {len(arguments)}", span, f"write {function.shape}")
        if function.name == "dot":
            arguments = self._paired(arguments)
        flat = [item for a in arguments for item in (a.items if isinstance(a, Vector) else (a,))]
        return _call(function, span, tuple(flat))

    def _arguments(self, function: Function, opener: Token) -> list[Node]:
        if self.at(")", "}"):
            return []
        arguments: list[Node] = []
        while True:
            node = self.parse()
            arguments.append(node if function.vectors and isinstance(node, Vector) else self.number(node))
            if not self.at(","):
                return arguments
            self.take()

    def _paired(self, arguments: list[Node]) -> list[Node]:
        left, right = (len(a.items) if isinstance(a, Vector) else 1 for a in arguments)
        if left != right:
            span = (arguments[0].span[0], arguments[1].span[1])
            self.fail(
                f"dot of vectors of {left} and {right} items", span, "give both the same length: dot([a,b], [c,d])"
            )
        return arguments

    def _bare(self, function: Function, token: Token) -> Node:
        """`sin 2x cos y`: factors side by side up to the next function, and a bracket only after a number."""
        if self.at("-", "+"):
            argument = self.number(self.parse(Level.SIGN))
            return _call(function, (token.start, self.end), (argument,))
        start = self.token.start
        factors = [self.number(self.parse(Level.POWER))]
        while self.starts_atom() and not (self.token.kind == "name" and self.token.text in BY_NAME):
            if self.token.kind != "name" and not isinstance(factors[-1], Number):
                piece = self.source[token.start : self.end]
                self.warn(
                    f"{piece} (...) is read as ({piece})*(...)", (token.start, self.token.end), "bracket the argument"
                )
                break
            factors.append(self.number(self.parse(Level.POWER)))
        argument = factors[0] if len(factors) == 1 else Product((start, self.end), tuple(factors))
        return _call(function, (token.start, self.end), (argument,))

    def _series(self, function: Function, token: Token) -> Node:
        opening = self.position
        opener = self.take()
        comma = self.brackets.last_comma.get(opening, opening)
        index, equals = self.tokens[comma + 1], self.tokens[min(comma + 2, len(self.tokens) - 1)]
        if comma == opening or index.kind != "name" or equals.text != "=" or index.text in BY_NAME | CONSTANTS:
            span = (token.start, self.tokens[self.brackets.partner[opening]].end)
            self.fail(f"{function.name} needs an index and its range", span, f"write {function.name}(x_i^2, i=1..5)")
        outer_bars, self.bars = self.bars, 0
        outer, self.indices = self.indices, (*self.indices, index.text)
        body = self.number(self.parse())
        self.indices = outer
        self.expect(",", "the terms")
        self.position += 2
        lower = self.number(self.parse(Level.SUM))
        self.expect("..", "the lower end of the range")
        upper = self.number(self.parse(Level.SUM))
        self.bars = outer_bars
        self.closing((0, 0), ")" if opener.text == "(" else "}")
        span = (token.start, self.end)
        return Series(span, "sum" if function.name == "sum" else "prod", index.text, body, lower, upper)

    def _piecewise(self, token: Token) -> Node:
        opener = self.take()
        outer, self.bars = self.bars, 0
        values: list[Node] = []
        conditions: list[Node] = []
        otherwise: Node | None = None
        while otherwise is None:
            if self.at("(") and self.position in self.brackets.last_comma:
                value, condition = self._branch()
                if isinstance(condition, Truth):
                    otherwise = value
                else:
                    values.append(value)
                    conditions.append(condition)
            else:
                otherwise = self.number(self.parse())
            if not self.at(","):
                break
            if otherwise is not None:
                self.fail("nothing may follow the last branch", self.token.span, "put the condition-less branch last")
            self.take()
        self.bars = outer
        self.closing((0, 0), ")" if opener.text == "(" else "}")
        span = (token.start, self.end)
        if not values:
            self.fail("piecewise needs a branch with a condition", span, "write piecewise((x, x > 0), (0, True))")
        return Piecewise(span, tuple(values), tuple(conditions), otherwise)

    def _branch(self) -> tuple[Node, Node]:
        self.take()
        value = self.number(self.parse())
        self.expect(",", "the value")
        condition = self.condition(self.parse())
        self.closing((0, 0), ")")
        return value, condition


def _call(function: Function, span: Span, arguments: tuple[Node, ...]) -> Call:
    if function is DIGAMMA:
        return Call(span, "polygamma", (Number(span, Fraction(0)), *arguments))
    return Call(span, function.name, arguments)
