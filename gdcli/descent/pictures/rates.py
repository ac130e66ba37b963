"""The gaps of several methods against the work, with the bounds."""

from __future__ import annotations

from collections.abc import Iterable

from gdcli.results.figure import Axis, Curve, Figure, Mark, Numbers, Panel, literal
from gdcli.results.rate import FULL_AXIS, CurveRate, MethodRate, RatePoint, RateReport
from gdcli.risk.bounds.promise import LAST


def rates_figure(report: RateReport) -> Figure:
    """The curves that the report holds, over their bounds, on log-log axes."""
    marks: list[Mark] = []
    for method, curve in report.curves:
        bound = _positive(point.bound for point in curve.points)
        if any(value is not None for value in bound):
            marks.append(Curve(f"{_name(method, curve)}, bound", "bound", _work(curve, report.at), bound))
    for method, curve in report.curves:
        role = "gap" if curve.of == LAST else "average"
        gaps = _positive(point.gap for point in curve.points)
        marks.append(Curve(_name(method, curve), role, _work(curve, report.at), gaps))
    title = f"{literal(report.data)}: rates of convergence"
    axes = Axis(FULL_AXIS[report.at], log=True), Axis("gap $R - R^*$", log=True)
    return Figure(title, "", r"R(\theta_t) - R^*", (Panel("", *axes, tuple(marks)),))


def _name(method: MethodRate, curve: CurveRate) -> str:
    return literal(method.method if curve.of == LAST else f"{method.method} avg.")


def _work(curve: CurveRate, at: str) -> Numbers:
    return _positive(_x(point, at) for point in curve.points)


def _x(point: RatePoint, at: str) -> float:
    return {"evaluations": point.passes, "steps": float(point.step), "time": point.seconds}[at]


def _positive(values: Iterable[float | None]) -> Numbers:
    return tuple(v if v is not None and 0.0 < v < float("inf") else None for v in values)
