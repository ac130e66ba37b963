"""Python with its math module: functions of floats."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gdcli.calculus.code.printer import Printer, assigned, comment
from gdcli.calculus.code.program import Block, program
from gdcli.calculus.function import Function

_MATH = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("atan2", "exp", "log", "erf", "gamma"),
)

POLYGAMMA = '''
def polygamma(n, x):
    """The n-th derivative of digamma: recurrence up to where the asymptotic series is exact."""
    if x <= 0 and x == math.floor(x):
        return math.nan
    total, sign, factorial = 0.0, -((-1.0) ** n), math.factorial(n)
    while x < 16 + n:
        total += sign * factorial / x ** (n + 1)
        x += 1.0
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
    if n == 0:
        tail = sum(b / (2 * k * x ** (2 * k)) for k, b in enumerate(bernoulli, 1))
        return total + math.log(x) - 0.5 / x - tail
    tail = math.factorial(n - 1) / x**n + factorial / (2 * x ** (n + 1))
    for k, b in enumerate(bernoulli, 1):
        tail += b * math.factorial(2 * k + n - 1) / (math.factorial(2 * k) * x ** (2 * k + n))
    return total + sign * tail
'''

HELPERS = {
    "sign": '''
def sign(u):
    """-1, 0 or 1."""
    return (u > 0) - (u < 0)
''',
    "sigmoid": '''
def sigmoid(u):
    """1/(1 + exp(-u)) without overflow."""
    e = math.exp(-abs(u))
    return (1.0 if u >= 0 else e) / (1.0 + e)
''',
    "softplus": '''
def softplus(u):
    """log(1 + exp(u)) without overflow."""
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))
''',
    "logaddexp": '''
def logaddexp(u, v):
    """log(exp(u) + exp(v)) without overflow."""
    return max(u, v) + math.log1p(math.exp(-abs(u - v)))
''',
    "oddroot": '''
def oddroot(u, n):
    """The real n-th root for odd n."""
    return math.cbrt(u) if n == 3 else math.copysign(abs(u) ** (1 / n), u)
''',
    "polygamma": POLYGAMMA,
}


class _Python(Printer):
    language = "Python"
    functions: ClassVar[Mapping[str, str]] = {
        **{name: f"math.{name}" for name in _MATH},
        **{name: name for name in ("sign", "sigmoid", "softplus", "oddroot", "polygamma")},
        "Abs": "abs",
        "Max": "max",
        "Min": "min",
        "logsumexp": "logaddexp",
        "Not": "not",
    }
    helpers = HELPERS
    constants: ClassVar[Mapping[str, str]] = {"pi": "math.pi", "E": "math.e", "nan": "math.nan"}
    sqrt = "math.sqrt"

    def power(self, base: Any, exponent: Any) -> str:
        """An integer power by **; any other by math.pow, which refuses a negative base instead of going complex."""
        if exponent.is_Integer:
            return f"{self.tight(base)}**{self.shown(exponent)}"
        return self.call("math.pow", [self.shown(base), self.shown(exponent)])

    def choice(self, condition: str, value: str, otherwise: str) -> str:
        return f"({value} if {condition} else {otherwise})"

    def junction(self, kind: str, parts: Sequence[str]) -> str:
        return f"({f' {kind} '.join(parts)})"


RESERVED = {
    *(*keyword.kwlist, *keyword.softkwlist, *HELPERS, *_MATH),
    *("abs", "max", "min", "sum", "enumerate", "math", "np", "f", "grad_f"),
}


def source(function: Function, partials: Mapping[str, Any]) -> str:
    """A module with f and grad_f; grad_f returns the list of partials."""
    written, printer = program(function, partials, RESERVED), _Python()
    arguments = ", ".join(written.arguments)
    value = _body(printer, written.value, "{}")
    gradient = _body(printer, written.gradient, "[{}]")
    helpers = [HELPERS[name].strip("\n") for name in HELPERS if name in printer.used]
    functions = [f"def f({arguments}):\n{value}", f"def grad_f({arguments}):\n{gradient}"]
    head = "\n".join([*comment("# ", written), "import math"])
    return "\n\n\n".join([head, *helpers, *functions]) + "\n"


def _body(printer: Printer, block: Block, results: str) -> str:
    lines = assigned(printer, block, lambda name, value: f"    {name} = {value}")
    shown = ", ".join(printer.shown(result) for result in block.results)
    return "\n".join([*lines, f"    return {results.format(shown)}"])
