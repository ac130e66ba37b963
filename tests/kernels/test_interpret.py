"""Every function of the generated source, over floats and over arrays, against 50 digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from gdcli.errors import UsageError
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import ARRAY, SCALAR, arrays, scalars
from gdcli.kernels.source import NAMES, derive
from gdcli.language.functions import TABLE
from gdcli.risk.losses import LOSSES

WIDE = [0.0, *(s * 10.0**e for e in range(-12, 5) for s in (-1, 1)), -800.0, 800.0, -36.5, 36.5, 709.0, -745.0]
NARROW = [x for x in WIDE if abs(x) <= 30.0] + [0.5, -0.5, 2.5, -2.5]
UNIT = [x for x in NARROW if abs(x) < 1.0] + [1.0, -1.0, 0.999999, -0.999999]
ABOVE_ONE = [1.0, 1.0 + 1e-12, 1.5, 30.0, 1e4, 1e300]
POSITIVE = [1e-300, 1e-5, 0.5, 1.0, 1.0 + 1e-12, 2.0, 1e4, 1e300]
PAIRS = [(a, b) for a in (-800.0, -2.0, 0.0, 1e-9, 3.0, 800.0) for b in (-799.5, -2.0, 0.5, 3.0, 900.0)]

Truth = Callable[..., mpmath.mpf]
# The points and the truth of each function of kernels.source.NAMES, and of what the printers add to them.
FUNCTIONS: dict[str, tuple[list[float] | list[tuple[float, float]], Truth]] = {
    "abs_": (WIDE, abs),
    "acos": (UNIT, mpmath.acos),
    "acosh": (ABOVE_ONE, mpmath.acosh),
    "asin": (UNIT, mpmath.asin),
    "asinh": (WIDE, mpmath.asinh),
    "atan": (WIDE, mpmath.atan),
    "atan2": (PAIRS, mpmath.atan2),
    "atanh": ([x for x in UNIT if abs(x) < 1.0], mpmath.atanh),
    "cos": (WIDE, mpmath.cos),
    "cosh": (NARROW, mpmath.cosh),
    "erf": (WIDE, mpmath.erf),
    "exp": ([*NARROW, -1e4, -745.0, 709.0, 709.78], mpmath.exp),
    "gamma": ([0.5, 1.0, 2.5, 20.25, -0.5, -3.5, 100.0], mpmath.gamma),
    "log": (POSITIVE, mpmath.log),
    "logcosh": ([*WIDE, 0.999999, 1.0, 1.000001, -1.0], lambda u: mpmath.log(mpmath.cosh(u))),
    "logsumexp": (PAIRS, lambda *u: mpmath.log(sum(mpmath.exp(v) for v in u))),
    "max_": (PAIRS, max),
    "min_": (PAIRS, min),
    "oddroot": ([(x, n) for x in (-1e300, -8.0, -1e-9, 1e-9, 8.0, 2.0) for n in (3.0, 5.0)], None),
    "relu": (WIDE, lambda u: max(u, mpmath.mpf(0))),
    "sigmoid": (WIDE, lambda u: 1 / (1 + mpmath.exp(-u))),
    "sign": (WIDE, mpmath.sign),
    "sin": (WIDE, mpmath.sin),
    "sinh": (NARROW, mpmath.sinh),
    "softplus": (WIDE, lambda u: mpmath.log1p(mpmath.exp(u))),
    "sqrt": (POSITIVE, mpmath.sqrt),
    "tan": (WIDE, mpmath.tan),
    "tanh": (WIDE, mpmath.tanh),
}
FUNCTIONS["oddroot"] = (FUNCTIONS["oddroot"][0], lambda u, n: mpmath.sign(u) * mpmath.root(abs(u), int(n)))
# A root by a power and an argument near a zero of the function carry the rounding of 1/n and of pi.
TOLERANCE = {"oddroot": 3e-14, "gamma": 4e-15}
TINY = 5e-324
LARGEST = np.finfo(float).max


def test_each_name_has_both_implementations_and_a_truth() -> None:
    assert set(NAMES.values()) | {"sqrt", "logcosh"} == set(FUNCTIONS)
    assert set(SCALAR) == set(ARRAY) == set(FUNCTIONS) | {"nan", "negate", "where"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_against_50_digits(name: str) -> None:
    points, truth = FUNCTIONS[name]
    rows = [point if isinstance(point, tuple) else (point,) for point in points]
    found = ARRAY[name](*(np.array(column) for column in zip(*rows, strict=True)))
    tolerance = TOLERANCE.get(name, 1e-15)
    with mpmath.workdps(500):
        for row, vectorised in zip(rows, found, strict=True):
            expected = truth(*(mpmath.mpf(value) for value in row))
            for value in (SCALAR[name](*row), float(vectorised)):
                assert abs(value - expected) <= tolerance * abs(expected) + TINY, (row, value)


@pytest.mark.parametrize("name", ["softplus", "sigmoid", "relu", "abs_"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_infinity_and_nan_pass_without_a_warning(name: str, value: float) -> None:
    expected = {"softplus": max(value, 0.0), "sigmoid": float(value > 0), "relu": max(value, 0.0), "abs_": math.inf}
    found = float(ARRAY[name](np.array([value]))[0])
    assert math.isnan(found) if math.isnan(value) else found == expected[name]


def losses(p: float, y: float, name: str) -> tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]:
    """phi, phi' and phi'' at 50 digits, written out by hand."""
    p, y = mpmath.mpf(p), mpmath.mpf(y)
    m, u, exp = y * p, p - y, mpmath.exp
    return {
        "squared": lambda: (u * u / 2, u, 1),
        "logistic": lambda: (mpmath.log1p(exp(-m)), -y / (1 + exp(m)), y * y / (1 + exp(m)) / (1 + exp(-m))),
        "huber": lambda: (u * u / 2, u, 1) if abs(u) <= 1 else (abs(u) - mpmath.mpf(0.5), mpmath.sign(u), 0),
        "logcosh": lambda: (mpmath.log(mpmath.cosh(u)), mpmath.tanh(u), mpmath.sech(u) ** 2),
        "squared_hinge": lambda: ((1 - m) ** 2, -2 * y * (1 - m), 2 * y * y) if m < 1 else (0, 0, 0),
        "exponential": lambda: (exp(-m), -y * exp(-m), y * y * exp(-m)),
        "poisson": lambda: (exp(p) - m, exp(p) - y, exp(p)),
        "absolute": lambda: (abs(u), mpmath.sign(u), 0),
        "quantile": lambda: (abs(u) / 2, mpmath.sign(u) / 2, 0),
        "hinge": lambda: (max(1 - m, mpmath.mpf(0)), -y if m < 1 else 0, 0),
    }[name]()


def size(p: float, y: float, name: str, expected: mpmath.mpf) -> mpmath.mpf:
    """What the rounding of a loss is relative to: its value, and more where p - y or exp(p) - y is itself rounded."""
    if name == "poisson":
        return abs(expected) + 2 * abs(y) * (1 + abs(p))
    return abs(expected) * (1 + abs(p - y)) if name == "logcosh" else abs(expected)


TARGETS = {"signs": [-1.0, 1.0], "real": [-1.0, 1.0, 0.3, 1e6], "counts": [0.0, 1.0, 3.0, 0.25, 1e6]}


SIZES = (0.0, 1e-9, 1e-3, 0.1, 1.0, 5.0, 20.0, 36.0, 37.5, 100.0, 700.0, 1e4, 1e8, 1e150, 1e300)
PREDICTIONS = [s * v for s in (-1, 1) for v in SIZES]


@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_derivatives_against_50_digits(name: str) -> None:
    built = derive(LOSSES[name].formula, ("p", "y"), 2)
    targets = TARGETS[LOSSES[name].target]
    P, Y = (grid.ravel() for grid in np.meshgrid(PREDICTIONS, targets))
    with np.errstate(over="ignore"):
        found = [np.broadcast_to(function(P, Y), P.shape) for function in arrays(built)]
    with mpmath.workdps(50):
        for j, (p, y) in enumerate(zip(P.tolist(), Y.tolist(), strict=True)):
            for k, expected in enumerate(losses(p, y, name)):
                values = [float(found[k][j])]
                # A run takes phi' alone over floats; a float's own square beyond the doubles is an error.
                if k == 1 or abs(p) < 1e150:
                    values.append(scalars(built)[k](p, y))
                for value in values:
                    if abs(expected) > LARGEST:
                        # exp(1e4) is above the largest double: it is infinite, of the right sign.
                        assert value == math.copysign(math.inf, expected)
                        continue
                    # exp(-1e4) is below the smallest double: 0 is its rounding.
                    room = 4e-15 * size(p, y, name, expected) + mpmath.mpf(2) ** -1074
                    assert abs(value - expected) <= room, (k, p, y, value)


FORMULAS = [f"{f.name}(p)" for f in TABLE if f.least == 1 and f.name not in ("piecewise", "norm", "Gamma")]
FORMULAS += [
    "atan2(p, y)",
    "max(p, y, 2)",
    "min(p, y)",
    "norm(p, y)",
    "logsumexp(p, 2 p, y)",
    "root(p, 5)",
    "log(p, 3)",
]
FORMULAS += ["p if p > y else 2 p", "sum(p^i, i=1..4)", "1 - sigmoid(2 p)", "p^y", "2^p", "p^p", "p^(1/3)", "1/p^2"]
FORMULAS += ["piecewise((p^2, p < 1 and y > 0), (3 p, not p > 2), (1, p == 4 or y != 2))", "e^-p pi"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_generated_source_runs_alike_over_floats_and_arrays_and_equals_the_formula(formula: str) -> None:
    import sympy as sp

    from gdcli.language import parse
    from gdcli.language.build import build, symbol

    above = any(f"{name}(" in formula for name in ("acosh", "acoth", "asec", "acsc"))
    P = np.array([1.1, 1.7, 2.9] if above else [0.2, 0.45, 0.9])
    Y = np.array([0.7, 1.3, 0.45])
    built = derive(formula, ("p", "y"), 1)
    expression = build(parse(formula, variables=("p", "y")))
    vectors = [np.broadcast_to(function(P, Y), P.shape) for function in arrays(built)]
    for j, (p, y) in enumerate(zip(P.tolist(), Y.tolist(), strict=True)):
        at = {symbol("p"): sp.Float(p, 60), symbol("y"): sp.Float(y, 60)}
        value = float(expression.subs(at).evalf(30))
        assert scalars(built)[0](p, y) == pytest.approx(value, rel=1e-13)
        assert vectors[0][j] == pytest.approx(value, rel=1e-13)
        # The slope by a central difference of the same formula at 50 digits.
        h = sp.Float("1e-18", 60)
        ends = [expression.subs({**at, symbol("p"): sp.Float(p, 60) + s * h}).evalf(50) for s in (1, -1)]
        slope = float((ends[0] - ends[1]) / (2 * h))
        assert scalars(built)[1](p, y) == pytest.approx(slope, rel=1e-12, abs=1e-15)
        assert vectors[1][j] == pytest.approx(slope, rel=1e-12, abs=1e-15)


def test_where_no_branch_applies_the_value_is_nan() -> None:
    built = Derived("f", ("p",), ("f",), "def d0(p):\n    return where((p > 1.0), p, nan)\n")
    assert math.isnan(scalars(built)[0](0.0))
    assert np.isnan(arrays(built)[0](np.array([0.0, 2.0]))).tolist() == [True, False]


def test_the_source_sees_no_builtins() -> None:
    built = Derived("f", ("p",), ("f",), "def d0(p):\n    return open(p)\n")
    with pytest.raises(NameError):
        scalars(built)[0]("x")


def test_a_function_that_cannot_run_says_so() -> None:
    with pytest.raises(UsageError, match="polygamma cannot run in a descent"):
        derive("Gamma(p)", ("p", "y"), 1)
