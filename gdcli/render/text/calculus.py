"""What the pages of the calculus share: formulas folded between terms, numbers, column vectors, the values at a point."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from gdcli.render import Look
from gdcli.results import PointReport, Quantity, SlopeAt

VECTOR_ROWS = 12
"""Partials up to which the gradient is drawn as a column beside the list."""


def equation(left: str, right: str, look: Look, indent: int = 0) -> list[str]:
    """`left = right`, a long right side folded before + and - (then after * and commas); nothing is cut."""
    first = " " * indent + left + " = "
    hanging = " " * min(len(first), indent + 8)
    glued = right.replace(" + ", " +\0").replace(" - ", " -\0")
    room = look.width - len(hanging)
    pieces = " ".join(_short(word, room) for word in glued.split(" "))
    lines = textwrap.wrap(
        first.replace(" ", "\1") + pieces,
        look.width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ").replace("\1", " ") for line in lines]


def _short(word: str, room: int) -> str:
    """A word too long for a line, with room to break after its products."""
    return word if len(word) <= room else word.replace("*", "* ").replace("* * ", "** ").replace("** ", "**")


def number(quantity: Quantity) -> str:
    """An exact number with its decimals: sqrt(5) ~ 2.2360679775; an integer as it is; a reason where there is none."""
    if quantity.exact is None:
        return quantity.reason or ""
    exact = quantity.exact.text
    if quantity.value is None:
        return f"{exact} ({quantity.reason})"
    decimals = f"{quantity.value:.12g}"
    return exact if exact == decimals or exact.lstrip("-").isdigit() else f"{exact} ~ {decimals}"


def column(left: str, rows: Sequence[str], look: Look) -> list[str]:
    """`left` = a column vector; no lines where it would not fit."""
    width = max(map(len, rows))
    if not 2 <= len(rows) <= VECTOR_ROWS or len(left) + width + 7 > look.width:
        return []
    heads = [f"{left} = ", *[" " * (len(left) + 3)] * (len(rows) - 1)]
    return [f"{head}[ {row.ljust(width)} ]" for head, row in zip(heads, rows, strict=True)]


def signature(variables: Sequence[str]) -> str:
    """f(x1, x2)."""
    return f"f({', '.join(variables)})"


def place(at: Mapping[str, Quantity]) -> str:
    """x1 = 1, x2 = -2."""
    return ", ".join(f"{name} = {'' if q.exact is None else q.exact.text}" for name, q in at.items())


def slope_line(slope: SlopeAt, look: Look) -> list[str]:
    """df/dx at the point, or why there is none."""
    if slope.kind == "value":
        return equation(f"df/d{slope.variable}", number(slope.slope), look, indent=2)
    text = f"  df/d{slope.variable}: {slope.slope.reason}"
    return [look.paint(text, "yellow")]


def steepest(point: PointReport, look: Look) -> list[str]:
    """The direction of steepest ascent and the slope in it; nothing for one variable or without a gradient."""
    if point.norm is None or len(point.slopes) < 2:
        return []
    if point.steepest is None:
        return ["  grad f = 0: a stationary point, no direction is steeper than another"]
    direction = f"({', '.join(f'{u:.6g}' for u in point.steepest)})"
    text = f"steepest ascent along {direction}, slope |grad f| = {number(point.norm)}"
    return textwrap.wrap(text, look.width, initial_indent="  ", subsequent_indent="      ", break_long_words=False)
