"""Every way a formula can be wrong: the span that is marked, the cause, the remedy."""

from __future__ import annotations

import pytest

from gdcli.errors import DomainError, FormulaError, UsageError
from gdcli.language import canonical, parse
from gdcli.language.build import build

TABLE = [
    # text, marked piece, part of the message, part of the hint
    ("", "", "empty", "type a formula"),
    ("   ", "", "empty", "type a formula"),
    ("x +", "", "ends too early", "complete"),
    ("x + * 2", "*", "missing before *", "check"),
    ("(x + 1", "(", "never closed", "add )"),
    ("sin((x) + 1", "(", "never closed", "add )"),
    ("x + 1)", ")", "closes nothing", "remove"),
    ("(x]", "(", "still open where ]", "close it with )"),
    ("[x)", "[", "still open where )", "close it with ]"),
    ("x_{1", "_{", "never closed", "add }"),
    ("|x + 1", "|", "never closed", "abs("),
    ("(1, 2)", ",", "comma between plain brackets", "point"),
    ("1,5", ",", "comma outside", "0.5"),
    ("x = 1", "=", "'='", "=="),
    ("2 3", "3", "number follows", "*"),
    ("x 2", "2", "number follows", "*"),
    ("x > 0", "x > 0", "condition stands where a number", "if condition else"),
    ("1 + (x > 0)", "(x > 0)", "condition stands where a number", "if condition else"),
    ("sin(x > 0)", "x > 0", "condition stands where a number", "if condition else"),
    ("1 if x else 2", "x", "number stands where a condition", "x > 0"),
    ("1 if x > 0", "", "ends too early: else", "complete"),
    ("1 else 2", "else", "else without if", "if condition else"),
    ("1 if not x else 2", "x", "number stands where a condition", "x > 0"),
    ("[1, 2]", "[1, 2]", "vector stands where a number", "norm"),
    ("[x] + 1", "[x]", "vector stands where a number", "( )"),
    ("snh(x)", "snh", "no function snh", "sinh"),
    ("Sin(x)", "Sin", "no function Sin", "did you mean sin?"),
    ("xsin(x)", "xsin", "no function xsin", "x*sin(...)"),
    ("log3(x)", "log3", "no function log3", "log(x, 3)"),
    ("frobnicate(x)", "frobnicate", "no function", "frobnicate*(...)"),
    ("sin", "sin", "needs its argument", "sin(...)"),
    ("max x", "max", "needs its argument", "max(...)"),
    ("sin()", "sin()", "takes 1 argument, not 0", ""),
    ("sin(x, y)", "sin(x, y)", "takes 1 argument, not 2", ""),
    ("log(x, 2, 3)", "log(x, 2, 3)", "takes 1 or 2 arguments, not 3", ""),
    ("max()", "max()", "at least 1 argument", ""),
    ("exp^-1 x", "exp^-1", "no meaning", "1/exp(x)"),
    ("dot([1,2],[3])", "[1,2],[3]", "vectors of 2 and 1", "same length"),
    ("dot([1,2],[3],[4])", "dot([1,2],[3],[4])", "takes 2 arguments, not 3", ""),
    ("sum(x)", "sum(x)", "needs an index", "i=1..5"),
    ("sum(x, y)", "sum(x, y)", "needs an index", "i=1..5"),
    ("sum(i, i=1..n)", "n", "not a number", "integers"),
    ("sum(i, i=1..2.5)", "2.5", "not an integer", "integers"),
    ("sum(x_{i-2}, i=1..2)", "i-2", "negative", ""),
    ("sum(i, i=1)", ")", ".. is missing", ""),
    ("x_{y+1}", "y", "needs integers", ""),
    ("sum(x_i_j, i=1..2)", "x_i_j", "subscript j", ""),
    ("1..5", "..", "range outside", "sum("),
    ("piecewise(x)", "piecewise(x)", "needs a branch", "True"),
    ("piecewise((x, x>0), 1, 2)", ",", "nothing may follow", "last"),
    ("piecewise((x, 1))", "1", "number stands where a condition", ""),
    ("x!", "!", "'!'", "Gamma"),
    ("50%", "%", "'%'", "/100"),
    ("x; y", ";", "';'", "commas"),
    ("x : y", ":", "':'", "1..5"),
    ("x & y", "&", "'&'", "and"),
    ("_x", "_", "underscore", "x_1"),
    ("x.y", ".", "point that belongs to no number", "decimals"),
    ("'x'", "'", "quotes", "alone"),
    ("∞", "∞", "infinity", "finite"),
    ("inf", "inf", "not a number", "finite"),
    ("nan + 1", "nan", "not a number", "finite"),
    ("1_000", "1_", "underscore inside", "1000"),
    ("0x10", "0x1", "hexadecimal", "decimal"),
    ("х + 1", "х", "CYRILLIC SMALL LETTER HA", "Latin letter x"),
    ("2 + ｘ", "ｘ", "FULLWIDTH LATIN SMALL LETTER X", "type x"),
    ("１+1", "１", "FULLWIDTH DIGIT ONE", "type 1"),
    ("straße", "ß", "LATIN SMALL LETTER SHARP S", "Latin or Greek"),
    ("x\u202e+1", "\u202e", "\\u202e", "delete"),
    ("x\x1b[31m", "\x1b", "\\x1b", "delete"),
    ("x\x00", "\x00", "\\x00", "delete"),
    ("\ufeffx", "\ufeff", "\\ufeff", "delete"),
    ("x\ud800", "\ud800", "\\ud800", "delete"),
    ("x → y", "→", "RIGHTWARDS ARROW", "help"),
]


@pytest.mark.parametrize(("text", "marked", "cause", "remedy"), TABLE)
def test_formula_error(text: str, marked: str, cause: str, remedy: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert error.source == text
    assert text[error.start : error.end] == marked
    assert cause in error.message
    assert remedy in (error.hint or "")


@pytest.mark.parametrize(
    ("text", "variables", "marked", "remedy"),
    [
        ("xy", ["x", "y"], "xy", "did you mean x*y?"),
        ("1 + x1x2", ["x1", "x2"], "x1x2", "did you mean x1*x2?"),
        ("sinx", ["x"], "sinx", "did you mean sin(x)?"),
        ("weigth", ["weight", "height"], "weigth", "did you mean weight?"),
        ("q", ["x", "y"], "q", "the variables are x, y"),
        ("x + 1", [], "x", "write a number"),
        ("sum(x_i, i=1..3)", ["x1", "x2"], "x_i", "the variables are x1, x2"),
    ],
)
def test_unknown_variable(text: str, variables: list[str], marked: str, remedy: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, variables=variables)
    assert text[caught.value.start : caught.value.end] == marked
    assert remedy in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["", "1x", "x y", "sin", "e", "pi", "if", "inf", "x-1", "_x", "__class__", "х"])
def test_impossible_variable_names(name: str) -> None:
    with pytest.raises(UsageError):
        canonical(name)


def test_a_variable_given_twice() -> None:
    with pytest.raises(UsageError, match="x1 is given twice"):
        parse("x1", variables=["x1", "x_1"])


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "x/0",
        "0^-1",
        "log(0)",
        "log(-1)",
        "sqrt(-1)",
        "sqrt(-4)*sqrt(-4)",
        "(-8)^(1/3)",
        "atan2(0, 0)",
        "asin(2)",
        "acosh(1/2)",
        "Gamma(0)",
        "tan(pi/2)",
        "1/(sqrt(2)^2 - 2)",
        "1/(sin(1)^2 + cos(1)^2 - 1)",
        "root(x, 1.5)",
        "root(x, 0)",
        "root(x, y)",
        "(-2)^pi",
    ],
)
def test_domain_error(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        build(parse(text))
    assert caught.value.hint


def test_domain_error_names_the_piece() -> None:
    with pytest.raises(DomainError, match=r"^log\(-1\) has no real, finite value"):
        build(parse("x^2 + log(-1)"))
