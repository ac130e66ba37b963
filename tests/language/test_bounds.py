"""The bounds of LANGUAGE: each at its edge, and hostile formulas end cleanly."""

from __future__ import annotations

import sys

import pytest

from gdcli.errors import FormulaError, GdcliError
from gdcli.language import parse
from gdcli.language.budget import within
from gdcli.language.build import build
from gdcli.language.text import text as shown

BEYOND = [
    ("x" + " " * 100_000, "bytes"),
    ("x+" * 30_001 + "x", "tokens"),
    ("sum(sum(i*x_j, i=1..300), j=1..300)", "parts when written out"),
    ("sum(i, i=1..10001)", "10000 terms"),
    ("sum(i, i=1..9^99)", "needs integers"),
    ("(" * 151 + "x" + ")" * 151, "nest deeper than 150"),
    ("-" * 50_000 + "x", "nests deeper than 150"),
    ("2^" * 20_000 + "x", "nests deeper than 150"),
    ("not " * 20_000 + "x", "nests deeper than 150"),
    ("x/" * 200 + "x", "nests deeper than 150"),
    ("1 if x > 0 else " * 200 + "x", "nests deeper than 150"),
    ("sin " * 200 + "x", "nests deeper than 150"),
    ("|" * 20_000, "nests deeper than 150"),
    ("1e401", "decimal exponent"),
    ("1e-401", "decimal exponent"),
    ("1e" + "9" * 50_000, "decimal exponent"),
    ("9" * 4_933, "16384 bits"),
    ("9" * 90_000, "16384 bits"),
    ("x⁹" + "⁹" * 9_000, "16384 bits"),
]
BEYOND_WHEN_BUILT = [
    ("((9**9)**9999)**9999", "16384 bits"),
    ("9^9^9", "exponent beyond 10000"),
    ("9^9^9^9^9", "exponent"),
    ("2^16385", "exponent"),
    ("3^9999 * 3^9999", "16384 bits"),
    ("1/3^9999 + 1/5^7000", "16384 bits"),
    ("prod(i, i=1..5000)", "16384 bits"),
    ("x^10001", "exponent beyond 10000"),
    ("x^-10001", "exponent beyond 10000"),
    ("x^(1/10001)", "exponent beyond 10000"),
    ("Gamma(501)", "beyond 500"),
    ("exp(11357)", "beyond 11356"),
    ("sinh(-20000)", "beyond 11356"),
    ("sin(7**exp(exp(exp(10*e)))+1)", "beyond 11356"),
    ("exp(exp(exp(5)))", "beyond 11356"),
    ("pi^9999 * pi^9999", "16384 bits"),
    ("(exp(100)^100)^100", "16384 bits"),
    ("9^9999^(1/9999)^9999", ""),
]


@pytest.mark.parametrize(("text", "cause"), BEYOND, ids=[text[:20] for text, _ in BEYOND])
def test_beyond_the_bounds_of_text(text: str, cause: str) -> None:
    with pytest.raises(FormulaError) as caught:
        build(parse(text))
    assert cause in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("text", "cause"), BEYOND_WHEN_BUILT)
def test_beyond_the_bounds_of_numbers(text: str, cause: str) -> None:
    with pytest.raises(FormulaError) as caught:
        build(parse(text))
    assert cause in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "(" * 150 + "x" + ")" * 150,
        "-" * 149 + "x",
        "sin(" * 149 + "x" + ")" * 149,
        "2^" * 149 + "x",
        "x/" * 149 + "y",
        "1+1/(" * 74 + "x" + ")" * 74,
        "9" * 4_932,
        "1e400",
        "x^10000",
        "(x+1)^10000",
        "2^10000",
        "Gamma(500)",
        "exp(11356)",
        "sin(3^9999)",
        "sum(x_i^2, i=1..10000)",
        "sum(sqrt(i), i=1..500)",
    ],
    ids=lambda text: text[:20],
)
def test_within_the_bounds(text: str) -> None:
    assert shown(build(parse(text)))


LONG = ["1 if x > 0 else " * 20 + "x", "((x+y)^2+1)" * 50, "max(" + "x," * 100 + "y)"]
LONG += ["min(3, 4, " + ", ".join(f"x{i}" for i in range(2000)) + ")", "max(" + ", ".join(map(str, range(2000))) + ")"]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:20])
def test_long_formulas_end(text: str) -> None:
    assert within(lambda: shown(build(parse(text))))


def test_a_long_sum_is_built_in_linear_time() -> None:
    def calls(n: int) -> int:
        formula = parse("+".join(f"w{n}_{i}" for i in range(n)))
        count = 0

        def profile(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(profile)
        try:
            build(formula)
        finally:
            sys.setprofile(None)
        return count

    # n log n comparisons of the final sort are in it; quadratic growth would give 16.
    assert calls(4_000) / calls(1_000) < 5


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.__class__.__mro__[-1].__subclasses__()",
        "().__class__",
        "lambda x: x",
        "exec(x)",
        "open('/etc/passwd')",
        "x[0].y",
        "f'{x}'",
        "[c for c in x]",
        "`x`",
        "x; import os",
        "eval(x)",
        "getattr(x, y)",
    ],
)
def test_code_is_refused(text: str) -> None:
    with pytest.raises(GdcliError):
        parse(text)
