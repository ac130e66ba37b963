"""The known name that a wrong one was meant to be. Imports nothing of gdcli but `escape`."""

from __future__ import annotations

from collections.abc import Iterable

from gdcli.escape import visible


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like this one (difflib's ratio, capitals are small letters), if any is like it."""
    # Only an error needs it.
    from difflib import get_close_matches

    folded = {other.casefold(): other for other in sorted(known)}
    found = get_close_matches(name.casefold(), list(folded), n=1)
    return folded[found[0]] if found else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean "bmi"? `` (with the blank at the end) for the nearest known name, else nothing."""
    found = nearest(name, known)
    return "" if found is None else f'did you mean "{visible(found)}"? '
