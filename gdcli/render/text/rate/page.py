"""The page: a block a method, then two tables and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import beside, entry, folded
from gdcli.render.text.descend.numbers import number_of
from gdcli.render.text.rate import words
from gdcli.results.rate import FULL_AXIS, MethodRate, RateReport

INDENT = 2
# Of the columns of T(eps) behind the name.
WIDTHS = (8, 11, 11, 9, 9)


def result(result: RateReport, look: Look) -> str:
    """The whole page."""
    lines = list(_head(result, look))
    for method in result.methods:
        lines += ["", *_method(method, result, look)]
    lines += ["", *_reaching(result, look), "", *_standings(result, look), ""]
    lines += [look.paint(line, "bold") for line in folded(result.verdict, look)]
    done = sum(method.seeds for method in result.methods)
    lines += folded(f"{number_of(done, 'run')} in {result.seconds:.2f} s", look)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(result: RateReport, look: Look) -> Iterator[str]:
    name = visible(result.data, 4096)
    shape = f"{number_of(result.rows, 'row')} x {number_of(result.features, 'feature')}"
    parts = [f"{result.loss} loss", *([f"l2 = {result.l2:g}"] if result.l2 else [])]
    parts += ["standardised" if result.standardised else "raw features"]
    parts += ["intercept" if result.intercept else "no intercept"]
    titles = [f'{name}  {shape}, target "{visible(result.target)}"', ", ".join(parts)]
    first, *rest = beside(titles, look, "  |  ")
    yield first.replace(name, look.paint(name, "bold"), 1)
    yield from rest
    yield from folded(words.optimum(result), look)
    yield from beside(words.risk(result), look, "  ")
    yield from folded(f"slopes: log gap against log {FULL_AXIS[result.at]}, the last {result.decades:g} decades", look)
    if look.verbose:
        yield from (line for choice in result.choices for line in folded(f"  {choice}", look))


def _method(method: MethodRate, result: RateReport, look: Look) -> list[str]:
    first, *rest = beside([f"{method.title}: {method.update}", words.step_size(method)], look, ";  ")
    lines = [look.paint(first, "bold"), *rest]
    for label, text in _entries(method, result.at):
        lines += entry(label, text, look, indent=INDENT)
    return lines


def _entries(method: MethodRate, at: str) -> Iterator[tuple[str, str]]:
    yield "runs", words.runs(method)
    if method.chosen is not None:
        yield "eta", method.chosen
    yield "theory", method.theory
    yield "here", method.why
    for curve in method.curves:
        yield "average" if words.is_average(curve) else "measured", words.slope(curve.slope, at, method.seeds)
    if method.contraction is not None:
        yield "rho", words.contraction(method.contraction)
    yield "bound at T", words.bound(method.bound)
    if method.diverged or method.at_goal:
        yield "stopped", method.stopped


def _reaching(result: RateReport, look: Look) -> Iterator[str]:
    """T(eps), a line an accuracy; curves that do not come so far end with a line that says so."""
    text = "T(eps): from this step on the gap stays at or below eps (R(theta_0) - R*)"
    between = any(reach.interpolated for _, curve in result.curves for reach in curve.reaching)
    yield from folded(f"{text}; ~ between the points of a mean curve" if between else text, look)
    beside = "seconds" if result.at == "time" else "passes"
    widest = max((len(words.name(*pair)) for pair in result.curves), default=0)
    room = max(6, min(widest, look.width - 50))
    yield look.paint(f"  {'':{room}}{_cells(['eps', 'steps', beside, 'growth', '1/eps^'])}", "bold")
    for method, curve in result.curves:
        label = words.name(method, curve)
        if len(label) > room:
            yield from folded(f"  {label}", look)
            label = ""
        for reach in curve.reaching:
            yield f"  {label:{room}}{_cells(words.reached(reach, result.at))}"
            label = ""
            if reach.step is None:
                break


def _cells(cells: Sequence[str]) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, WIDTHS, strict=True))


def _standings(result: RateReport, look: Look) -> Iterator[str]:
    """The gaps at equal work, as many curves side by side as there is room for."""
    unit = words.AXIS[result.at]
    yield from folded(f"gap R - R* at equal {FULL_AXIS[result.at]}", look)
    names = [words.name(*pair) for pair in result.curves]
    width = max(12, min(max(map(len, names), default=0) + 2, look.width - 12))
    per_block = max(1, (look.width - 10) // width)
    for start in range(0, len(names), per_block):
        block = slice(start, start + per_block)
        yield look.paint(f"{unit:>10}" + "".join(_cell(name, width) for name in names[block]), "bold")
        for standing in result.standings:
            yield f"{standing.x:>10g}" + "".join(
                words.gap(gap, below=below).rjust(width)
                for gap, below in zip(standing.gaps[block], standing.below[block], strict=True)
            )


def _cell(text: str, width: int) -> str:
    """To the right, with a blank in front; a name longer than the page keeps its end."""
    return text[-(width - 1) :].rjust(width)
