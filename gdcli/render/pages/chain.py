r"""The chain rule: the maps, the Jacobians and their product, the remainders, the tape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gdcli.render.pages.blocks import Block, Formulas, Heading
from gdcli.render.pages.calculus import call, equations, matrix, number
from gdcli.results.chain import ChainReport, ComponentReport, MatrixReport, TapeEntry, TapeReport
from gdcli.results.common import Quantity


def result(result: ChainReport) -> Iterator[Block]:
    """One block of formulas, and one a tape."""
    yield Heading(("Chain rule",))
    variables = [result.symbols[name] for name in result.variables]
    names = [result.symbols[component.name] for component in result.inner]
    rows = [
        *_map(result, result.inner, variables, result.at.values()),
        *_map(result, result.outer, names, [component.value for component in result.inner]),
        _jacobian("Df", result.inner_jacobian),
        _jacobian("Dg", result.outer_jacobian),
        (r"D(g \circ f) = Dg \, Df", _numbers(result.product)),
        *((call("T", variables), component.tangent.latex) for component in result.composed),
        *_remainders(result),
    ]
    yield equations(rows)
    yield from (_tape(tape, result) for tape in result.tapes)


def _map(
    result: ChainReport, components: Sequence[ComponentReport], variables: Sequence[str], at: Iterable[Quantity]
) -> list[tuple[str, str]]:
    rows = []
    for component in components:
        name = _name(result, component.name)
        rows += [
            (call(name, variables), component.expression.latex),
            (call(name, map(number, at)), number(component.value)),
        ]
    return rows


def _name(result: ChainReport, name: str) -> str:
    """An inner name as it was typed; g_{1} for an output."""
    return result.symbols.get(name) or name[0] + (f"_{{{name[1:]}}}" if name[1:] else "")


def _jacobian(name: str, jacobian: MatrixReport) -> tuple[str, str]:
    formulas = matrix([[entry.latex for entry in row] for row in jacobian.formulas])
    return name, f"{formulas} = {_numbers(jacobian.at)}"


def _numbers(rows: Sequence[Sequence[Quantity]]) -> str:
    return matrix([[number(entry) for entry in row] for row in rows])


def _remainders(result: ChainReport) -> list[tuple[str, str]]:
    steps, outer_steps = ([result.symbols[name] for name in names] for names in (result.steps, result.outer_steps))
    norm = r"\left|h\right|" if len(steps) == 1 else r"\left\|h\right\|"
    rows = [(call(f"r_{{{_name(result, c.name)}}}", steps), c.remainder.latex) for c in result.inner]
    rows += [(call(f"r_{{{_name(result, c.name)}}}", outer_steps), c.remainder.latex) for c in result.outer]
    rows += [(call("r", steps), c.remainder.latex) for c in result.composed]
    return [*rows, (r"r(h) = Dg \, r_f(h) + r_g\left(Df \, h + r_f(h)\right)", rf"o\left({norm}\right)")]


def _tape(tape: TapeReport, result: ChainReport) -> Formulas:
    forward = [_forward(tape, entry, result) for entry in tape.entries]
    return Formulas((*forward, *(_backward(tape, entry) for entry in reversed(tape.entries))))


def _forward(tape: TapeReport, entry: TapeEntry, result: ChainReport) -> str:
    names = ", ".join(_name(result, name) for name in entry.names)
    operation = names if entry.operation is None else entry.operation.latex
    label = f" && {names}" if names and entry.operation is not None else ""
    return f"{tape.letter}_{{{entry.number}}} &= {operation} = {number(entry.value)}{label}"


def _backward(tape: TapeReport, entry: TapeEntry) -> str:
    seed = entry.number == tape.output and entry.incoming.text == "0"
    sent = "" if seed else f"{entry.incoming.latex} = "
    return f"{tape.adjoint}_{{{entry.number}}} &= {sent}{number(entry.adjoint)}"
