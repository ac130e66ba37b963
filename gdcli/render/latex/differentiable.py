r"""The verdict in LaTeX: f, its partials at the point, and the bound or the limit along a path that decides."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.latex.calculus import align, call, number, numbers, words
from gdcli.results.differentiable import DifferentiabilityReport, Finding, PowerBound, WitnessPath

Row = tuple[str, str, str]
"""Left side, relation, right side."""


def result(result: DifferentiabilityReport, look: Look) -> str:
    """One align environment."""
    variables = [result.symbols[name] for name in result.variables]
    equalities = [(call("f", variables), result.expression.latex), *numbers(result.point, result.symbols)]
    rows: list[Row] = [(left, "=", right) for left, right in equalities]
    findings = (
        ("continuous", result.continuous),
        ("partial derivatives", result.partials_exist),
        ("differentiable", result.differentiable),
    )
    for name, finding in findings:
        rows.append((words(name), ":", words(finding.answer)))
        rows += _reason(finding, result)
    return align(f"{left} &{relation} {right}" for left, relation, right in rows)


def _reason(finding: Finding, result: DifferentiabilityReport) -> list[Row]:
    if finding.bound is not None:
        return [_bound(finding.bound, len(result.variables))]
    if finding.witness is not None and finding.how in ("witness", "edge"):
        return _witness(finding.witness, result)
    return []


def _bound(bound: PowerBound, d: int) -> Row:
    norm = r"\left|h\right|" if d == 1 else r"\left\|h\right\|"
    what = r"r\left(h\right)" if bound.of == "r(h)" else r"f\left(x_0 + h\right) - f\left(x_0\right)"
    limit = rf"{bound.constant:g} \, {norm}^{{{bound.order}}} \quad \left({norm} \le {bound.radius:g}\right)"
    return rf"\left|{what}\right|", r"\le", limit


def _witness(witness: WitnessPath, result: DifferentiabilityReport) -> list[Row]:
    places = ", ".join(f"{result.symbols[name]} = {place.latex}" for name, place in witness.path.items())
    path: Row = (words("along"), ":", rf"{places}, \quad t \to 0^+")
    if witness.kind == "undefined":
        return [path, ("f", ":", words("not defined"))]
    if witness.angle is not None:
        turns = zip(witness.phases, witness.limits, strict=True)
        return [
            path,
            *(("f", r"\to", rf"{number(y)} \quad ({witness.angle.latex} = {p.latex} + 2 \pi n)") for p, y in turns),
        ]
    if witness.limit is None or witness.ratio is None:
        return [path, *([("f", r"\to", number(witness.limit))] if witness.limit else [])]
    remainder = r"\frac{r\left(h\right)}{\left\|h\right\|}"
    return [path, (remainder, r"\to", number(witness.ratio))]
