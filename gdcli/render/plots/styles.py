"""How each role looks: Okabe and Ito's colours, told apart by dash and marker too, so that grey print reads as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

INK, PAPER, RULE = "#1a1a1a", "#ffffff", "#d4d4d4"
BLUE, SKY, GREEN, ORANGE, VERMILLION, PURPLE = "#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7"
GREY = "#6b6b6b"
# The same on a dark page: as far from its background as those are from white.
DARK = {
    INK: "#e8e8e8",
    PAPER: "#16181c",
    RULE: "#3d4148",
    BLUE: "#5fb8ee",
    SKY: "#2f86bd",
    GREEN: "#2fcf9f",
    ORANGE: "#f2b632",
    VERMILLION: "#ff8a3d",
    PURPLE: "#e29ac2",
    GREY: "#9aa0a8",
}

SOLID, DASHED, DOTTED, DASHDOT, LONG = "-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (9, 3))


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one mark: `dash` as matplotlib takes it, `marker` "" for none."""

    colour: str
    dash: object = SOLID
    marker: str = ""
    width: float = 1.6
    size: float = 4.0


ROLES = {
    "function": Style(BLUE, width=2.0),
    "tangent": Style(VERMILLION, DASHED),
    "error": Style(PURPLE, SOLID, width=2.2),
    "path": Style(VERMILLION, SOLID, "o", 1.1, 2.6),
    "start": Style(INK, SOLID, "s", size=6.5),
    "end": Style(INK, SOLID, "*", size=10.0),
    "gap": Style(BLUE, SOLID, width=1.8),
    "average": Style(GREEN, DASHED, width=1.8),
    "bound": Style(INK, DASHDOT, width=1.3),
    "data": Style(GREY, DOTTED, "o", size=3.5),
    "fit": Style(VERMILLION, SOLID, width=2.0),
    "boundary": Style(INK, SOLID, width=2.0),
    "gradient": Style(GREEN, SOLID, width=1.2),
    "other": Style(ORANGE, LONG, "D"),
}
# A second mark of one role, a third, ...: other colours, dashes and markers.
MORE = (
    Style(VERMILLION, DASHED, "s"),
    Style(GREEN, DASHDOT, "^"),
    Style(PURPLE, DOTTED, "v"),
    Style(ORANGE, LONG, "D"),
    Style(SKY, SOLID, "P"),
    Style(INK, DASHED, "X"),
    Style(BLUE, DOTTED, "o"),
)


def style(role: str, nth: int, taken: frozenset[str] = frozenset()) -> Style:
    """The look of the nth mark of a role in a panel, from 0; a role without a look of its own is an "other".

    From the second on in colours that are not `taken` by other roles, while there are any, and with other dashes.
    """
    own = ROLES.get(role, ROLES["other"])
    if nth == 0:
        return own
    others = [other for other in MORE if other.dash != own.dash]
    more = [other for other in others if other.colour not in taken | {own.colour}] or others
    found = more[(nth - 1) % len(more)]
    return Style(found.colour, found.dash, found.marker if own.marker else "", own.width, own.size)


def colours(roles: Iterable[str]) -> frozenset[str]:
    """The colours that the first marks of these roles take."""
    return frozenset(style(role, 0).colour for role in roles)
