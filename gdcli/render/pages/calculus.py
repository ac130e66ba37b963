r"""What the pages of the calculus share: aligned formulas, columns, the values at a point, and words in formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gdcli.escape import visible
from gdcli.render.pages.blocks import Formulas
from gdcli.results.common import PointReport, Quantity

# In LaTeX these are no letters, or would print as others.
SPECIAL = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
} | {char: f"\\{char}" for char in "{}$&#_%"}


def special(char: str) -> str:
    """A character as LaTeX writes it in text."""
    return SPECIAL.get(char, char)


def equations(pairs: Iterable[tuple[str, str]]) -> Formulas:
    """Lines of left &= right."""
    return Formulas(tuple(f"{left} &= {right}" for left, right in pairs))


def numbers(point: PointReport, symbols: Mapping[str, str]) -> list[tuple[str, str]]:
    """f, its partials and its gradient at the point."""
    place = rf"\left({', '.join(number(q) for q in point.at.values())}\right)"
    rows = [(f"f{place}", _with_decimals(point.value))]
    rows += [(partial(symbols[s.variable]) + place, _with_decimals(s.slope)) for s in point.slopes]
    if len(point.slopes) > 1:
        rows.append((rf"\nabla f{place}", column([number(s.slope) for s in point.slopes])))
    return rows


def number(quantity: Quantity) -> str:
    """An exact number, or in words why there is none."""
    return quantity.exact.latex if quantity.exact is not None else words(quantity.reason or "")


def _with_decimals(quantity: Quantity) -> str:
    """An exact number that is no fraction with its decimals."""
    if quantity.exact is None or quantity.value is None or not any(map(str.isalpha, quantity.exact.text)):
        return number(quantity)
    return rf"{number(quantity)} \approx {scientific(f'{quantity.value:.12g}')}"


def scientific(text: str) -> str:
    r"""1.5e-07 as 1.5 \cdot 10^{-7}, and ~ as the relation."""
    mantissa, _, exponent = text.replace("~", r"\sim ").partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def words(sentence: str) -> str:
    r"""Words inside a formula: \text{...}."""
    return rf"\text{{{''.join(map(special, visible(sentence, 4096)))}}}"


def partial(variable: str) -> str:
    """df/dx."""
    return rf"\frac{{\partial f}}{{\partial {variable}}}"


def call(name: str, arguments: Iterable[str]) -> str:
    """f(x, y)."""
    return rf"{name}\left({', '.join(arguments)}\right)"


def column(entries: Sequence[str]) -> str:
    """A column vector."""
    return matrix([[entry] for entry in entries])


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """A matrix in round brackets."""
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix}"
