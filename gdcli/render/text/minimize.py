"""A descent on a formula for people: what runs, a line a step, what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from gdcli.render import Look
from gdcli.render.text.calculus import equation, paragraph, signature
from gdcli.render.text.descend.numbers import number_of
from gdcli.results.minimize import MinimizeHead, MinimizePlan, MinimizeReport, MinimizeStep

SHOWN = 3
"""Variables that have a column of their own."""


def head(head: MinimizeHead, look: Look) -> str:
    """Function, method and step size in a few lines, then the table's header."""
    lines = _about(head, look)
    if len(head.variables) > SHOWN:
        lines.append(f"the table shows {SHOWN} of {len(head.variables)} variables; --json has them all")
    title = f"{'step':>8}{'f':>16}{'|grad f|':>12}" + "".join(name[:12].rjust(13) for name in head.variables[:SHOWN])
    return "\n".join(
        [*lines, "", look.paint(f"{title}{'eta':>11}" if len(head.variables) < SHOWN else title, "bold"), ""]
    )


def _about(head: MinimizeHead, look: Look) -> list[str]:
    lines = equation(signature(head.variables), head.expression.text, look)
    lines += paragraph(_known(head), look)
    lines += paragraph(f"{head.title}: {head.update}", look)
    eta = f"eta_t is {head.eta_reason}" if head.eta is None else f"eta = {head.eta:.6g} ({head.eta_reason})"
    return lines + paragraph(eta, look)


def step(step: MinimizeStep, look: Look) -> str:
    """One line of the table."""
    shown = list(step.x.values())[:SHOWN]
    line = f"{step.step:>8}{step.value:>16.9g}{step.gradient_norm:>12.4g}" + "".join(f"{x:>13.7g}" for x in shown)
    eta = "-" if step.eta is None else f"{step.eta:.4g}"
    return (f"{line}{eta:>11}" if len(step.x) < SHOWN else line) + "\n"


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
