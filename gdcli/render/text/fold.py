"""Long formulas on lines of a given width: broken before + and - outside brackets first, and nothing cut."""

from __future__ import annotations

import re
from collections.abc import Iterator


def fold(first: str, formula: str, width: int, hanging: int) -> list[str]:
    """`first` and the formula behind it; further lines are indented by `hanging`."""
    lines = [first.rstrip()]
    room = width - hanging
    indent = " " * hanging
    for piece in _pieces(formula, room):
        joint = "" if piece.startswith("\0") else " "
        piece = piece.lstrip("\0")
        if len(lines[-1]) + len(joint) + len(piece) <= width:
            lines[-1] += joint + piece
        else:
            lines.append(indent + piece)
    return lines


def _pieces(formula: str, room: int) -> Iterator[str]:
    """What may stand on a line of its own; a piece that continues the one before without a space begins with NUL."""
    for term in _with_operators(_split_outside(formula)):
        for factor in [term] if len(term) <= room else _factors(term):
            if len(factor) <= room:
                yield factor
                continue
            for word in _with_operators(factor.split(" ")):
                yield from [word] if len(word) <= room else _anywhere(word)


def _factors(term: str) -> Iterator[str]:
    """A term broken after its products outside brackets."""
    start = depth = 0
    for end, char in enumerate(term):
        depth += (char in "([") - (char in ")]")
        if char == "*" and depth == 0 and "*" not in (term[end - 1 : end], term[end + 1 : end + 2]):
            yield ("\0" if start else "") + term[start : end + 1]
            start = end + 1
    yield ("\0" if start else "") + term[start:]


def _anywhere(word: str) -> Iterator[str]:
    """A word without spaces, broken after its products (not inside **)."""
    head, *rest = re.split(r"(?<=[^*]\*)(?!\*)", word)
    yield head
    yield from ("\0" + factor for factor in rest)


def _split_outside(formula: str) -> list[str]:
    """The words of a formula between spaces that stand in no bracket."""
    words, depth = [""], 0
    for char in formula:
        depth += (char in "([") - (char in ")]")
        if char == " " and depth == 0:
            words.append("")
        else:
            words[-1] += char
    return words


def _with_operators(words: list[str]) -> Iterator[str]:
    """Each + and - in front of its term."""
    operator = ""
    for word in words:
        if word in ("+", "-"):
            operator = f"{word} "
        else:
            yield operator + word
            operator = ""
