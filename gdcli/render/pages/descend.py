"""A run: what runs, the log as a table, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.pages.blocks import Block, Cell, Formula, Heading, Number, Row, Table, table
from gdcli.render.text.descend.end import entries, headline
from gdcli.render.text.descend.head import derivatives, optimum, parts, risk, shape, start, step_size, target
from gdcli.render.text.descend.numbers import gap
from gdcli.render.text.descend.parameters import reference
from gdcli.results.descend import RunHead, RunReport, StepReport

WIDE = 4096
"""Of a page that folds no line."""


def head(head: RunHead) -> Iterator[Block]:
    """Data, risk, method and optimum, then the log's titles."""
    yield Heading((f"Descent on {head.data.data}",))
    about = f"{head.data.data}: {shape(head.data)}, {target(head)}; {', '.join(parts(head))}"
    yield table("lp", ("data", about), _known(head))
    yield _log(head)


def step(step: StepReport) -> Iterator[Cell]:
    """A line of the log; the gap with the digits that are certain."""
    distance = step.above_local
    yield step.step
    yield step.risk
    yield Number(gap(step.gap, step.gap_lower, step.gap_upper) if distance is None else f"{distance:.4g}")
    if step.averaged_gap is not None:
        yield step.averaged_gap
    if step.risk_holdout is not None:
        yield step.risk_holdout
    yield from (step.bound, step.gradient_norm, step.eta)


def result(result: RunReport) -> Iterator[Block]:
    """The risk gap with its certificate, R*, the theory, why it stopped; then theta."""
    yield table("lp", ("result", " ".join(headline(result, Look(WIDE)))), entries(result))
    best, title = reference(result)
    titles = ("parameter", "theta_T") if best is None else ("parameter", "theta_T", title)
    rows: list[Row] = [
        (name, value) if best is None else (name, value, best[name]) for name, value in result.theta.items()
    ]
    yield table("l" + "r" * (len(titles) - 1), titles, rows)


def _known(head: RunHead) -> Iterator[Row]:
    yield "R(theta)", risk(head)
    yield "loss", ", ".join(derivatives(head))
    yield "method", f"{head.title}: {head.update}"
    yield "step size", step_size(head)
    yield "start", start(head.theta0)
    yield "optimum", optimum(head)


def _log(head: RunHead) -> Table:
    titles = ["t", r"R\left(\theta_t\right)", r"R - R_{\text{loc}}" if head.optimum.lowest is not None else r"R - R^*"]
    titles += [] if head.averaging is None else [r"R\left(\bar\theta_t\right) - R^*"]
    titles += [] if head.rows_holdout is None else [r"R_{\text{holdout}}"]
    return table("r", map(Formula, [*titles, r"\text{bound}", r"\left\|\nabla R\right\|", r"\eta"]), ())
