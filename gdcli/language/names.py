"""Names: one canonical spelling for each variable, Greek letters, subscripts, and look-alikes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from gdcli.errors import UsageError
from gdcli.language.functions import BY_NAME

KEYWORDS = frozenset({"if", "else", "and", "or", "not"})
CONSTANTS = {"e": "e", "pi": "pi"}
TRUTHS = frozenset({"True", "true", "otherwise"})
NOT_NUMBERS = frozenset({"inf", "infinity", "Infinity", "oo", "nan", "NaN", "None", "False", "false"})

_LETTERS = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
GREEK = {chr(0x3B1 + i): name for i, name in enumerate(_LETTERS)}
# Capitals; the gap in the block stands where the final sigma is among the small letters.
GREEK |= {chr(0x391 + i): name.capitalize() for i, name in enumerate(_LETTERS) if i != 17}
GREEK |= {"ϵ": "epsilon", "ϑ": "theta", "ϕ": "phi", "ϖ": "pi", "ϱ": "rho", "ϰ": "kappa", "µ": "mu", "∑": "sum"}
GREEK |= {"∏": "prod", "\u2126": "Omega", "\u2206": "Delta"}
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₜₓ", "0123456789ijkmntx", strict=True))
FUSED = re.compile(r"(a?sin|a?cos|a?tan|ln|log|exp|sqrt)([A-Za-z]\d*)\Z", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\Z")
_LOOKALIKES = dict(zip("аеорсхуіјѕԁһАВЕКМНОРСТХУІЈЅ", "aeopcxyijsdhABEKMHOPCTXYIJS", strict=True))


def joined(name: str) -> str:
    """x_1 is x1: the first underscore between a letter and a number goes."""
    return re.sub(r"(?<=[A-Za-z])_(?=\d+(?:_|\Z))", "", name, count=1)


def indexed(base: str, subscripts: Iterable[int]) -> str:
    """The canonical name of base with number subscripts: x[1] is x1, x[1,2] is x1_2."""
    return joined("_".join([base, *map(str, subscripts)]))


def canonical(name: str) -> str:
    """The one spelling of a variable's name: x_1, x_{1}, x₁ and x[1] are x1, λ is lambda.

    Raises UsageError where the text is not the name of a variable.
    """
    text = "".join(GREEK.get(c, c) for c in name.strip())
    text = re.sub(r"[₀-₉ᵢⱼₖₘₙₜₓ]+", lambda m: "_" + "".join(SUBSCRIPTS[c] for c in m.group()), text)
    text = re.sub(r"_?\{(\w+)\}\Z|\[(\w+)\]\Z", lambda m: "_" + (m.group(1) or m.group(2)), text)
    if not _PLAIN.match(text):
        raise UsageError(f"{name!r} is not the name of a variable", hint="use a letter, then letters and digits: x1")
    if text in BY_NAME or text in KEYWORDS or text in CONSTANTS or text in TRUTHS or text in NOT_NUMBERS:
        raise UsageError(f"{text} cannot be a variable: the name has a meaning of its own", hint="use another name")
    return joined(text)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """The sort key under which x2 stands before x10."""
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in re.findall(r"\d{1,4000}|\D+", name))


def as_product(name: str, known: Iterable[str]) -> list[str] | None:
    """`xy` as ["x", "y"] where it is nothing but known names side by side."""
    names = [k for k in known if k]
    reached: dict[int, list[str]] = {0: []}
    for position in range(len(name)):
        if position in reached:
            for k in names:
                if name.startswith(k, position):
                    reached.setdefault(position + len(k), [*reached[position], k])
    return reached.get(len(name))


def escaped(char: str) -> str:
    """The character as \\u202e."""
    return char.encode("unicode_escape").decode("ascii") if char != " " else char


def stranger(char: str) -> tuple[str, str]:
    """Cause and remedy for a character that has no meaning in a formula."""
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Co"}:
        return f"the invisible or control character {escaped(char)}", "delete it and type the formula by hand"
    name = unicodedata.name(char, "unnamed character")
    if char in _LOOKALIKES:
        return f"'{char}' is not a Latin letter but {name}", f"type the Latin letter {_LOOKALIKES[char]}"
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and plain.isascii() and plain.isprintable() and len(plain) == 1:
        return f"'{char}' is not a plain character but {name}", f"type {plain}"
    if char.isalpha():
        return f"'{char}' ({name}) cannot stand in a name", "names are made of Latin or Greek letters and digits"
    return f"'{char}' ({name}) has no meaning in a formula", "see gdcli grad --help for what may be typed"
