"""A claimed gradient out of its text: `2*x1*x2, x1^2` in the order of the variables, or by name.

By name: `x1 = 2*x1*x2, x2 = x1^2`; a colon may stand for the equals sign and `df/dx1` for x1. One pair of brackets may
stand around it all. This is the notation of points, with formulas for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from gdcli.errors import FormulaError, UsageError
from gdcli.language import Formula, canonical, parse
from gdcli.language.brackets import pair
from gdcli.language.lexer import tokenize
from gdcli.suggest import nearest

Claim = str | Sequence[str] | Mapping[str, str]

_OPENING = {"(": ")", "[": "]", "{": "}"}
_NAMED = re.compile(r"\s*(?:[d∂]f?\s*/\s*[d∂]\s*)?([^\s=:<>!][^=:<>!]*?)\s*(?:=|:)(?!=)")
_HOW = "write one for each variable: 2*x1*x2, x1^2, or by name: x1 = 2*x1*x2, x2 = x1^2"


def parse_claim(
    claim: Claim, names: Sequence[str], variables: Sequence[str], strict: bool = False
) -> dict[str, Formula]:
    """One formula in `variables` for each of `names`, from a text, a list of texts, or a mapping name -> text.

    FormulaError with the span where one is unreadable, missing, superfluous, unknown or double.
    """
    if isinstance(claim, str):
        found = _from_text(claim, names)
    elif isinstance(claim, Mapping):
        found = _by_name("", [(canonical(name), text, 0) for name, text in claim.items()], names)
    else:
        found = _in_order(", ".join(claim), [(None, text, 0) for text in claim], names)
    whole = claim if isinstance(claim, str) else None
    return {name: _partial(text, start, whole, variables, strict) for name, (text, start) in found.items()}


def _from_text(claim: str, names: Sequence[str]) -> dict[str, tuple[str, int]]:
    pieces = [_piece(claim, start, end) for start, end in _spans(claim)]
    bare = [piece for piece in pieces if piece[0] is None]
    if not bare:
        return _by_name(claim, [(str(name), text, start) for name, text, start in pieces], names)
    if len(bare) < len(pieces):
        _, text, start = bare[0]
        _fail(
            "a partial without its name", claim, start, start + len(text), "name all partials or none: x = 2*x, y = 1"
        )
    return _in_order(claim, pieces, names)


def _in_order(
    claim: str, pieces: Sequence[tuple[str | None, str, int]], names: Sequence[str]
) -> dict[str, tuple[str, int]]:
    if len(pieces) != len(names):
        # A stray sign or an open bracket explains the wrong number better.
        pair(claim, tokenize(claim))
        given = f"{len(pieces)} partial{'s' if len(pieces) != 1 else ''}"
        wanted = f"{len(names)} variable{'s' if len(names) != 1 else ''} ({_some(names)})"
        _fail(f"{given} claimed for {wanted}", claim, 0, len(claim), _HOW)
    return {name: (text, start) for name, (_, text, start) in zip(names, pieces, strict=True)}


def _by_name(claim: str, pieces: Sequence[tuple[str, str, int]], names: Sequence[str]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, text, start in pieces:
        end = start + len(text)
        if name not in names:
            near = nearest(name, names)
            hint = f"did you mean {near}?" if near else f"the variables are {_some(names)}"
            _fail(f"there is no variable {name}", claim, start, end, hint)
        if name in found:
            _fail(f"the partial in {name} is claimed twice", claim, start, end, "claim each partial once")
        found[name] = (text, start)
    missing = [name for name in names if name not in found]
    if missing:
        _fail(f"no partial for {_some(missing)}", claim, 0, len(claim), "claim every partial, or choose with --wrt")
    return {name: found[name] for name in names}


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")


def _partial(text: str, start: int, whole: str | None, variables: Sequence[str], strict: bool) -> Formula:
    try:
        return parse(text, variables=variables, strict=strict)
    except FormulaError as error:
        if whole is None:
            raise
        raise FormulaError(
            error.message, source=whole, start=error.start + start, end=error.end + start, hint=error.hint
        ) from None


def _piece(claim: str, start: int, end: int) -> tuple[str | None, str, int]:
    """(name or None, the partial's text, where it starts)."""
    if not claim[start:end].strip():
        _fail("a partial is missing", claim, start, end, _HOW)
    named = _NAMED.match(claim, start, end)
    if named is None:
        return None, claim[start:end], start
    try:
        name = canonical(named[1])
    except UsageError as error:
        _fail(error.message, claim, named.start(1), named.end(1), error.hint)
    if not claim[named.end() : end].strip():
        _fail(f"the partial in {name} is missing", claim, named.start(1), named.end(), _HOW)
    return name, claim[named.end() : end], named.end()


def _spans(claim: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each piece between commas outside brackets; one pair of brackets around all is taken off."""
    first, last = 0, len(claim)
    inner = claim.strip()
    if inner and inner[0] in "[(" and _closes(inner) == len(inner) - 1:
        begin = claim.index(inner) + 1
        if inner[0] == "[" or len(list(_split(claim, begin, begin + len(inner) - 2))) > 1:
            first, last = begin, begin + len(inner) - 2
    return _split(claim, first, last)


def _closes(text: str) -> int:
    """Where the bracket at the start closes; -1 where it never does."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char in _OPENING) - (char in _OPENING.values())
        if depth == 0:
            return place
    return -1


def _split(claim: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    depth, begin = 0, first
    for place in range(first, last):
        char = claim[place]
        depth += (char in _OPENING) - (char in _OPENING.values())
        # A comma behind a backslash is a thin space of LaTeX.
        if char == "," and depth == 0 and claim[place - 1 : place] != "\\":
            yield begin, place
            begin = place + 1
    yield begin, last


def _fail(cause: str, claim: str, start: int, end: int, hint: str | None) -> NoReturn:
    raise FormulaError(cause, source=claim, start=start, end=end, hint=hint)
