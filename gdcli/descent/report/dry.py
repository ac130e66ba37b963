"""A plan as a result by itself: what would run, and what it would cost."""

from __future__ import annotations

from gdcli.data.room import mapped
from gdcli.descent.plan import Plan
from gdcli.descent.report.head import head
from gdcli.descent.report.warnings import warnings
from gdcli.results.plan import PlanReport, Worker
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.truth import held

# What a method asks of R beside the gradient of its step, in words.
BESIDES = {
    "value": "values of R",
    "hessian": "Hessians",
    "coordinates": "partial derivatives, one after the other",
    "last": "a full gradient at the start",
    "snapshot": "full gradients now and then",
}


def plan_report(plan: Plan) -> PlanReport:
    """The plan, with the most it can cost."""
    row_gradients = plan.steps * plan.rows_per_step
    asked = (*plan.method.asks, plan.method.remembers)
    columns = len(plan.dataset.columns) + (plan.options.intercept and plan.options.model is None)
    return PlanReport(
        head=head(plan),
        max_gap=plan.options.max_gap,
        row_gradients=row_gradients,
        passes=row_gradients / plan.risk.rows,
        flops=_flops(plan, row_gradients),
        besides=tuple(BESIDES[name] for name in asked if name in BESIDES),
        rows_bytes=8 * plan.risk.rows * (columns + 1),
        rows_in_file=mapped(plan.dataset.X),
        proof_bytes=held(plan.risk),
        skipped=("R* and its proof", "the bounds") if plan.dry else (),
        warnings=warnings(plan, None),
        workers=_workers(plan),
    )


def _workers(plan: Plan) -> tuple[Worker, ...]:
    """Who holds the rows, where they are not here."""
    apart = plan.dataset.apart
    shares = () if apart is None else apart.parts.shares
    return tuple(Worker(share.holder, share.parts, share.bytes, share.limit) for share in shares)


def _flops(plan: Plan, row_gradients: int) -> float | None:
    """A row's gradient in a linear model: k products and sums for p, and again for phi' x. With X^T X: 2 k^2 a step."""
    risk = plan.risk.smooth if isinstance(plan.risk, SparseRisk) else plan.risk
    if plan.options.model is not None:
        return None
    passes = plan.engine.quadratic
    if passes is None or passes >= plan.steps or not isinstance(risk, LinearRisk):
        return 4.0 * risk.width * row_gradients
    gram = float(risk.rows) * risk.width**2
    return 4.0 * risk.width * risk.rows * passes + gram + 2.0 * risk.width**2 * (plan.steps - passes)
