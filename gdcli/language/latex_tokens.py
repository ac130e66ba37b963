r"""LaTeX to the tokens of the language: \frac stays a sign of its own, \cdot is *, \left( is (, \alpha is alpha.

Every token keeps its span in the text as typed. What TeX ignores (spaces, sizes, dollar signs) leaves no token.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal, NoReturn

from gdcli.errors import FormulaError
from gdcli.escape import visible
from gdcli.language.commands import (
    IGNORED,
    KNOWN,
    LEFT,
    NAMES,
    REMEDIES,
    RIGHT,
    SIGNS,
    SPACES,
    UPRIGHT,
    WORDS,
)
from gdcli.language.functions import BY_NAME
from gdcli.language.names import CONSTANTS, FUSED, GREEK, KEYWORDS, NOT_NUMBERS, TRUTHS, joined
from gdcli.language.tokens import Token, is_space, token_at
from gdcli.suggest import nearest

_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_SIZED = re.compile(r"\\(left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*(\\[A-Za-z]+|\\.|.)?", re.DOTALL)
_BRACED = re.compile(r"\s*\{([^{}]*)\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_LETTER = re.compile(r"[A-Za-z]\d*")
_TAIL = re.compile(r"_(\d+|[A-Za-z])")
_SUBSCRIPT = re.compile(r"_\{\s*([A-Za-z][A-Za-z0-9]*)\s*\}")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\Z")
_WRAPPINGS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))
_WHOLE = KEYWORDS | TRUTHS | NOT_NUMBERS | frozenset(BY_NAME) | frozenset(CONSTANTS)
_GREEK_NAMES = frozenset(GREEK.values())


def is_latex(source: str) -> bool:
    """Whether the text is LaTeX: a backslash or a dollar sign says so."""
    return "\\" in source or "$" in source


def latex_tokens(source: str, known: Collection[str]) -> Iterator[Token]:
    r"""The tokens of LaTeX text, without the end token; names of `known` stay whole, other words are products."""
    return _Reader(source, known).tokens()


def fused(source: str, tokens: list[Token]) -> Iterator[list[Token]]:
    """Runs of single letters written without a space, which TeX sets as products: xy."""
    run: list[Token] = []
    for token in tokens:
        if token.kind == "name" and source[token.start] != "\\":
            if run and token.start != run[-1].end:
                if len(run) > 1:
                    yield run
                run = []
            run.append(token)
        else:
            if len(run) > 1:
                yield run
            run = []


class _Reader:
    """The reading position, and which cases and which norms are open."""

    def __init__(self, source: str, known: Collection[str]) -> None:
        self.source = source
        self.known = known
        self.position, self.stop = _inside(source)
        self.cases = 0
        self.norm_open = False

    def tokens(self) -> Iterator[Token]:
        while self.position < self.stop:
            if is_space(self.source[self.position]) or self.source[self.position] == "~":
                self.position += 1
                continue
            for token in self._next():
                self.position = token.end
                yield token

    def _next(self) -> list[Token]:
        char = self.source[self.position]
        if char == "\\":
            return self._command()
        if char.isascii() and char.isalpha():
            return self._letters()
        if char == "_":
            return self._subscript()
        if char == "&":
            return [self._sign("&", self.position + 1)]
        if char == "$":
            return self._fail(self.position + 1, "this $ has no partner", "put one $ at each end, or none")
        return [self._compared(token) for token in token_at(self.source, self.position)]

    def _compared(self, token: Token) -> Token:
        """Inside cases = compares; elsewhere it belongs to the range of a sum."""
        return self._sign("==", token.end) if token.text == "=" and self.cases else token

    def _command(self) -> list[Token]:
        start = self.position
        following = self.source[start + 1 : min(start + 2, self.stop)]
        if following == "\\":
            return [self._sign("\\\\", start + 2)]
        if following in SPACES or not following:
            return self._skip(start + 2)
        if following in "{}":
            return [self._sign("(" if following == "{" else ")", start + 2)]
        if following == "|":
            self.norm_open = not self.norm_open
            return [self._sign(r"\lVert" if self.norm_open else r"\rVert", start + 2)]
        if match := _SIZED.match(self.source, start, self.stop):
            return self._sized(match)
        if match := _ENVIRONMENT.match(self.source, start, self.stop):
            return self._environment(match)
        match = _COMMAND.match(self.source, start, self.stop)
        if match is None:
            shown = following if following.isprintable() else following.encode("unicode_escape").decode("ascii")
            return self._fail(start + 2, rf"\{shown} has no meaning in a formula", "leave it out")
        return self._named(match)

    def _named(self, match: re.Match[str]) -> list[Token]:
        name, end = match.group(1), match.end()
        if name in IGNORED:
            return self._skip(end)
        if name in UPRIGHT:
            return self._upright(match)
        if name in SIGNS:
            return [self._sign(SIGNS[name], end)]
        if name in NAMES:
            return [self._name(NAMES[name], end)]
        if name in REMEDIES:
            return self._fail(end, *REMEDIES[name])
        found = nearest(name, KNOWN)
        hint = (
            f"did you mean \\{found}?"
            if found
            else rf"see gdcli grad --help; a name of several letters is \mathrm{{{name}}}"
        )
        return self._fail(end, rf"there is no command \{name}", hint)

    def _sized(self, match: re.Match[str]) -> list[Token]:
        r"""A delimiter after \left, \right or a size; \bigl and \bigr say their side, \big leaves it to the sign."""
        size, delimiter = match.groups()
        side = LEFT if size == "left" or size.endswith("l") else RIGHT if size == "right" or size[-1] == "r" else None
        if side is None and delimiter in ("|", r"\vert"):
            return [self._sign("|", match.end())]
        if side is None:
            side = LEFT if delimiter in LEFT and delimiter not in RIGHT else RIGHT
        if delimiter is None or delimiter not in side:
            return self._fail(match.end(), rf"\{size} needs a bracket after it", r"write \left( and \right)")
        return [self._sign(side[delimiter], match.end())]

    def _environment(self, match: re.Match[str]) -> list[Token]:
        word, name = match.groups()
        if name not in {"cases", "dcases"}:
            cause = f"the environment {visible(name)} is no part of a formula"
            self._fail(match.end(), cause, r"only \begin{cases} is read")
        self.cases += 1 if word == "begin" else -1
        return [self._sign(rf"\{word}{{cases}}", match.end())]

    def _upright(self, match: re.Match[str]) -> list[Token]:
        braced = _BRACED.match(self.source, match.end(), self.stop)
        if braced is None:
            return self._fail(match.end(), f"{match.group()} needs a word in braces", rf"write {match.group()}{{name}}")
        word = braced.group(1).replace(r"\_", "_").strip()
        if "text" in match.group(1) or match.group(1) == "mbox":
            return self._text(word, braced.end())
        if not _PLAIN_NAME.match(word):
            self._fail(braced.end(), f"{word!r} is not a name", r"use letters, then digits: \mathrm{x1}")
        return [self._name(joined(word), braced.end())]

    def _text(self, word: str, end: int) -> list[Token]:
        if word not in WORDS:
            known = ", ".join(sorted(WORDS))
            return self._fail(end, f"the words {word!r} have no meaning in a formula", f"the words read are {known}")
        if not WORDS[word]:
            return self._skip(end)
        meant = WORDS[word]
        return [self._sign(meant, end) if meant in KEYWORDS else Token("name", meant, self.position, end)]

    def _letters(self) -> list[Token]:
        """A known word whole, else one letter with its digits: TeX sets xy as a product."""
        match = _WORD.match(self.source, self.position, self.stop)
        if match is not None and self._is_whole(match.group()):
            return token_at(self.source, self.position)
        letter = _LETTER.match(self.source, self.position, self.stop)
        if letter is None:
            raise AssertionError("a letter was seen here")
        return [self._name(letter.group(), letter.end())]

    def _is_whole(self, word: str) -> bool:
        if joined(word) in self.known or word in _WHOLE or FUSED.match(word):
            return True
        return re.split(r"[\d_]", word)[0] in _GREEK_NAMES

    def _name(self, text: str, end: int) -> Token:
        """A name with the plain subscript behind it (x_1, theta_i); that of a function is left to the grammar."""
        if text not in BY_NAME:
            while tail := _TAIL.match(self.source, end, self.stop):
                text, end = f"{text}_{tail.group(1)}", tail.end()
        return Token("name", joined(text), self.position, end)

    def _subscript(self) -> list[Token]:
        start = self.position
        if word := _SUBSCRIPT.match(self.source, start, self.stop):
            inner = Token("name", word.group(1), word.start(1), word.end(1))
            return [self._sign("_{", start + 2), inner, Token("sign", "}", word.end() - 1, word.end())]
        if self.source[start + 1 : start + 2] == "{":
            return [self._sign("_{", start + 2)]
        if tail := _TAIL.match(self.source, start, self.stop):
            digits = tail.group(1).isdigit()
            named = Token("name", tail.group(1), start + 1, tail.end())
            inner = token_at(self.source, start + 1)[0] if digits else named
            return [self._sign("_{", start + 1), inner, Token("sign", "}", tail.end(), tail.end())]
        return self._fail(start + 1, "a subscript that is neither a letter nor a number", "write x_1 or x_{i+1}")

    def _sign(self, text: str, end: int) -> Token:
        kind: Literal["sign"] = "sign"
        return Token(kind, text, self.position, end)

    def _skip(self, end: int) -> list[Token]:
        self.position = end
        return []

    def _fail(self, end: int, cause: str, remedy: str) -> NoReturn:
        end = min(end, len(self.source))
        raise FormulaError(cause, source=self.source, start=self.position, end=end, hint=remedy)


def _inside(source: str) -> tuple[int, int]:
    r"""Where the formula stands: inside $...$, $$...$$, \[...\] or \(...\), if it is wrapped so."""
    start = len(source) - len(source.lstrip())
    stop = len(source.rstrip())
    for left, right in _WRAPPINGS:
        wrapped = source.startswith(left, start) and source.endswith(right, start, stop)
        if wrapped and stop - start >= len(left) + len(right):
            return start + len(left), stop - len(right)
    return start, stop
