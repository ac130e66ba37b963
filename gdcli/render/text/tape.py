"""Backpropagation as a tape: the values forward, the adjoints backward, the gradient at the end."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text.calculus import equation, number
from gdcli.results.chain import TapeEntry, TapeReport


def blocks(tape: TapeReport, inputs: int, look: Look) -> list[list[str]]:
    """The forward and the backward pass; the first `inputs` entries are the variables."""
    forward = [look.paint(f"tape of {tape.name}, forward: values", "bold")]
    for entry in tape.entries:
        forward += _forward(tape, entry, look)
    backward = [look.paint(f"backward: adjoints {tape.adjoint}_k = d{tape.name}/d{tape.letter}_k", "bold")]
    for entry in reversed(tape.entries):
        backward += _backward(tape, entry, entry.number <= inputs, look)
    return [forward, backward]


def _forward(tape: TapeReport, entry: TapeEntry, look: Look) -> list[str]:
    name = f"{tape.letter}{entry.number}"
    if entry.operation is None:
        return equation(name, f"{', '.join(entry.names)} = {number(entry.value)}", look, indent=2)
    labels = f" ({', '.join(entry.names)})" if entry.names else ""
    shown = number(entry.value)
    value = "" if entry.operation.text == shown else f" = {shown}"
    return equation(name, f"{entry.operation.text}{value}{labels}", look, indent=2)


def _backward(tape: TapeReport, entry: TapeEntry, is_input: bool, look: Look) -> list[str]:
    name = f"{tape.adjoint}{entry.number}"
    shown = number(entry.adjoint)
    seed = entry.number == tape.output and entry.incoming.text == "0"
    sent = "" if seed or entry.incoming.text == shown else f"{entry.incoming.text} = "
    label = f" (d{tape.name}/d{entry.names[0]})" if is_input else ""
    return equation(name, f"{sent}{shown}{label}", look, indent=2)
