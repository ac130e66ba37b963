"""The known name that a wrong one was meant to be. Imports nothing of gdcli but `escape`."""

from __future__ import annotations

from collections.abc import Iterable

from gdcli.escape import visible


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like this one (difflib's ratio, capitals are small letters), if any is like it.

    Of several that are equally like it, one of the same letters comes first, then the first of the alphabet.
    """
    # Only an error needs it.
    from difflib import SequenceMatcher, get_close_matches

    typed = name.casefold()
    folded = {other.casefold(): other for other in sorted(known)}
    found = get_close_matches(typed, list(folded), n=3)
    ratios = {other: SequenceMatcher(None, other, typed).ratio() for other in found}
    best = min(found, key=lambda other: (-ratios[other], sorted(other) != sorted(typed), other), default=None)
    return None if best is None else folded[best]


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean "bmi"? `` (with the blank at the end) for the nearest known name, else nothing."""
    found = nearest(name, known)
    return "" if found is None else f'did you mean "{visible(found)}"? '
