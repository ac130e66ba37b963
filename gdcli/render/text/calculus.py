"""What the pages of the calculus share: folded formulas, numbers, column vectors, the values at a point."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction

from gdcli.render import Look
from gdcli.render.text.fold import fold
from gdcli.results.common import PointReport, Quantity, SlopeAt

VECTOR_ROWS = 12
"""Partials up to which the gradient is drawn as a column beside the list."""

_ENDLESS = re.compile(r"\d{41}")
"""A number of so many digits is shown by its size: nobody counts its zeros."""

NAMED = 6
"""Variables up to which a function is written with all of them."""


def equation(left: str, right: str, look: Look, indent: int = 0) -> list[str]:
    """`left = right`, a long right side folded; nothing is cut."""
    first = " " * indent + left + " ="
    return fold(first, right, look.width, min(len(first) + 1, indent + 8))


def number(quantity: Quantity) -> str:
    """An exact number with its decimals: sqrt(5) ~ 2.2360679775; an integer as it is; a reason where there is none."""
    if quantity.exact is None:
        return quantity.reason or ""
    exact = quantity.exact.text
    if _ENDLESS.search(exact):
        return f"{_size(quantity)} (every digit: --format json)"
    if quantity.value is None or quantity.reason is not None:
        return f"{exact} ({quantity.reason})"
    decimals = f"{quantity.value:.12g}"
    if exact == decimals or exact.lstrip("-").isdigit():
        return exact
    return f"{exact} {'=' if _same(exact, decimals) else '~'} {decimals}"


def _size(quantity: Quantity) -> str:
    return quantity.reason or f"about {quantity.value:.12g}"


def _same(exact: str, decimals: str) -> bool:
    """Whether a fraction is a short decimal: 1/2 = 0.5, but 1/3 ~ 0.333333333333."""
    return re.fullmatch(r"-?\d+/\d+", exact) is not None and Fraction(exact) == Fraction(decimals)


def column(left: str, rows: Sequence[str], look: Look, align: str = "<") -> list[str]:
    """`left` = a column vector, its rows aligned to the left (<) or right (>); no lines where it would not fit."""
    width = max(map(len, rows))
    if not 2 <= len(rows) <= VECTOR_ROWS or len(left) + width + 7 > look.width:
        return []
    heads = [f"{left} = ", *[" " * (len(left) + 3)] * (len(rows) - 1)]
    return [f"{head}[ {row:{align}{width}} ]" for head, row in zip(heads, rows, strict=True)]


def signature(variables: Sequence[str]) -> str:
    """f(x1, x2), or f(x1, ..., x12) where there are many."""
    shown = variables if len(variables) <= NAMED else [variables[0], "...", variables[-1]]
    return f"f({', '.join(shown)})" if variables else "f"


def place(at: Mapping[str, Quantity]) -> str:
    """x1 = 1, x2 = -2."""
    return ", ".join(f"{name} = {_coordinate(number)}" for name, number in at.items())


def _coordinate(number: Quantity) -> str:
    exact = "" if number.exact is None else number.exact.text
    return _size(number) if _ENDLESS.search(exact) else exact


def paragraph(text: str, look: Look, indent: int = 0) -> list[str]:
    """Words folded at the look's width."""
    first = " " * indent
    return textwrap.wrap(
        text, look.width, initial_indent=first, subsequent_indent=first + "    ", break_long_words=False
    )


def slope_line(slope: SlopeAt, look: Look) -> list[str]:
    """df/dx at the point, or why there is none."""
    if slope.kind == "value":
        return equation(f"df/d{slope.variable}", number(slope.slope), look, indent=2)
    lines = paragraph(f"df/d{slope.variable}: {slope.slope.reason}", look, indent=2)
    return [look.paint(line, "yellow") for line in lines]


def steepest(point: PointReport, look: Look) -> list[str]:
    """The direction of steepest ascent and the slope in it; nothing for one variable or without a gradient."""
    if point.norm is None or len(point.slopes) < 2:
        return []
    if point.steepest is None:
        return ["  grad f = 0: a stationary point, no direction is steeper than another"]
    direction = f"({', '.join(f'{u:.6g}' for u in point.steepest)})"
    return paragraph(f"steepest ascent along {direction}, slope |grad f| = {number(point.norm)}", look, indent=2)
