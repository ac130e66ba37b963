r"""What the LaTeX pages of the calculus share: align environments, columns, the values at a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gdcli.results.common import PointReport, Quantity


def align(rows: Iterable[str]) -> str:
    """One align* environment; each row holds its own &."""
    return "\n".join([r"\begin{align*}", " \\\\\n".join(f"  {row}" for row in rows), r"\end{align*}"])


def equations(pairs: Iterable[tuple[str, str]]) -> str:
    """An align* of left &= right."""
    return align(f"{left} &= {right}" for left, right in pairs)


def numbers(point: PointReport, symbols: Mapping[str, str]) -> list[tuple[str, str]]:
    """f, its partials and its gradient at the point."""
    place = rf"\left({', '.join(number(q) for q in point.at.values())}\right)"
    rows = [(f"f{place}", number(point.value))]
    rows += [(partial(symbols[s.variable]) + place, number(s.slope)) for s in point.slopes]
    if len(point.slopes) > 1:
        rows.append((rf"\nabla f{place}", column([number(s.slope) for s in point.slopes])))
    return rows


def number(quantity: Quantity) -> str:
    """An exact number, or in words why there is none."""
    return quantity.exact.latex if quantity.exact is not None else words(quantity.reason or "")


def words(sentence: str) -> str:
    r"""Words inside a formula: \text{...}."""
    special: Mapping[str, str] = {"^": r"\^{}", "_": r"\_", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$"}
    return rf"\text{{{''.join(special.get(c, c) for c in sentence)}}}"


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
