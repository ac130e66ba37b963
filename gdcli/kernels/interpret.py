"""Run generated source as it is: over floats with the standard library, over arrays with numpy."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any

import numpy as np

from gdcli.kernels.derived import Derived

Functions = tuple[Callable[..., Any], ...]
LOG_2 = math.log(2.0)
# exp of anything above is beyond the largest double.
LARGEST_EXPONENT = 709.782712893384


def scalars(derived: Derived) -> Functions:
    """d0, ..., dk over floats."""
    return run(derived, SCALAR)


def arrays(derived: Derived) -> Functions:
    """d0, ..., dk over float64 arrays of one shape."""
    return run(derived, ARRAY)


def sides(derived: Derived) -> Functions:
    """The derivatives from the left and from the right over arrays: d1 twice where there is no kink."""
    names = ("left", "right") if derived.kinked else ("d1", "d1")
    return run(derived, ARRAY, names)


def run(derived: Derived, functions: dict[str, Any], names: Sequence[str] = ()) -> Functions:
    """d0, ..., dk (or what is called `names`) with `functions` behind the names of the source."""
    namespace = {"__builtins__": {}, **functions}
    code: CodeType = compile(derived.source, f"<{derived.formula}>", "exec")
    # The text is ours: printed node by node in kernels.source, never typed by a user.
    exec(code, namespace)
    return tuple(namespace[name] for name in names or [f"d{k}" for k in range(len(derived.shown))])


def _softplus(u: float) -> float:
    """log(1 + exp(u)) = max(u, 0) + log1p(exp(-|u|)), which cannot overflow."""
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _sigmoid(u: float) -> float:
    """1/(1 + exp(-u)), by the branch whose exponential is at most 1."""
    if u >= 0:
        return 1.0 / (1.0 + math.exp(-u))
    e = math.exp(u)
    return e / (1.0 + e)


def _exp(u: float) -> float:
    """exp(u), infinite beyond the largest double as it is over arrays."""
    return math.inf if u > LARGEST_EXPONENT else math.exp(u)


def _logcosh(u: float) -> float:
    """log(cosh(u)) = log1p(2 sinh(u/2)^2), from |u| = 1 on |u| - log 2 + log1p(exp(-2|u|)), which cannot overflow."""
    size = abs(u)
    return math.log1p(2.0 * math.sinh(u / 2) ** 2) if size < 1.0 else size - LOG_2 + math.log1p(math.exp(-2.0 * size))


def _logsumexp(*terms: float) -> float:
    top = max(terms)
    return top + math.log(math.fsum(math.exp(term - top) for term in terms))


def _oddroot(u: float, n: float) -> float:
    """The real n-th root for odd n."""
    return math.copysign(abs(u) ** (1.0 / n), u)


def _softplus_array(u: Any) -> Any:
    return np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u)))


def _sigmoid_array(u: Any) -> Any:
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1.0, e) / (1.0 + e)


def _exp_array(u: Any) -> Any:
    with np.errstate(over="ignore"):
        return np.exp(u)


def _logcosh_array(u: Any) -> Any:
    size = np.abs(u)
    near = np.log1p(2.0 * np.sinh(np.minimum(size, 1.0) / 2) ** 2)
    return np.where(size < 1.0, near, size - LOG_2 + np.log1p(np.exp(-2.0 * size)))


def _logsumexp_array(*terms: Any) -> Any:
    stacked = np.stack(np.broadcast_arrays(*terms))
    top = stacked.max(axis=0)
    return top + np.log(np.exp(stacked - top).sum(axis=0))


def _elementwise(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """The function over arrays: nan where it is undefined and infinite where it overflows, as numpy's own are."""

    def quiet(u: float) -> float:
        try:
            return function(u)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    ufunc = np.frompyfunc(quiet, 1, 1)
    return lambda u: np.asarray(ufunc(u), dtype=np.float64)


SCALAR: dict[str, Any] = {
    "nan": math.nan,
    "abs_": abs,
    "max_": max,
    "min_": min,
    "negate": operator.not_,
    "where": lambda condition, yes, no: yes if condition else no,
    "sign": lambda u: float((u > 0) - (u < 0)),
    "relu": lambda u: max(u, 0.0),
    "softplus": _softplus,
    "sigmoid": _sigmoid,
    "exp": _exp,
    "logcosh": _logcosh,
    "logsumexp": _logsumexp,
    "oddroot": _oddroot,
    **{name: getattr(math, name) for name in ("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos")},
    **{name: getattr(math, name) for name in ("cosh", "erf", "gamma", "log", "sin", "sinh", "sqrt", "tan")},
    "tanh": math.tanh,
}

ARRAY: dict[str, Any] = {
    "nan": math.nan,
    "abs_": np.abs,
    "max_": lambda *terms: np.maximum.reduce(np.broadcast_arrays(*terms)),
    "min_": lambda *terms: np.minimum.reduce(np.broadcast_arrays(*terms)),
    "negate": np.logical_not,
    "where": np.where,
    "sign": np.sign,
    "relu": lambda u: np.maximum(u, 0.0),
    "softplus": _softplus_array,
    "sigmoid": _sigmoid_array,
    "exp": _exp_array,
    "logcosh": _logcosh_array,
    "logsumexp": _logsumexp_array,
    "oddroot": lambda u, n: np.copysign(np.abs(u) ** (1.0 / n), u),
    "acos": np.arccos,
    "acosh": np.arccosh,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "atanh": np.arctanh,
    "erf": _elementwise(math.erf),
    "gamma": _elementwise(math.gamma),
    **{name: getattr(np, name) for name in ("cos", "cosh", "log", "sin", "sinh", "sqrt", "tan", "tanh")},
}
