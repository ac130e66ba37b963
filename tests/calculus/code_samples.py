"""Formulas that hold every function of the language, with points of their domains."""

from __future__ import annotations

from gdcli.language.functions import TABLE

INSIDE = (0.31, -0.62)
OUTSIDE = (1.7, 2.6)
RIGHT = (0.8, 2.3)
EVERYWHERE = (0.7, -1.3, 2.9)

CALLS: dict[str, tuple[str, tuple[float, ...]]] = {
    **dict.fromkeys(["asin", "acos", "atanh"], ("", INSIDE)),
    **dict.fromkeys(["asec", "acsc", "acosh", "acoth"], ("", OUTSIDE)),
    **dict.fromkeys(["log", "log2", "log10", "sqrt", "Gamma", "digamma"], ("", RIGHT)),
    "asech": ("", (0.3, 0.8)),
    "atan2": ("atan2(x, y + 3)", EVERYWHERE),
    "root": ("root(x, 5) + root(y + 4, 4)", EVERYWHERE),
    "min": ("min(x, y, x*y)", EVERYWHERE),
    "max": ("max(x, 2*y, 3)", EVERYWHERE),
    "logsumexp": ("logsumexp(x, y, 3*x)", (0.7, -1.3, 800.0)),
    "polygamma": ("polygamma(2, x) + polygamma(1, y)", RIGHT),
    "norm": ("norm(x, y, 2)", EVERYWHERE),
    "dot": ("dot([x, y], [y, 2])", EVERYWHERE),
    "sum": ("sum(x^i*y, i=1..4)", EVERYWHERE),
    "prod": ("prod(x + i*y, i=1..4)", EVERYWHERE),
    "piecewise": ("piecewise((log(x), x > 0 and y < 9), (x*y, not (x > -1)), (7, x != 5 or y > 0))", EVERYWHERE),
    "softplus": ("", (0.7, -1.3, 800.0)),
    "sigmoid": ("", (0.7, -1.3, 700.0)),
}
"""Formula (default: NAME(x)*y + NAME(y)) and coordinates by function (default: EVERYWHERE)."""


def sample(name: str) -> tuple[str, tuple[float, ...]]:
    """A formula in x and y that calls the function, and numbers both may be."""
    formula, numbers = CALLS.get(name, ("", EVERYWHERE))
    return formula or f"{name}(x)*y + {name}(y)", numbers


SAMPLES = {function.name: sample(function.name) for function in TABLE}
SAMPLES["constants"] = ("pi*x^e + 2^y + e^x + 1/3 + x^(2/3) + y^(-5) + y^(-3/2) + 10^20*x", RIGHT)
SAMPLES["quotients"] = ("-x/(2*y) + (x + y)/(x*y^2)^2 - 1/(x + 1)^3 + (x*y)^(1/3)/(1 + y^2)", RIGHT)
SAMPLES["names"] = ("x if x < y else (y if x == y else -x^2)", EVERYWHERE)
