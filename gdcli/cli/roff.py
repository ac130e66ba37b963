"""Text in the form that man reads: troff with the macros of man(7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

# As typed: a plain troff turns these into typographic signs.
_SIGNS = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
_TABLE = str.maketrans(_SIGNS)
# Signs make a line longer; 80 are the rule for it.
_LINE = 60


def plain(text: str) -> str:
    """A line with every sign as it is; it never is a request."""
    return ("\\&" if text.startswith((".", "'")) else "") + text.translate(_TABLE)


def text(words: str) -> str:
    """Running text, in lines that are not too long; each is filled up when it is shown."""
    return "\n".join(map(plain, wrap(words, _LINE, break_on_hyphens=False, break_long_words=False)))


def bold(text: str) -> str:
    """The text in bold."""
    return rf"\fB{plain(text)}\fR"


def heading(name: str) -> str:
    """A section begins."""
    return f".SH {name}"


def part(name: str) -> str:
    """A part of a section begins."""
    return f'.SS "{plain(name)}"'


def paragraph(words: str) -> Iterator[str]:
    """A paragraph."""
    yield from (".PP", text(words))


def terms(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list of terms and what is to be said of each."""
    for term, words in entries:
        yield from (".TP", bold(term), text(words) or r"\&")
