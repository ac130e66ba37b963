"""A descent on a formula for people: what runs, a line a step, what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from gdcli.render import Look
from gdcli.render.text.calculus import equation, paragraph, signature
from gdcli.render.text.descend.numbers import number_of
from gdcli.results.minimize import MinimizeHead, MinimizePlan, MinimizeReport, MinimizeStep

SHOWN = 3
"""Variables that have a column of their own at most."""
NARROW = 73
"""The width of the table with two variables and eta; below it cells have fewer digits."""


def head(head: MinimizeHead, look: Look) -> str:
    """Function, method and step size in a few lines, then the table's header."""
    lines, shown = _about(head, look), _shown(len(head.variables), look)
    if len(head.variables) > shown:
        lines.append(f"the table shows {shown} of {len(head.variables)} variables; --json has them all")
    titles = ["step", "f", "|grad f|", *(name[:11] for name in head.variables[:shown]), "eta"]
    return "\n".join([*lines, "", look.paint(_line(titles, len(head.variables), look), "bold"), ""])


def _shown(variables: int, look: Look) -> int:
    """How many variables have a column of their own."""
    a, b, c, each, _ = _widths(look)
    return min(variables, SHOWN, (look.width - a - b - c) // each)


def _widths(look: Look) -> tuple[int, int, int, int, int]:
    """Of step, f, |grad f|, each variable, eta."""
    return (8, 16, 12, 13, 11) if look.width >= NARROW else (7, 15, 11, 12, 11)


def _line(cells: list[str], variables: int, look: Look) -> str:
    """A line of the table; eta, the last cell, where there is room for it beside fewer than three variables."""
    *left, each, last = _widths(look)
    widths = [*left, *[each] * (len(cells) - 4)]
    line = "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False))
    return line + cells[-1].rjust(last) if variables < SHOWN and len(line) + last <= look.width else line


def _about(head: MinimizeHead, look: Look) -> list[str]:
    lines = equation(signature(head.variables), head.expression.text, look)
    lines += paragraph(_known(head), look)
    lines += paragraph(f"{head.title}: {head.update}", look)
    eta = f"eta_t is {head.eta_reason}" if head.eta is None else f"eta = {head.eta:.6g} ({head.eta_reason})"
    return lines + paragraph(eta, look)


def step(step: MinimizeStep, look: Look) -> str:
    """One line of the table."""
    places = [f"{x:.{7 if look.width >= NARROW else 5}g}" for x in list(step.x.values())[: _shown(len(step.x), look)]]
    eta = "-" if step.eta is None else f"{step.eta:.4g}"
    value = f"{step.value:.{9 if look.width >= NARROW else 8}g}"
    return _line([str(step.step), value, f"{step.gradient_norm:.4g}", *places, eta], len(step.x), look) + "\n"


def result(result: MinimizeReport | MinimizePlan, look: Look) -> str:
    """x_T, f(x_T), |grad f|, why it stopped, the picture where there is one; or a dry run."""
    return _plan(result, look) if isinstance(result, MinimizePlan) else _run(result, look)


def _plan(plan: MinimizePlan, look: Look) -> str:
    """The head, the derivative of every step, and where it would stop."""
    head = plan.head
    lines = [*_about(head, look), ""]
    for name, text in plan.tape.items():
        lines += equation(name, text, look, indent=2)
    for name, text in plan.partials.items():
        lines += equation(f"df/d{name}", text, look, indent=2)
    gap = "" if head.gap_target is None else f", or f - min f <= {head.gap_target:g}"
    stops = f"stops at |grad f| <= {head.gradient_target:g}{gap}; after {number_of(head.steps, 'step')} at the latest"
    lines += ["", *paragraph(f"x_0: {_place(head.start)}", look), *paragraph(stops, look)]
    return "\n".join([*lines, "", "Dry run: no step was taken.", ""])


def _run(result: MinimizeReport, look: Look) -> str:
    style = "bold red" if result.advice else "bold"
    lines = [""] + [look.paint(line, style) for line in paragraph(f"f(x_T) = {result.value:.12g}", look)]
    lines += paragraph(f"x_T: {_place(result.x)}", look)
    lines.append(f"|grad f(x_T)| = {result.gradient_norm:.6g}")
    if result.gap_upper is not None:
        words = f"f(x_T) - min f <= |grad f|^2/(2 mu) = {result.gap_upper:.4g}, mu = {result.head.mu:.6g} proven"
        lines += paragraph(f"{words} on {result.head.region}", look)
    lines += paragraph(f"{number_of(result.step, 'step')}, {result.seconds:.2f} s; stopped: {result.stopped}", look)
    return "\n".join(lines) + "\n"


def _known(head: MinimizeHead) -> str:
    """What is proven, in a line."""
    verdict = {"neither": "neither convex nor concave", "undecided": "not known to be convex or not"}
    shape = f"{verdict.get(head.verdict, head.verdict)} on {head.region}"
    bounds = "no L is known" if head.L is None else f"L <= {head.L:.6g}"
    return f"{shape}; {bounds}" + (f", mu >= {head.mu:.6g}" if head.mu > 0.0 else "")


def _place(x: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:.10g}" for name, value in x.items())
