"""NumPy: functions of arrays of any common shape; grad_f stacks the partials along a new first axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import sympy

from gdcli.calculus.code.printer import Printer, assigned, comment
from gdcli.calculus.code.program import Block, program
from gdcli.calculus.code.python import POLYGAMMA
from gdcli.calculus.code.python import RESERVED as PYTHON
from gdcli.calculus.function import Function

_NUMPY = {
    **{name: f"np.{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sign")},
    **{f"a{name}": f"np.arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "atan2": "np.arctan2",
    "Abs": "np.abs",
    "Max": "np.maximum",
    "Min": "np.minimum",
    "logsumexp": "np.logaddexp",
    "Not": "np.logical_not",
}

HELPERS = {
    "sigmoid": '''
def sigmoid(u):
    """1/(1 + exp(-u)) without overflow."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1.0, e) / (1.0 + e)
''',
    "softplus": '''
def softplus(u):
    """log(1 + exp(u)) without overflow."""
    return np.logaddexp(0.0, u)
''',
    "oddroot": '''
def oddroot(u, n):
    """The real n-th root for odd n."""
    return np.cbrt(u) if n == 3 else np.copysign(np.abs(u) ** (1 / n), u)
''',
    "erf": """
erf = np.vectorize(math.erf, otypes=[float])
""",
    "gamma": '''
@np.vectorize(otypes=[float])
def gamma(u):
    """The Gamma function: infinite beyond the doubles, not a number at its poles."""
    try:
        return math.gamma(u)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan
''',
    "polygamma": "\n@np.vectorize(otypes=[float])" + POLYGAMMA,
}


class _NumPy(Printer):
    language = "NumPy"
    functions: ClassVar[Mapping[str, str]] = {**_NUMPY, **{name: name for name in HELPERS}}
    helpers = HELPERS
    constants: ClassVar[Mapping[str, str]] = {"pi": "np.pi", "E": "np.e", "nan": "np.nan"}
    sqrt = "np.sqrt"

    def power(self, base: Any, exponent: Any) -> str:
        shown = self.tight(exponent)
        return f"{self.tight(base)}**{shown}"

    def choice(self, condition: str, value: str, otherwise: str) -> str:
        return f"np.where({condition}, {value}, {otherwise})"

    def junction(self, kind: str, parts: Sequence[str]) -> str:
        return self.nested(f"np.logical_{kind}", parts)


RESERVED = {*PYTHON, *HELPERS}


def source(function: Function, partials: Mapping[str, Any]) -> str:
    """A module with f and grad_f."""
    written, printer = program(function, partials, RESERVED), _NumPy()
    names = list(written.arguments)
    value = _body(
        printer, written.value, names, "{}" if _is_full(written.value, names) else _spread("{}", names, "[0]")
    )
    stacked = f"np.stack({_spread('{}', names, f'[:{len(partials)}]')})" if partials else "np.zeros(0)"
    gradient = _body(printer, written.gradient, names, stacked)
    helpers = [HELPERS[name].strip("\n") for name in HELPERS if name in printer.used]
    functions = [
        f"def f({', '.join(names)}):\n{value}",
        f"def grad_f({', '.join(names)}):\n{gradient}",
    ]
    imports = ["import math", ""] if any("math." in helper for helper in helpers) else []
    head = "\n".join([*comment("# ", written), *imports, "import numpy as np"])
    return "\n\n\n".join([head, *helpers, *functions]) + "\n"


def _is_full(block: Block, names: Sequence[str]) -> bool:
    """Whether the value has the common shape of all arguments by itself."""
    held = {symbol.name for _, value in block.assignments for symbol in value.free_symbols}
    return set(names) <= held | {symbol.name for result in block.results for symbol in result.free_symbols}


def _spread(results: str, names: Sequence[str], part: str) -> str:
    return f"np.broadcast_arrays({', '.join([results, *names])}){part}"


def _body(printer: Printer, block: Block, names: Sequence[str], results: str) -> str:
    arrays = [f"    {name} = np.asarray({name}, dtype=float)" for name in names]
    lines = assigned(printer, block, lambda name, value: f"    {name} = {value}")
    cased = any(value.has(sympy.Piecewise) for _, value in block.assignments)
    if cased:
        # Both branches are computed everywhere, also where the formula takes the other one.
        lines = ['    with np.errstate(all="ignore"):', *(f"    {line}" for line in lines)]
    shown = ", ".join(printer.shown(result) for result in block.results)
    return "\n".join([*arrays, *lines, f"    return {results.format(shown)}"])
