"""Text with more structure than one formula: `u = x^2 + y`, and a list of outputs `[g1, g2]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gdcli.errors import FormulaError, UsageError
from gdcli.language.formula import Formula, parse
from gdcli.language.names import canonical

# No bracket stands before the sign: sum(x_i, i=1..5) is a formula, not an assignment.
_NAMED = re.compile(r"([^=<>!()|,]*)=(?!=)")
_OPENING, _CLOSING = "([{", ")]}"


def parse_assignment(
    text: str, *, variables: Sequence[str] | None = None, strict: bool = False
) -> tuple[str | None, Formula]:
    """The canonical name on the left of `name = formula` (None where there is none), and the formula.

    Raises FormulaError with the span in `text`, also for a name that cannot be one.
    """
    match = _NAMED.match(text)
    if match is None:
        return None, parse(text, variables=variables, strict=strict)
    try:
        name = canonical(match.group(1))
    except UsageError as error:
        raise FormulaError(error.message, source=text, start=0, end=match.end(1), hint=error.hint) from None
    return name, _part(text, match.end(), len(text), variables, strict)


def parse_outputs(text: str, *, variables: Sequence[str] | None = None, strict: bool = False) -> tuple[Formula, ...]:
    """The formulas of `[g1, g2]`, or the one formula that `text` is."""
    inside = text.strip()
    if not (inside.startswith("[") and inside.endswith("]")):
        return (parse(text, variables=variables, strict=strict),)
    first = text.index("[") + 1
    return tuple(_part(text, a, b, variables, strict) for a, b in _pieces(text, first, text.rindex("]")))


def _pieces(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The spans between the commas that stand in no further bracket."""
    depth, begin = 0, start
    for position in range(start, stop):
        depth += (text[position] in _OPENING) - (text[position] in _CLOSING)
        if text[position] == "," and depth == 0:
            yield begin, position
            begin = position + 1
    yield begin, stop


def _part(text: str, start: int, end: int, variables: Sequence[str] | None, strict: bool) -> Formula:
    try:
        return parse(text[start:end], variables=variables, strict=strict)
    except FormulaError as error:
        raise FormulaError(
            error.message, source=text, start=error.start + start, end=error.end + start, hint=error.hint
        ) from None
