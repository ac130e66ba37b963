"""f and its gradient as generated source: equal to 50-digit values, and free of the user's names."""

from __future__ import annotations

import mpmath
import pytest

from gdcli.calculus.numeric import Numeric
from gdcli.kernels.interpret import scalars
from gdcli.kernels.source import derive_field
from gdcli.language import parse
from tests.calculus.curvature.test_hessian import FUNCTIONS

TEXTS = [text for text, _, _ in FUNCTIONS.values()] + [
    "x if x > y else y^2",
    "max(x, y, 2)*abs(x - 3)",
    "cbrt(x)*sec(y) + cot(x)",
    "norm(x, y) + erf(x*y)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_kernel_agrees_with_fifty_digits(text: str) -> None:
    formula = parse(text)
    (kernel,) = scalars(derive_field(formula))
    numeric = Numeric(formula.tree)
    place = [0.875, -0.625, 1.25, -0.3125][: len(formula.variables)]
    value, *slopes = kernel(*place)
    with mpmath.workdps(60):
        point = dict(zip(formula.variables, map(mpmath.mpf, place), strict=True))
        assert value == pytest.approx(float(numeric.at(point)), rel=1e-12)
        for name, slope in zip(formula.variables, slopes, strict=True):
            h = mpmath.mpf(10) ** -25
            ends = [numeric.at({**point, name: point[name] + side * h}) for side in (1, -1)]
            assert slope == pytest.approx(float((ends[0] - ends[1]) / (2 * h)), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("names", [("v1", "v0"), ("t0", "t1"), ("d0", "exp1"), ("nan1", "lambda"), ("sqrt2", "x")])
def test_the_users_names_never_reach_the_source(names: tuple[str, str]) -> None:
    a, b = names
    derived = derive_field(parse(f"exp({a} - {b})*({a} - {b})^2 + sin({a})", variables=names))
    assert derived.arguments == ("v0", "v1")
    plain = derive_field(parse("exp(x - y)*(x - y)^2 + sin(x)", variables=("x", "y")))
    (first,), (second,) = scalars(derived), scalars(plain)
    assert first(0.5, 0.25) == pytest.approx(second(0.5, 0.25), rel=1e-15)
    words = derived.source.replace("(", " ").replace(")", " ").replace(",", " ").split()
    assert not {"exp1", "nan1", "lambda", "sqrt2"} & set(words)


def test_shared_pieces_are_computed_once() -> None:
    source = derive_field(parse("exp(x*y) + exp(x*y)^2")).source
    assert source.count("exp(") <= 2
    assert "    t0 = " in source
