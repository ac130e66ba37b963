"""Names and cells of a user's file as messages show them: numbered and listed."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.escape import visible

_LISTED = 20


def label(index: int, name: str) -> str:
    """Return a column's place for messages: its 1-based number and its name, ``3 "bmi"``."""
    return f'{index + 1} "{visible(name)}"'


def listing(names: Sequence[str]) -> str:
    """List names for a hint; beyond 20 of them it says how many are left out."""
    shown = ", ".join(visible(name) for name in names[:_LISTED])
    rest = len(names) - _LISTED
    return shown if rest <= 0 else f"{shown} and {rest} more"


def ranges(numbers: Sequence[int]) -> str:
    """Write ascending 1-based column numbers the way ``--features`` takes them: ``1,3-5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)
