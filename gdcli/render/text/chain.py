"""The chain rule for people: both maps, their Jacobians, the product, the remainders absorbed, the check, the tape."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.render import Look
from gdcli.render.text import tape
from gdcli.render.text.calculus import equation, number, paragraph, place, signature
from gdcli.render.text.fold import fold
from gdcli.render.text.matrix import beside
from gdcli.results.chain import ChainReport, ComponentReport, MatrixReport
from gdcli.results.common import Quantity


def result(result: ChainReport, look: Look) -> str:
    """The whole page."""
    names = [component.name for component in result.inner]
    middle = {component.name: component.value for component in result.inner}
    blocks = [
        _map(f"inner f, at {place(result.at)}", result.inner, result.variables, look),
        _map(f"outer g, at {place(middle)}", result.outer, names, look),
        _jacobian("Df", result.inner_jacobian, names, result.variables, look),
        _jacobian("Dg", result.outer_jacobian, [c.name for c in result.outer], names, look),
        _product(result, look),
        _remainder(result, look),
        _direct(result, look),
        *(block for tape_report in result.tapes for block in tape.blocks(tape_report, len(result.variables), look)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _heading(words: str, look: Look) -> list[str]:
    return [look.paint(line, "bold") for line in paragraph(words, look)]


def _map(title: str, components: Sequence[ComponentReport], variables: Sequence[str], look: Look) -> list[str]:
    lines = _heading(title, look)
    for component in components:
        head = component.name + signature(variables)[1:]
        lines += equation(head, component.expression.text, look, indent=2)
        lines += equation(" " * len(head), number(component.value), look, indent=2)
    return lines


def _jacobian(name: str, jacobian: MatrixReport, rows: Sequence[str], columns: Sequence[str], look: Look) -> list[str]:
    formulas = [[entry.text for entry in row] for row in jacobian.formulas]
    exact = [[_exact(entry) for entry in row] for row in jacobian.at]
    drawn = beside(name, [formulas] if formulas == exact else [formulas, exact], look)
    if drawn:
        return drawn
    lines = []
    for row, entries, values in zip(rows, jacobian.formulas, jacobian.at, strict=True):
        for column, entry, value in zip(columns, entries, values, strict=True):
            lines += equation(f"d{row}/d{column}", f"{entry.text} = {_exact(value)}", look, indent=2)
    return [f"{name}, entry by entry:", *lines]


def _exact(quantity: Quantity) -> str:
    return "" if quantity.exact is None else quantity.exact.text


def _product(result: ChainReport, look: Look) -> list[str]:
    exact = [[_exact(entry) for entry in row] for row in result.product]
    drawn = [f"  {line}" for line in beside("D(g o f) = Dg Df", [exact], look)]
    lines = [*_heading("composition: the Jacobians at the point multiplied, outer times inner", look), *drawn]
    for component, row in zip(result.composed, result.product, strict=True):
        for variable, entry in zip(result.variables, row, strict=True):
            if not drawn or number(entry) != _exact(entry):
                lines += equation(f"d{component.name}/d{variable}", number(entry), look, indent=2)
    for component in result.composed:
        lines += equation(_linear_name(result, component), component.tangent.text, look, indent=2)
    return lines


def _linear_name(result: ChainReport, component: ComponentReport) -> str:
    subscript = "" if len(result.composed) == 1 else component.name[1:]
    return f"T{subscript}{signature(result.variables)[1:]}"


def _remainder(result: ChainReport, look: Look) -> list[str]:
    single = len(result.variables) == 1
    lines = _heading("remainder: f(x0 + h) = f(x0) + A h + r_f(h), A = Df, B = Dg at the point", look)
    for component in result.inner:
        lines += _remainder_of(f"r_{component.name}", result.steps, component, look)
    for component in result.outer:
        lines += _remainder_of(f"r_{component.name}", result.outer_steps, component, look)
    for count, step in enumerate(result.absorption, 1):
        lines += fold(f"  {count}.", step.statement, look.width, 7)
        lines += [] if step.law is None else paragraph(f"by {step.law}", look, indent=7)
    for component in result.composed:
        name = "r" if len(result.composed) == 1 else f"r{component.name[1:]}"
        lines += _remainder_of(name, result.steps, component, look)
        if component.order is not None and component.remainder.text != "0":
            norm = "|h|" if single else "||h||"
            lines.append(f"  measured: |{name}(h)| ~ {norm}^{component.order:.2f}")
    return lines


def _remainder_of(name: str, steps: Sequence[str], component: ComponentReport, look: Look) -> list[str]:
    return equation(f"{name}({', '.join(steps)})", component.remainder.text, look, indent=2)


def _direct(result: ChainReport, look: Look) -> list[str]:
    lines = _heading("the same without the chain rule: substitute, then differentiate", look)
    for component, row in zip(result.composed, result.direct, strict=True):
        lines += equation(component.name, component.expression.text, look, indent=2)
        for variable, entry in zip(result.variables, row, strict=True):
            lines += equation(f"d{component.name}/d{variable}", entry.text, look, indent=2)
    return lines + paragraph(f"chain rule and direct derivative: {result.agreement}", look, indent=2)
