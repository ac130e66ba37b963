"""Random formulas: printing and reading back keeps the value; no text at all crashes the parser."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.errors import FormulaError
from gdcli.language import parse
from gdcli.language.build import build, symbol
from gdcli.language.text import text

Meaning = tuple[str, float]
X, Y = 0.75, 1.5
POINT = {symbol("x"): 3 / 4, symbol("y"): 3 / 2}


def safe(source: str, value: float) -> Meaning:
    """Keep numbers where double precision compares them."""
    return (source, value) if 1e-6 < abs(value) < 1e6 else ("1", 1.0)


leaves = st.one_of(
    st.sampled_from([("x", X), ("y", Y), ("pi", math.pi), ("e", math.e)]),
    st.integers(1, 50).map(lambda n: (str(n), float(n))),
    st.tuples(st.integers(0, 99), st.integers(1, 99)).map(
        lambda p: (f"{p[0]}.{p[1]:02d}", float(f"{p[0]}.{p[1]:02d}"))
    ),
)


def compound(inner: st.SearchStrategy[Meaning]) -> st.SearchStrategy[Meaning]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: safe(f"({p[0][0]}) + ({p[1][0]})", p[0][1] + p[1][1])),
        pair.map(lambda p: safe(f"({p[0][0]}) - ({p[1][0]})", p[0][1] - p[1][1])),
        pair.map(lambda p: safe(f"({p[0][0]})*({p[1][0]})", p[0][1] * p[1][1])),
        pair.map(lambda p: safe(f"({p[0][0]})/({p[1][0]})", p[0][1] / p[1][1])),
        pair.map(lambda p: safe(f"({p[0][0]})({p[1][0]})", p[0][1] * p[1][1])),
        inner.map(lambda u: safe(f"-({u[0]})", -u[1])),
        inner.map(lambda u: safe(f"({u[0]})^2", u[1] ** 2)),
        inner.map(lambda u: safe(f"({u[0]})²", u[1] ** 2)),
        inner.map(lambda u: safe(f"({u[0]})^-1", 1 / u[1])),
        inner.map(lambda u: safe(f"sin({u[0]})", math.sin(u[1]))),
        inner.map(lambda u: safe(f"atan({u[0]})", math.atan(u[1]))),
        inner.map(lambda u: safe(f"sqrt |{u[0]}|", math.sqrt(abs(u[1])))),
        inner.map(lambda u: safe(f"cbrt({u[0]})", math.copysign(abs(u[1]) ** (1 / 3), u[1]))),
        inner.map(lambda u: safe(f"softplus(sin({u[0]}))", math.log1p(math.exp(math.sin(u[1]))))),
        pair.map(lambda p: safe(f"max({p[0][0]}, {p[1][0]})", max(p[0][1], p[1][1]))),
        pair.map(lambda p: safe(f"({p[0][0]} if x > 1 else {p[1][0]})", p[1][1])),
    )


@settings(deadline=None, max_examples=150)
@given(st.recursive(leaves, compound, max_leaves=8))
def test_value_survives_building_printing_and_reading(meaning: Meaning) -> None:
    source, truth = meaning
    expr = build(parse(source))
    again = build(parse(text(expr)))
    for e in (expr, again):
        assert float(e.subs(POINT).evalf(30)) == pytest.approx(truth, rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=500)
@given(st.one_of(st.text(max_size=30), st.text("x1_2+-*/^()[]{}|,=<>.e iflsn√²λ", max_size=30)))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        names = parse(source).variables
    except FormulaError as error:
        marked, reason = (error.start, error.end), error.message
    else:
        marked, reason = (0, len(source)), str(names)
    assert 0 <= marked[0] <= marked[1] <= len(source)
    assert reason
