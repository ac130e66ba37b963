"""`u = formula`, `[g1, g2]`, and formulas in the place of variables."""

from __future__ import annotations

import pytest

from gdcli.errors import FormulaError
from gdcli.language import parse
from gdcli.language.assignment import parse_assignment, parse_outputs
from gdcli.language.substitute import substituted
from gdcli.language.tree_text import tree_text


@pytest.mark.parametrize(
    ("text", "name", "formula"),
    [
        ("u = x^2 + y", "u", "x**2 + y"),
        ("x_1=2y", "x1", "2*y"),
        ("x[2] = y", "x2", "y"),
        ("x^2", None, "x**2"),
        ("sum(x_i, i=1..2)", None, "sum(x_i, i=1..2)"),
        ("u = 1 if x == 0 else x", "u", "1 if x == 0 else x"),
    ],
)
def test_a_name_stands_on_the_left(text: str, name: str | None, formula: str) -> None:
    found, read = parse_assignment(text)
    assert found == name
    assert read.tree == parse(formula).tree


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("u v", ["u*v"]),
        (" [u, v^2] ", ["u", "v**2"]),
        ("[max(u, v), [u, v][1]]", None),
        ("[max(u, v), norm([u, v])]", ["max(u, v)", "norm(u, v)"]),
    ],
)
def test_outputs_stand_between_commas_outside_brackets(text: str, formulas: list[str] | None) -> None:
    if formulas is None:
        with pytest.raises(FormulaError):
            parse_outputs(text)
        return
    assert len(parse_outputs(text)) == len(formulas)
    for read, formula in zip(parse_outputs(text), formulas, strict=True):
        assert read.tree == parse(formula).tree or tree_text(read.tree) == tree_text(parse(formula).tree)


@pytest.mark.parametrize(
    ("text", "message", "start", "end"),
    [
        ("sin = x", "sin cannot be a variable: the name has a meaning of its own", 0, 4),
        ("u = x +", "the formula ends too early: a number, a variable or a function is missing", 7, 7),
        ("2u = x", "'2u ' is not the name of a variable", 0, 3),
    ],
)
def test_an_error_has_its_place_in_the_whole_text(text: str, message: str, start: int, end: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_assignment(text)
    assert (caught.value.message, caught.value.source) == (message, text)
    assert (caught.value.start, caught.value.end) == (start, end)


def test_an_error_in_a_list_has_its_place_too() -> None:
    with pytest.raises(FormulaError) as caught:
        parse_outputs("[u, w]", variables=["u"])
    assert (caught.value.message, caught.value.start, caught.value.end) == ("there is no variable w", 4, 5)


def test_all_variables_are_replaced_at_once_and_a_sums_index_is_nobodys_name() -> None:
    formula = parse("sum(x^i, i=1..2) + y")
    values = {"x": parse("y + i").tree, "y": parse("x").tree}
    assert tree_text(substituted(formula, values, ["i", "x", "y"]).tree) == "((y + i)**1 + (y + i)**2) + x"
