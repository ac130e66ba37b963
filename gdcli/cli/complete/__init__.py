"""Completion: what may come next on a command line, and the scripts through which a shell asks for it.

The answer is lines: first what else may stand there (`files`, `folders`, or `plain` for neither), then a candidate a
line, with a tab and a few words about it. No shell ever runs any of it, and no control character is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gdcli.errors import GdcliError, UsageError
from gdcli.suggest import suggestion

SHELLS = ("bash", "zsh", "fish")


def script(shell: str) -> str:
    """The script for a shell. Raises UsageError for a shell that has none."""
    if shell not in SHELLS:
        hint = f"{suggestion(shell, SHELLS)}there are scripts for {', '.join(SHELLS)}"
        raise UsageError(f"no completion for {shell!r}", hint=hint)
    return (Path(__file__).parent / f"gdcli.{shell}").read_text(encoding="utf-8")


def candidates(shell: str, words: Sequence[str]) -> str:
    """The answer to a shell: bash gives the line and its own last word, the others the words behind gdcli."""
    from gdcli.cli.complete.bash import answer, words_of
    from gdcli.cli.complete.values import Offer, offer

    try:
        found = offer(words_of(words[0]) if shell == "bash" else words)
    except (GdcliError, OSError):
        found = Offer()
    if shell == "bash":
        return answer(found, words[0], words[1] if len(words) > 1 else "")
    lines = (f"{value}\t{text}" if text else value for value, text in found.candidates)
    return "\n".join([found.others, *lines])
