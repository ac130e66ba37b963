"""C (C99): functions of doubles; grad_f fills an array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gdcli.calculus.code.printer import Printer, assigned, comment
from gdcli.calculus.code.program import program
from gdcli.calculus.function import Function

_MATH = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("atan2", "exp", "log", "erf"),
)
_WORDS = """
auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
bool true false nullptr constexpr alignas alignof thread_local typeof asm main linux unix i386 errno NULL NAN
INFINITY HUGE_VAL HUGE HUGE_VALF HUGE_VALL DOMAIN SING OVERFLOW UNDERFLOW PLOSS TLOSS MAXFLOAT
"""
_KEYWORDS = _WORDS.split()

HELPERS = {
    "sign": """
/* -1, 0 or 1. */
static double sign(double u) { return (u > 0) - (u < 0); }
""",
    "sigmoid": """
/* 1/(1 + exp(-u)) without overflow. */
static double sigmoid(double u) {
    double e = exp(-fabs(u));
    return (u >= 0 ? 1.0 : e) / (1.0 + e);
}
""",
    "softplus": """
/* log(1 + exp(u)) without overflow. */
static double softplus(double u) { return fmax(u, 0.0) + log1p(exp(-fabs(u))); }
""",
    "logaddexp": """
/* log(exp(u) + exp(v)) without overflow. */
static double logaddexp(double u, double v) { return fmax(u, v) + log1p(exp(-fabs(u - v))); }
""",
    "oddroot": """
/* The real n-th root for odd n. */
static double oddroot(double u, double n) { return n == 3 ? cbrt(u) : copysign(pow(fabs(u), 1.0 / n), u); }
""",
    "polygamma": """
/* The n-th derivative of digamma: recurrence up to where the asymptotic series is exact. */
static double polygamma(double n, double x) {
    const double bernoulli[7] = {1.0/6, -1.0/30, 1.0/42, -1.0/30, 5.0/66, -691.0/2730, 7.0/6};
    double total = 0.0, tail, sign = fmod(n, 2.0) == 0.0 ? -1.0 : 1.0;
    if (x <= 0 && x == floor(x)) return NAN;
    for (; x < 16 + n; x += 1.0) total += sign * tgamma(n + 1) / pow(x, n + 1);
    tail = n == 0 ? -log(x) : tgamma(n) / pow(x, n);
    tail += tgamma(n + 1) / (2 * pow(x, n + 1));
    for (int k = 1; k <= 7; k++)
        tail += bernoulli[k - 1] * tgamma(2 * k + n) / (tgamma(2 * k + 1.0) * pow(x, 2 * k + n));
    return total + sign * tail;
}
""",
}


class _C(Printer):
    language = "C"
    functions: ClassVar[Mapping[str, str]] = {
        **{name: name for name in (*_MATH, "sign", "sigmoid", "softplus", "oddroot", "polygamma")},
        "Abs": "fabs",
        "Max": "fmax",
        "Min": "fmin",
        "logsumexp": "logaddexp",
        "gamma": "tgamma",
        "Not": "!",
    }
    helpers = HELPERS
    constants: ClassVar[Mapping[str, str]] = {"pi": "3.141592653589793", "E": "2.718281828459045", "nan": "NAN"}
    integer = "{}.0"

    def power(self, base: Any, exponent: Any) -> str:
        if exponent == 2 and base.is_Symbol:
            return f"({base.name}*{base.name})"
        return self.call("pow", [self.shown(base), self.shown(exponent)])

    def choice(self, condition: str, value: str, otherwise: str) -> str:
        return f"({condition} ? {value} : {otherwise})"

    def junction(self, kind: str, parts: Sequence[str]) -> str:
        return f"({(' && ' if kind == 'and' else ' || ').join(parts)})"


RESERVED = {*_KEYWORDS, *HELPERS, *_MATH, "pow", "sqrt", "fabs", "fmax", "fmin", "tgamma", "f", "grad_f", "gradient"}


def source(function: Function, partials: Mapping[str, Any]) -> str:
    """A translation unit with f and grad_f; the partials go into the array `gradient`."""
    names = {v.name for v in function.variables}
    macros = {name for name in names if name.startswith(("FP_", "M_", "MATH_"))}
    written, printer = program(function, partials, RESERVED | macros), _C()
    arguments = [f"double {name}" for name in written.arguments]
    value = assigned(printer, written.value, _declared)
    value.append(f"    return {printer.shown(written.value.results[0])};")
    gradient = assigned(printer, written.gradient, _declared)
    gradient += [f"    gradient[{k}] = {printer.shown(slope)};" for k, slope in enumerate(written.gradient.results)]
    helpers = [HELPERS[name].strip("\n") for name in HELPERS if name in printer.used]
    functions = [
        _function(f"double f({', '.join(arguments) or 'void'})", value),
        _function(f"void grad_f({', '.join([*arguments, f'double gradient[{max(1, len(partials))}]'])})", gradient),
    ]
    head = "\n".join([*comment("// ", written), "#include <math.h>"])
    return "\n\n".join([head, *helpers, *functions]) + "\n"


def _declared(name: str, value: str) -> str:
    return f"    const double {name} = {value};"


def _function(head: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{head} {{", *lines, "}"])
