"""Julia: functions of numbers (f.(x, y) over arrays); grad_f returns a vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gdcli.calculus.code.printer import Printer, assigned, comment
from gdcli.calculus.code.program import Block, program
from gdcli.calculus.function import Function

_BASE = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("exp", "log", "sign"),
)
SPECIAL = ("erf", "gamma", "polygamma")
"""Functions of the package SpecialFunctions, named in the code where they are used."""
_WORDS = """
baremodule begin break catch const continue do else elseif end export false finally for function global if
import let local macro module quote return struct true try using while in isa where mutable abstract primitive
type im missing nothing NaN Inf Base Core Main
"""
_KEYWORDS = _WORDS.split()

HELPERS = {
    "sigmoid": """
\"\"\"1/(1 + exp(-u)) without overflow.\"\"\"
function sigmoid(u)
    e = exp(-abs(u))
    return (u >= 0 ? one(e) : e) / (1 + e)
end
""",
    "softplus": """
\"\"\"log(1 + exp(u)) without overflow.\"\"\"
softplus(u) = max(u, 0) + log1p(exp(-abs(u)))
""",
    "logaddexp": """
\"\"\"log(exp(u) + exp(v)) without overflow.\"\"\"
logaddexp(u, v) = max(u, v) + log1p(exp(-abs(u - v)))
""",
    "oddroot": """
\"\"\"The real n-th root for odd n.\"\"\"
oddroot(u, n) = n == 3 ? cbrt(u) : copysign(abs(u)^(1/n), u)
""",
    **{name: f"using SpecialFunctions: {name}" for name in SPECIAL},
}


class _Julia(Printer):
    language = "Julia"
    functions: ClassVar[Mapping[str, str]] = {
        **{name: name for name in (*_BASE, *HELPERS)},
        "atan2": "atan",
        "Abs": "abs",
        "Max": "max",
        "Min": "min",
        "logsumexp": "logaddexp",
        "Not": "!",
    }
    helpers = HELPERS
    constants: ClassVar[Mapping[str, str]] = {"pi": "pi", "E": "exp(1)", "nan": "NaN"}

    def power(self, base: Any, exponent: Any) -> str:
        shown = self.tight(exponent)
        return f"{self.tight(base)}^{shown}"

    def choice(self, condition: str, value: str, otherwise: str) -> str:
        return f"({condition} ? {value} : {otherwise})"

    def junction(self, kind: str, parts: Sequence[str]) -> str:
        return f"({(' && ' if kind == 'and' else ' || ').join(parts)})"


RESERVED = {*_KEYWORDS, *HELPERS, *_BASE, "pi", "abs", "max", "min", "sqrt", "cbrt", "one", "f", "grad_f"}


def source(function: Function, partials: Mapping[str, Any]) -> str:
    """A script with f and grad_f."""
    written, printer = program(function, partials, RESERVED), _Julia()
    arguments = ", ".join(written.arguments)
    value = _function(f"f({arguments})", printer, written.value, "{}")
    gradient = _function(f"grad_f({arguments})", printer, written.gradient, "[{}]")
    packages = [HELPERS[name] for name in SPECIAL if name in printer.used]
    helpers = [HELPERS[name].strip("\n") for name in HELPERS if name in printer.used and name not in SPECIAL]
    head = "\n".join([*comment("# ", written), *packages])
    return "\n\n".join([head, *helpers, value, gradient]) + "\n"


def _function(head: str, printer: Printer, block: Block, results: str) -> str:
    lines = assigned(printer, block, lambda name, value: f"    {name} = {value}")
    shown = ", ".join(printer.shown(result) for result in block.results)
    return "\n".join([f"function {head}", *lines, f"    return {results.format(shown)}", "end"])
