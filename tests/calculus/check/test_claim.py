"""Claims in every notation, and everything that can be wrong with them."""

from __future__ import annotations

import pytest

from gdcli.calculus.check.claim import parse_claim
from gdcli.errors import FormulaError, UsageError
from gdcli.language import parse

NAMES = ["x1", "x2"]


@pytest.mark.parametrize(
    "claim",
    [
        "2*x1*x2, x1^2",
        "[2*x1*x2, x1^2]",
        "(2*x1*x2, x1^2)",
        "x1 = 2*x1*x2, x2 = x1^2",
        "x2: x1^2, x1: 2*x1*x2",
        "x_1 = 2*x1*x2, x[2] = x1^2",
        "df/dx1 = 2*x1*x2, df/dx2 = x1^2",
        "d/dx1: 2*x1*x2, d / dx2: x1^2",
        " [ x2 = x1^2 , x1 = 2*x1*x2 ] ",
        r"2\,x_1\,x_2, x_1^{2}",
        ["2*x1*x2", "x1^2"],
        {"x2": "x1^2", "x_1": "2*x1*x2"},
    ],
)
def test_a_claim(claim: str) -> None:
    found = parse_claim(claim, NAMES, NAMES)
    assert list(found) == NAMES
    assert found["x1"].tree == parse("2*x1*x2").tree
    assert found["x2"].tree == parse("x1^2").tree


@pytest.mark.parametrize(
    ("claim", "sources"),
    [
        ("max(x1, x2), 1", ["max(x1, x2)", "1"]),
        ("(x1 + 1), (x2)", ["(x1 + 1)", "(x2)"]),
        ("1 if x1 == 0 else 2, x1 if x2 >= 1 else 0", ["1 if x1 == 0 else 2", "x1 if x2 >= 1 else 0"]),
        ("x1 = 1 if x1 != 0 else 2, x2 = 0", ["1 if x1 != 0 else 2", "0"]),
        ("piecewise((1, x1 <= x2), (0, true)), 2", ["piecewise((1, x1 <= x2), (0, true))", "2"]),
    ],
)
def test_commas_and_signs_inside_formulas(claim: str, sources: list[str]) -> None:
    assert [partial.source.strip() for partial in parse_claim(claim, NAMES, NAMES).values()] == sources


def test_one_partial_may_stand_in_brackets() -> None:
    assert parse_claim("(x + 1)", ["x"], ["x"])["x"].source == "(x + 1)"
    assert parse_claim("[x + 1]", ["x"], ["x"])["x"].source == "x + 1"


@pytest.mark.parametrize(
    ("claim", "marked", "cause", "hint"),
    [
        ("x1", "x1", "1 partial claimed for 2 variables (x1, x2)", "one for each variable"),
        ("1, 2, 3", "1, 2, 3", "3 partials claimed for 2 variables", "one for each variable"),
        ("x1 = 1", "x1 = 1", "no partial for x2", "--wrt"),
        ("x1 = 1, x1 = 2", " 2", "the partial in x1 is claimed twice", "once"),
        ("x1 = 1, z = 2", " 2", "there is no variable z", "the variables are x1, x2"),
        ("x1 = 1, x3 = 2", " 2", "there is no variable x3", "the variables are x1, x2"),
        ("x1 = 1, 2", " 2", "a partial without its name", "all partials or none"),
        ("1,, 2", "", "a partial is missing", "one for each variable"),
        ("", "", "a partial is missing", "one for each variable"),
        ("x1 = , x2 = 1", "x1 =", "the partial in x1 is missing", "one for each variable"),
        ("2 = 1, x2 = 1", "2", "is not the name of a variable", "a letter"),
        ("sin = 1, x2 = 1", "sin", "sin cannot be a variable", "another name"),
        ("2*x1, y", "y", "there is no variable y", "the variables are x1, x2"),
        ("2*x1, x1 +", "", "ends too early", None),
        ("2*x1, sine(x1)", "sine", "there is no function sine", "did you mean sin?"),
        ("2*x1; x1", ";", "';'", "commas"),
        ("2*(x1, x1", "(", "never closed", "add )"),
    ],
)
def test_errors(claim: str, marked: str, cause: str, hint: str | None) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_claim(claim, NAMES, NAMES)
    error = caught.value
    assert cause in error.message
    assert error.source == claim or "never closed" in cause
    if error.source == claim:
        assert claim[error.start : error.end] == marked
    assert hint is None or hint in str(error.hint)


def test_errors_in_lists_and_mappings() -> None:
    with pytest.raises(FormulaError, match="there is no function sine") as caught:
        parse_claim(["1", "sine(x1)"], NAMES, NAMES)
    assert caught.value.source == "sine(x1)"
    with pytest.raises(FormulaError, match="no partial for x2"):
        parse_claim({"x1": "1"}, NAMES, NAMES)
    with pytest.raises(FormulaError, match="1 partial claimed"):
        parse_claim(["1"], NAMES, NAMES)
    with pytest.raises(UsageError, match="is not the name"):
        parse_claim({"1": "1"}, NAMES, NAMES)
    with pytest.raises(FormulaError, match="ambiguous"):
        parse_claim("1/2x1, 0", NAMES, NAMES, strict=True)
