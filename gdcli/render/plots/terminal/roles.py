"""How roles look in a terminal: a character for each, and colours that the colour-blind tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters

from gdcli.results.figure import Arrows, Field, Mark


@dataclass(frozen=True, slots=True)
class Style:
    """A character, a colour as rich names it, and whether a line is dashed."""

    character: str
    colour: str
    dashed: bool = False


ROLES = {
    "function": Style("f", "bright_blue"),
    "tangent": Style("t", "yellow"),
    "error": Style("e", "magenta"),
    "path": Style("o", "yellow"),
    "start": Style("S", "bold"),
    "end": Style("E", "bold"),
    "gap": Style("g", "bright_blue"),
    "average": Style("a", "yellow"),
    "bound": Style("b", "bright_black", dashed=True),
    "data": Style("x", "cyan"),
    "fit": Style("F", "yellow"),
    "boundary": Style("B", "bold"),
    "gradient": Style("v", "magenta"),
    "other": Style("z", "cyan"),
}
# Of the second, third, ... mark of one role.
MORE = ("yellow", "magenta", "cyan", "white", "bright_blue")


def styles(marks: Sequence[Mark]) -> list[Style]:
    """A style for each mark: its role's, or for one of several of a role a free letter, best of its own label."""
    many = [sum(other.role == mark.role for other in marks) > 1 for mark in marks]
    taken = {_own(mark).character for mark, several in zip(marks, many, strict=True) if not several}
    found: dict[int, Style] = {}
    counts = dict.fromkeys((mark.role for mark in marks), 0)
    order = sorted(range(len(marks)), key=lambda k: _own(marks[k]).dashed)
    for k in order:
        mark, several = marks[k], many[k]
        own, nth = _own(mark), counts[mark.role]
        counts[mark.role] += 1
        if several and not isinstance(mark, Arrows | Field):
            colour = own.colour if not nth else MORE[nth % len(MORE)]
            own = Style(_free(mark.label, own.dashed, taken), colour, own.dashed)
            taken.add(own.character)
        found[k] = own
    return [found[k] for k in range(len(marks))]


def _own(mark: Mark) -> Style:
    return ROLES.get(mark.role, ROLES["other"])


def _free(label: str, small: bool, taken: set[str]) -> str:
    """The first letter of the label that is free, large or small, else any; * when all are taken."""
    wanted = [c for c in label if c in ascii_letters]
    letters = [*map(str.lower if small else str.upper, wanted), *ascii_letters]
    return next((c for c in letters if c not in taken), "*")
