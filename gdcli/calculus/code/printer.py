"""Expression to source code: sympy's printer for code, with our order of terms and the functions each language has.

A user's text never gets here: only symbols that are valid identifiers, numbers, and functions of a fixed table.
"""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import sympy
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.precedence import PRECEDENCE

from gdcli.calculus.code.program import Program
from gdcli.errors import UsageError
from gdcli.language.order import Order
from gdcli.language.text import text

EXACT = 2**53
"""Integers up to here are doubles."""
WIDTH = 100


# Without type information in sympy its classes are Any to the type checker.
class Printer(CodePrinter):  # type: ignore[misc]
    """What the languages share; each gives its names, its helpers and how it writes numbers, powers and cases.

    `used` collects the helpers that the printed code needs.
    """

    language: ClassVar[str]
    functions: ClassVar[Mapping[str, str]]
    helpers: ClassVar[Mapping[str, str]]
    comparisons: ClassVar[Mapping[str, str]] = {}
    constants: ClassVar[Mapping[str, str]]
    integer: ClassVar[str] = "{}"
    sqrt: ClassVar[str] = "sqrt"

    def __init__(self) -> None:
        super().__init__({"allow_unknown_functions": False})
        self.used: dict[str, None] = {}
        self._terms = Order(text)

    def shown(self, expr: Any) -> str:
        """The source of one expression."""
        return str(self._print(expr))

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """A call; a helper of that name is remembered."""
        if name in self.helpers:
            self.used[name] = None
        return f"{name}({', '.join(arguments)})"

    def tight(self, expr: Any) -> str:
        """The source of a base or an exponent, in brackets unless it is a name, a number or a call."""
        return str(self.parenthesize(expr, PRECEDENCE["Func"], strict=True))

    def nested(self, name: str, arguments: Sequence[str]) -> str:
        """A function of two arguments over many of them, as a balanced tree: brackets stay shallow."""
        if len(arguments) == 1:
            return arguments[0]
        half = len(arguments) // 2
        return self.call(name, [self.nested(name, arguments[:half]), self.nested(name, arguments[half:])])

    @abstractmethod
    def power(self, base: Any, exponent: Any) -> str:
        """base^exponent, where it is no root and no reciprocal."""

    @abstractmethod
    def choice(self, condition: str, value: str, otherwise: str) -> str:
        """value if condition else otherwise."""

    @abstractmethod
    def junction(self, kind: str, parts: Sequence[str]) -> str:
        """All (and) or any (or) of the conditions."""

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return self._terms.terms(expr)

    def _print_Integer(self, expr: Any) -> str:
        return self.integer.format(int(expr)) if abs(expr) <= EXACT else self._double(expr)

    def _print_Rational(self, expr: Any) -> str:
        if max(abs(expr.p), expr.q) > EXACT:
            return self._double(expr)
        return f"{self.integer.format(expr.p)}/{self.integer.format(expr.q)}"

    def _double(self, number: Any) -> str:
        double = float(number)
        if double in (float("inf"), float("-inf")):
            raise UsageError(f"a number of the formula is beyond the doubles of {self.language}", hint="scale it down")
        return repr(double)

    def _print_NumberSymbol(self, expr: Any) -> str:
        return self.constants[str(expr)]

    def _print_Exp1(self, expr: Any) -> str:
        return self._print_NumberSymbol(expr)

    def _print_Pi(self, expr: Any) -> str:
        return self._print_NumberSymbol(expr)

    def _print_Function(self, expr: Any) -> str:
        kind = type(expr).__name__
        name = self.functions.get(kind)
        if name is None:
            raise UsageError(f"{kind} cannot be written in {self.language}", hint="choose another format")
        return self.call(name, [self.shown(argument) for argument in expr.args])

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.base, expr.exp
        if exponent == sympy.Rational(1, 2):
            return self.call(self.sqrt, [self.shown(base)])
        if exponent.is_Rational and exponent < 0:
            below = sympy.Pow(base, -exponent, evaluate=False) if exponent != -1 else base
            return f"{self.integer.format(1)}/{self.parenthesize(below, PRECEDENCE['Pow'], strict=True)}"
        return self.power(base, exponent)

    def _print_Max(self, expr: Any) -> str:
        return self._extreme("Max", expr)

    def _print_Min(self, expr: Any) -> str:
        return self._extreme("Min", expr)

    def _extreme(self, kind: str, expr: Any) -> str:
        arguments = [self.shown(argument) for argument in sorted(expr.args, key=sympy.default_sort_key)]
        return self.nested(self.functions[kind], arguments)

    def _print_logsumexp(self, expr: Any) -> str:
        return self.nested(self.functions["logsumexp"], [self.shown(argument) for argument in expr.args])

    def _print_Piecewise(self, expr: Any) -> str:
        """Nested choices; where no case holds the value is not a number."""
        *cases, last = expr.args
        shown = self.constants["nan"]
        if last[1] != sympy.true:
            cases.append(last)
        else:
            shown = self.shown(last[0])
        for value, condition in reversed(cases):
            shown = self.choice(self.shown(condition), self.shown(value), shown)
        return shown

    def _print_Relational(self, expr: Any) -> str:
        return f"({self.shown(expr.lhs)} {expr.rel_op} {self.shown(expr.rhs)})"

    def _print_And(self, expr: Any) -> str:
        return self._junction("and", expr)

    def _print_Or(self, expr: Any) -> str:
        return self._junction("or", expr)

    def _junction(self, kind: str, expr: Any) -> str:
        return self.junction(kind, [self.shown(part) for part in sorted(expr.args, key=sympy.default_sort_key)])

    def _print_Not(self, expr: Any) -> str:
        return self.call(self.functions["Not"], [self.shown(expr.args[0])])


def comment(mark: str, written: Program) -> list[str]:
    """What the code computes, and the variables that had to be renamed, as comment lines."""
    lines = textwrap.wrap(written.title, WIDTH - len(mark), break_long_words=False, break_on_hyphens=False)
    lines += [f"The variable {name} is written {identifier}." for name, identifier in written.renamed.items()]
    return [mark + line for line in lines]


def assigned(printer: Printer, block: Any, line: Callable[[str, str], str]) -> list[str]:
    """The assignments of a block, each by `line`(name, value)."""
    return [line(name.name, printer.shown(value)) for name, value in block.assignments]
