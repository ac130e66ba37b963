r"""A descent on a formula in LaTeX: the function, then the logged steps as a tabular."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.latex.calculus import align, call
from gdcli.results.minimize import MinimizeHead, MinimizeReport, MinimizeStep


def result(result: MinimizeReport, look: Look) -> str:
    """An align environment with f, and a table of the steps."""
    head = result.head
    symbols = [head.symbols[name] for name in head.variables]
    titles = ["t", "f", r"\|\nabla f\|", *symbols]
    rows = [" & ".join(f"${title}$" for title in titles), *map(_row, result.path)]
    return "\n".join(
        [
            align([f"{call('f', symbols)} &= {head.expression.latex}", *_step_size(head)]),
            rf"\begin{{tabular}}{{{'r' * len(titles)}}}",
            *(rf"  {row} \\" for row in rows),
            r"\end{tabular}",
        ]
    )


def _step_size(head: MinimizeHead) -> list[str]:
    return [] if head.eta is None else [rf"\eta_0 &= {_number(head.eta)}"]


def _row(step: MinimizeStep) -> str:
    numbers = [step.value, step.gradient_norm, *step.x.values()]
    return " & ".join([str(step.step), *(f"${_number(number)}$" for number in numbers)])


def _number(value: float) -> str:
    r"""1.5 \cdot 10^{-7}."""
    mantissa, _, exponent = f"{value:.9g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
