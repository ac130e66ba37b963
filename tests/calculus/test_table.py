"""Derivatives as standard tables give them, typed by hand; compared in 40 digits with what the calculus derives."""

from __future__ import annotations

import mpmath
import pytest
import sympy

from gdcli.calculus.definition import to_mpf
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.numeric import Numeric
from gdcli.language import parse

TABLE = """
7                              0
x                              1
5*x - 3                        5
x**2                           2*x
x**7                           7*x**6
x**(-1)                        -x**(-2)
1/x**3                         -3/x**4
x**(3/2)                       (3/2)*x**(1/2)
x**pi                          pi*x**(pi - 1)
sqrt(x)                        1/(2*sqrt(x))
1/sqrt(x)                      -1/(2*x*sqrt(x))
cbrt(x)                        1/(3*cbrt(x)**2)
root(x, 5)                     1/(5*root(x, 5)**4)
exp(x)                         exp(x)
e**x                           e**x
exp(-x**2)                     -2*x*exp(-x**2)
exp(a*x)                       a*exp(a*x)
2**x                           2**x*log(2)
a**x                           a**x*log(a)
x**a                           a*x**(a - 1)
x**x                           x**x*(log(x) + 1)
x**(1/x)                       x**(1/x)*(1 - log(x))/x**2
log(x)                         1/x
log(a*x)                       1/x
log(x, 3)                      1/(x*log(3))
log(3, x)                      -log(3)/(x*log(x)**2)
log2(x)                        1/(x*log(2))
log10(x)                       1/(x*log(10))
x*log(x)                       log(x) + 1
log(x)/x                       (1 - log(x))/x**2
log(log(x + 2))                1/((x + 2)*log(x + 2))
sin(x)                         cos(x)
cos(x)                         -sin(x)
tan(x)                         1/cos(x)**2
cot(x)                         -1/sin(x)**2
sec(x)                         sec(x)*tan(x)
csc(x)                         -csc(x)*cot(x)
asin(x)                        1/sqrt(1 - x**2)
acos(x)                        -1/sqrt(1 - x**2)
atan(x)                        1/(1 + x**2)
acot(x)                        -1/(1 + x**2)
asec(x + 1)                    1/((x + 1)*sqrt((x + 1)**2 - 1))
acsc(x + 1)                    -1/((x + 1)*sqrt((x + 1)**2 - 1))
sinh(x)                        cosh(x)
cosh(x)                        sinh(x)
tanh(x)                        1 - tanh(x)**2
coth(x)                        1 - coth(x)**2
sech(x)                        -sech(x)*tanh(x)
csch(x)                        -csch(x)*coth(x)
asinh(x)                       1/sqrt(x**2 + 1)
acosh(x + 1)                   1/sqrt((x + 1)**2 - 1)
atanh(x)                       1/(1 - x**2)
acoth(x + 1)                   1/(1 - (x + 1)**2)
asech(x)                       -1/(x*sqrt(1 - x**2))
acsch(x)                       -1/(x*sqrt(1 + x**2))
sin(x)**2                      2*sin(x)*cos(x)
sin(x)*cos(x)                  cos(2*x)
sin(a*x)/a                     cos(a*x)
x*sin(x)                       sin(x) + x*cos(x)
sin(x)/x                       (x*cos(x) - sin(x))/x**2
x/(1 + x**2)                   (1 - x**2)/(1 + x**2)**2
(2*x + 1)/(x + 3)              5/(x + 3)**2
(x**2 + 1)**10                 20*x*(x**2 + 1)**9
exp(x)*sin(x)                  exp(x)*(sin(x) + cos(x))
exp(sin(x))                    cos(x)*exp(sin(x))
log(cos(x))                    -tan(x)
log(x + sqrt(x**2 + 1))        1/sqrt(x**2 + 1)
sqrt(a**2 - x**2)              -x/sqrt(a**2 - x**2)
atan((x - a)/(1 + a*x))        1/(1 + x**2)
abs(x)                         1
abs(x - 5)                     -1
sign(x)                        0
max(x**2, x - 5)               2*x
min(x**2, x - 5)               1
relu(3*x)                      3
relu(-x)                       0
sigmoid(x)                     sigmoid(x)*(1 - sigmoid(x))
softplus(x)                    sigmoid(x)
logsumexp(x, a)                exp(x)/(exp(x) + exp(a))
erf(x)                         2/sqrt(pi)*exp(-x**2)
atan2(x, a)                    a/(x**2 + a**2)
atan2(a, x)                    -a/(x**2 + a**2)
norm(x, a)                     x/sqrt(x**2 + a**2)
dot([x, a], [x, 3])            2*x
"""

ENTRIES = [tuple(line.split("  ", 1)) for line in TABLE.strip().splitlines()]
POINTS = ("3/16", "1/2", "13/16")


@pytest.mark.parametrize(("formula", "expected"), ENTRIES, ids=[formula for formula, _ in ENTRIES])
def test_derivative_is_the_tables(formula: str, expected: str) -> None:
    function = Function.parse(formula, ["x", "a"])
    (partial,) = gradient(function.expr, function.variables[:1])
    claim = Numeric(parse(expected.strip(), variables=["x", "a"]).tree)
    for x in POINTS:
        place = dict(zip(function.variables, (sympy.Rational(x), sympy.Rational(7, 4)), strict=True))
        with mpmath.workdps(50):
            got = to_mpf(partial.xreplace(place))
            truth = claim.at({v.name: to_mpf(number) for v, number in place.items()})
            assert abs(got - truth) <= mpmath.mpf(10) ** -40


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(ENTRIES) >= 60
