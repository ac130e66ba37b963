"""Formulas from a grammar, and bent ones: what a fuzz run feeds. The same seed gives the same formulas."""

from __future__ import annotations

import random
from collections.abc import Iterator

from gdcli.language.functions import BY_NAME
from tests.hostile.formulas import CORPUS

NAMES = ("x", "y", "x1", "x_2", "x_{3}", "x₄", "x[5]", "alpha", "λ", "lambda", "E", "I", "e", "pi", "π", "import")
NUMBERS = ("0", "1", "2", "3", "7", "10", "0.1", "1.5e-3", "1e3", ".5", "2.", "99", "500", "16384", "1e400", "9" * 40)
BINARY = ("+", "-", "*", "/", "^", "**", " ", "·", "×", "÷", "−", " < ", " <= ", " == ", " and ", " or ", " ≠ ", ", ")
SIGNS = (*"()[]{}|,;:=<>!?.'\"\\_^*/+-&%$#@~` \t\n\x00\x1b\u202eх²√∞", "..", "if", "else")
COMMANDS = ("\\frac", "\\left", "\\right", "\\sqrt", "\\begin{cases}", "\\end{cases}", "\\\\")
ALPHABET = (*SIGNS, *COMMANDS, *NAMES, *NUMBERS, *BINARY)
KNOWN = tuple(BY_NAME)
EXPONENTS = ("2", "-1", "1/2", "0", "99", "10001", "x", "(1/3)", "11^99")
DEPTH = 5


def formulas(seed: int, count: int) -> Iterator[str]:
    """`count` formulas: three of four from the grammar, of which every second is bent; the rest of the corpus, bent."""
    draw = random.Random(seed)
    for _ in range(count):
        text = expression(draw, draw.randint(0, DEPTH)) if draw.random() < 0.75 else draw.choice(CORPUS)[0][:200]
        yield bent(draw, text) if draw.random() < 0.5 else text


def expression(draw: random.Random, depth: int) -> str:
    """A formula of the language, or nearly one."""
    if depth == 0:
        return draw.choice(NAMES) if draw.random() < 0.6 else draw.choice(NUMBERS)
    return draw.choice(SHAPES)(draw, depth - 1)


def _joined(draw: random.Random, depth: int) -> str:
    return draw.choice(BINARY).join(expression(draw, draw.randint(0, depth)) for _ in range(draw.randint(2, 3)))


def _called(draw: random.Random, depth: int) -> str:
    arguments = ", ".join(expression(draw, depth) for _ in range(draw.choice((1, 1, 1, 2, 2, 3))))
    return f"{draw.choice(KNOWN)}({arguments})"


def _cases(draw: random.Random, depth: int) -> str:
    value, bound, other = (expression(draw, depth) for _ in range(3))
    return f"({value} if {draw.choice(NAMES)} {draw.choice('<>')} {bound} else {other})"


def _written_out(draw: random.Random, depth: int) -> str:
    word, low, high = draw.choice(("sum", "prod")), draw.randint(-1, 3), draw.choice((0, 2, 5, 30, 10**6))
    return f"{word}({expression(draw, depth)} i, i={low}..{high})"


SHAPES = (
    _joined,
    _joined,
    _joined,
    _called,
    _called,
    _cases,
    _written_out,
    lambda draw, depth: f"({expression(draw, depth)})",
    lambda draw, depth: f"-{expression(draw, depth)}",
    lambda draw, depth: f"|{expression(draw, depth)}|",
    lambda draw, depth: f"{draw.choice(KNOWN)} {expression(draw, depth)}",
    lambda draw, depth: f"({expression(draw, depth)})^{draw.choice(EXPONENTS)}",
    lambda draw, depth: rf"\frac{{{expression(draw, depth)}}}{{{expression(draw, depth)}}}",
    lambda draw, depth: rf"\sqrt[{draw.randint(0, 5)}]{{{expression(draw, depth)}}}",
    lambda draw, depth: f"[{expression(draw, depth)}, {expression(draw, depth)}]",
)


def bent(draw: random.Random, text: str) -> str:
    """The text with a few pieces put in, taken out, doubled, exchanged."""
    for _ in range(draw.randint(1, 4)):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.randint(0, 5))
        middle = draw.choice(("", text[start:end] * 2, draw.choice(ALPHABET), text[start:end][::-1]))
        text = text[:start] + middle + text[end:]
    return text
