"""Text to tokens. Every token keeps its span; a character that has no meaning is an error that names it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn

from gdcli.errors import FormulaError
from gdcli.language.bounds import BITS, DECIMAL_EXPONENT, LIMIT_HINT, too_many_bits
from gdcli.language.names import GREEK, KEYWORDS, SUBSCRIPTS, joined, stranger


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: a number with its exact value, a name in canonical letters, a sign, or the end."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)

    @property
    def span(self) -> tuple[int, int]:
        """(start, end) in the source."""
        return self.start, self.end


_NUMBER = re.compile(r"(?:(\d+)(?:\.(?!\.)(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?", re.ASCII)
_NAME = re.compile(r"(?:[A-Za-z][A-Za-z0-9]*|[\u0370-\u03ffµ∑∏\u2126∆]\d*)(?:_[A-Za-z0-9]+)*", re.ASCII)
_SIGN = re.compile(r"\*\*|<=|>=|==|!=|<>|\.\.\.?|_\{|[-+*/^()\[\]{},|<>=≤≥≠√∛·×⋅∙∗÷∕−–—…]")
_SAME = {"**": "^", "<>": "!=", "...": "..", "…": "..", "≤": "<=", "≥": ">=", "≠": "!=", "÷": "/", "∕": "/"}
_SAME |= dict.fromkeys("·×⋅∙∗", "*") | dict.fromkeys("−–—", "-")
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_SUPERSCRIPT = re.compile("(⁻?)([⁰¹²³⁴-⁹]+|ⁿ)")
_REMEDIES = {
    "&": ("'&' has no meaning in a formula", "write and"),
    "!": ("'!' has no meaning in a formula", "write Gamma(n + 1) for n!, and != for unequal"),
    "%": ("'%' has no meaning in a formula", "write /100 for percent"),
    ";": ("';' has no meaning in a formula", "separate with commas"),
    ":": ("':' has no meaning in a formula", "write a range as 1..5"),
    ".": ("a point that belongs to no number", "write products with *, decimals as 0.5"),
    "_": ("an underscore that belongs to no name", "write subscripts as x_1, x_{i+1} or x[1]"),
    "∞": ("infinity is not a number of the language", "use a finite number"),
    "'": ("quotes have no meaning in a formula", "type the formula alone"),
    '"': ("quotes have no meaning in a formula", "type the formula alone"),
}


def is_space(char: str) -> bool:
    """Whether the character separates and nothing else."""
    return char in "\t\n\r" or unicodedata.category(char)[0] == "Z"


def plain_tokens(source: str) -> Iterator[Token]:
    """The tokens of plain text, without the end token; FormulaError where a character has no meaning."""
    position = 0
    while position < len(source):
        if is_space(source[position]):
            position += 1
            continue
        found = token_at(source, position)
        yield from found
        position = found[-1].end


def token_at(source: str, start: int) -> list[Token]:
    """The token that begins here (a superscript is several); FormulaError where none does."""
    if match := _NUMBER.match(source, start):
        return [_number(source, match)]
    if (match := _NAME.match(source, start)) and _known(match.group()):
        return [_name(source, match)]
    if match := _SUPERSCRIPT.match(source, start):
        return _superscript(source, match)
    if match := _SIGN.match(source, start):
        text = match.group()
        return [Token("sign", _SAME.get(text, text), start, match.end())]
    cause, remedy = _REMEDIES.get(source[start]) or stranger(source[start])
    return _fail(source, start, start + 1, cause, remedy)


def _known(name: str) -> bool:
    return name[0].isascii() or name[0] in GREEK


def _name(source: str, match: re.Match[str]) -> Token:
    text, end = match.group(), match.end()
    text = GREEK.get(text[0], text[0]) + text[1:]
    while end < len(source) and source[end] in SUBSCRIPTS:
        text += ("_" if source[end - 1] not in SUBSCRIPTS else "") + SUBSCRIPTS[source[end]]
        end += 1
    kind: Literal["sign", "name"] = "sign" if text in KEYWORDS else "name"
    return Token(kind, joined(text), match.start(), end)


def _superscript(source: str, match: re.Match[str]) -> list[Token]:
    start, end = match.span()
    tokens = [Token("sign", "^", start, start)]
    if match.group(1):
        tokens.append(Token("sign", "-", start, start + 1))
    if match.group(2) == "ⁿ":
        return [*tokens, Token("name", "n", end - 1, end)]
    value = integer("".join(_SUPERSCRIPTS[c] for c in match.group(2)))
    if value.bit_length() > BITS:
        _too_large(source, start, end)
    return [*tokens, Token("number", match.group(2), start + len(match.group(1)), end, Fraction(value))]


def _number(source: str, match: re.Match[str]) -> Token:
    start, end = match.span()
    whole, decimals, alone, exponent = match.groups()
    decimals = decimals or alone or ""
    if whole == "0" and re.match(r"0[xXbBoO][0-9]", source[start : start + 3]):
        _fail(source, start, end + 2, "a hexadecimal, binary or octal number", "write it in decimal digits")
    if source[end : end + 1] == "_":
        _fail(source, start, end + 1, "an underscore inside a number", "write 1000, not 1_000")
    scale = integer(exponent or "0")
    if abs(scale) > DECIMAL_EXPONENT:
        _fail(source, start, end, f"a decimal exponent beyond {DECIMAL_EXPONENT}", LIMIT_HINT)
    if len(whole or "") + len(decimals) > BITS // 3:
        _too_large(source, start, end)
    value = Fraction(integer((whole or "") + decimals)) * Fraction(10) ** (scale - len(decimals))
    if too_many_bits(value):
        _too_large(source, start, end)
    return Token("number", match.group(), start, end, value)


def integer(digits: str) -> int:
    """int(digits), also beyond the 4 300 digits at which Python stops by default."""
    if len(digits) <= 4000:
        return int(digits)
    return integer(digits[:-4000]) * 10**4000 + int(digits[-4000:])


def _too_large(source: str, start: int, end: int) -> NoReturn:
    _fail(source, start, end, f"a number of more than {BITS} bits", LIMIT_HINT)


def _fail(source: str, start: int, end: int, cause: str, remedy: str) -> NoReturn:
    raise FormulaError(cause, source=source, start=start, end=end, hint=remedy)
