"""The reading position in the tokens, and how the grammar complains."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

from gdcli.errors import FormulaError
from gdcli.language.bounds import DEPTH, LIMIT_HINT
from gdcli.language.brackets import pair
from gdcli.language.tokens import Token
from gdcli.language.tree import Condition, Node, Span, Vector

_UNEXPECTED = {
    "=": ("'=' has no meaning here", "type the right-hand side alone; compare with ==; name a point with --at"),
    ",": ("a comma outside of a function's arguments", "write decimals with a point: 0.5"),
    "else": ("else without if", "write A if condition else B"),
    "&": ("'&' outside of cases", "write and, or \\begin{cases} ... \\end{cases}"),
    "\\\\": ("a line end outside of cases", "type one formula"),
    "_{": ("a subscript that belongs to no name", "write x_1 or x_{i+1}; an exponent comes after it: x_1^2"),
    "..": ("a range outside of sum or prod", "write sum(x_i^2, i=1..5)"),
}


class Cursor:
    """Tokens with a position, the notes collected so far, and errors that carry their span."""

    def __init__(self, source: str, tokens: Sequence[Token], known: Collection[str] | None, *, strict: bool) -> None:
        self.source = source
        self.tokens = list(tokens)
        self.known = known
        self.strict = strict
        self.brackets = pair(source, tokens)
        self.position = 0
        self.nesting = 0
        self.notes: list[str] = []
        self.grouped: set[Span] = set()

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.position]

    @property
    def end(self) -> int:
        """Where the last token read ended."""
        return self.tokens[self.position - 1].end

    def at(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> Token:
        """Read one token."""
        token = self.token
        self.position += 1
        return token

    def expect(self, sign: str, after: str) -> Token:
        """Read this very sign or fail."""
        if not self.at(sign):
            self.unexpected(f"{sign} is missing after {after}")
        return self.take()

    def descend(self) -> None:
        """Count one level of nesting; brackets are counted by themselves, a level takes up to four calls."""
        self.nesting += 1
        if self.nesting > 4 * DEPTH:
            self.fail(f"the formula nests deeper than {DEPTH}", self.token.span, LIMIT_HINT)

    def ascend(self) -> None:
        """Leave one level of nesting."""
        self.nesting -= 1

    def note(self, text: str) -> None:
        """Tell the user how something was read."""
        if text not in self.notes:
            self.notes.append(text)

    def warn(self, text: str, span: Span, remedy: str) -> None:
        """Tell the user how something ambiguous was read; under --strict it is an error."""
        if self.strict:
            self.fail(f"ambiguous: {text}", span, remedy)
        self.note(f"{text}; {remedy}")

    def fail(self, cause: str, span: Span, remedy: str | None) -> NoReturn:
        """Raise a FormulaError on the span."""
        raise FormulaError(cause, source=self.source, start=span[0], end=span[1], hint=remedy)

    def unexpected(self, missing: str) -> NoReturn:
        """Fail at the next token, with its own cause where it has one."""
        token = self.token
        if token.kind == "end":
            self.fail(f"the formula ends too early: {missing}", token.span, "complete the formula")
        cause, remedy = _UNEXPECTED.get(token.text, (missing, "check the formula before this place"))
        self.fail(cause, token.span, remedy)

    def number(self, node: Node) -> Node:
        """The node, which must have a number for its value."""
        if isinstance(node, Condition):
            self.fail("a condition stands where a number must", node.span, "write A if condition else B")
        if isinstance(node, Vector):
            self.fail("a vector stands where a number must", node.span, "group with ( ); vectors go into norm and dot")
        return node

    def condition(self, node: Node) -> Node:
        """The node, which must be true or false."""
        if not isinstance(node, Condition):
            self.fail("a number stands where a condition must", node.span, "compare it: x > 0")
        return node
