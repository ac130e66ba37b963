"""Bash: its line taken apart as it would, and candidates as it wants them in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdcli.cli.complete.values import Offer

_SPECIAL = re.compile(r"[^\w@%+=:,./-]")


def words_of(line: str) -> list[str]:
    """The words behind the command's name, without their quotes; the last one is unfinished, perhaps empty."""
    return [_bare(word)[0] for word in _raw(line)[1:]] or [""]


def answer(found: Offer, line: str, last: str) -> str:
    """The answer in lines. `last` is what bash will replace: the end of the last word from a = or : on."""
    value, quote = _bare(_raw(line)[-1])
    while not line.endswith(last):
        last = last[:-1]
    # Behind one of these alone bash replaces nothing.
    kept = len(value) - len(_bare("" if last in ("=", ":") else last)[0])
    lines = [word[kept:] for word, _ in found.candidates]
    if found.others == "plain":
        lines = [_quoted(word, quote) for word in lines if not (quote == "'" and "'" in word)]
    return "\n".join([found.others, *lines])


def _raw(line: str) -> list[str]:
    """The words of a line as they were typed; an empty one behind a blank at the end."""
    words, quote, escaped = [""], "", False
    for char in line:
        if char in " \t" and not quote and not escaped:
            words += [""] if words[-1] else []
            continue
        words[-1] += char
        escaped, quote = (False, quote) if escaped else _state(char, quote)
    return words


def _state(char: str, quote: str) -> tuple[bool, str]:
    """Is the next character escaped, and within which quotes does it stand?"""
    if char == "\\" and quote != "'":
        return True, quote
    if char == quote:
        return False, ""
    return False, char if char in "'\"" and not quote else quote


def _bare(word: str) -> tuple[str, str]:
    """A word without its quotes and escapes, and the quote that is still open."""
    text, quote, escaped = "", "", False
    for char in word:
        before = quote
        if escaped:
            text += char if before != '"' or char in '$`"\\' else "\\" + char
            escaped = False
            continue
        escaped, quote = _state(char, quote)
        if not escaped and quote == before:
            text += char
    return text, quote


def _quoted(text: str, quote: str) -> str:
    """The text as bash reads it back: within the open quote, or with a backslash before all that has a meaning."""
    if quote == "'":
        return text
    if quote == '"':
        return re.sub(r'([$`"\\])', r"\\\1", text)
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text)
