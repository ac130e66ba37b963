"""The end of a command whose result is printed although something is wrong with it: what is said, the exit code."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit
from gdcli.results.common import Failure


def interrupted(place: Terminal) -> Failure | None:
    """What is wrong with a partial result; None for one that is whole."""
    if place.interruption is None:
        return None
    code = place.interruption.code
    return Failure("interrupted", "interrupted: this is the partial result", None, int(code), {})


def end(warnings: Sequence[str], failure: Failure | None, place: Terminal) -> int:
    """Warnings and the failure on stderr; the exit code."""
    for warning in warnings:
        place.say("warning", warning)
    if place.interruption is not None:
        raise place.interruption
    if failure is None:
        return Exit.DONE
    place.say("error", failure.message)
    if failure.hint is not None:
        place.say("hint", failure.hint)
    return failure.exit
