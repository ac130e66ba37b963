"""What the formats of source code share: the code of a gradient, and its numbers at a point as a comment."""

from __future__ import annotations

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render import text as plain
from gdcli.render.text.calculus import number, place
from gdcli.results.grad import GradientReport


def page(result: GradientReport, language: str, mark: str) -> str:
    """The code in a language whose comments begin with `mark`."""
    if result.code is None:
        raise ValueError("a report without code")
    lines = [f"f = {number(result.point.value)}"] if result.point else []
    lines += [f"df/d{s.variable} = {number(s.slope)}" for s in (result.point.slopes if result.point else ())]
    notes = [f"{mark} at {place(result.point.at)}: {', '.join(lines)}\n"] if result.point else []
    return "".join([result.code[language], *notes])


def failure(error: GdcliError, command: str, mark: str, look: Look) -> str:
    """A failure as a comment, so that what is piped into a file still compiles."""
    return "".join(f"{mark} {line}\n" for line in plain.error(error, command, look).splitlines())
