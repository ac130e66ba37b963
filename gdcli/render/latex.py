r"""Results as LaTeX: one align environment a report, to be pasted into a document that loads amsmath."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render import text as plain
from gdcli.results import DerivativeStep, GradientReport, PointReport, Quantity, TangentReport


def result(result: GradientReport | TangentReport, look: Look) -> str:
    """The report's equations."""
    if isinstance(result, TangentReport):
        return _align(f"{left} &= {right}" for left, right in _tangent(result))
    pages = [_align(f"{left} &= {right}" for left, right in _gradient(result))]
    return "\n".join(pages + [_align(map(_step, steps)) for steps in (result.steps or {}).values()])


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a comment, so that a document still compiles."""
    return "".join(f"% {line}\n" for line in plain.error(error, command, look).splitlines())


def _align(rows: Iterable[str]) -> str:
    return "\n".join([r"\begin{align*}", " \\\\\n".join(f"  {row}" for row in rows), r"\end{align*}"])


def _step(step: DerivativeStep) -> str:
    return rf"& {step.latex} && \text{{{step.rule}}}"


def _gradient(result: GradientReport) -> list[tuple[str, str]]:
    rows = [(_call("f", result), result.expression.latex)]
    rows += [(_partial(_symbol(result, name)), partial.latex) for name, partial in result.partials.items()]
    if len(result.partials) > 1:
        rows.append((r"\nabla f", _column([partial.latex for partial in result.partials.values()])))
    return rows + ([] if result.point is None else _numbers(result, result.point))


def _tangent(result: TangentReport) -> list[tuple[str, str]]:
    rows = [(_call("f", result), result.expression.latex), *_numbers(result, result.point)]
    rows.append((_call("T", result), result.tangent.latex))
    steps = ", ".join(result.symbols[name] for name in result.steps)
    return [*rows, (rf"r\left({steps}\right)", result.remainder.latex)]


def _numbers(result: GradientReport | TangentReport, point: PointReport) -> list[tuple[str, str]]:
    place = rf"\left({', '.join(_number(q) for q in point.at.values())}\right)"
    rows = [(f"f{place}", _number(point.value))]
    rows += [(_partial(_symbol(result, s.variable)) + place, _number(s.slope)) for s in point.slopes]
    if len(point.slopes) > 1:
        rows.append((rf"\nabla f{place}", _column([_number(s.slope) for s in point.slopes])))
    return rows


def _number(quantity: Quantity) -> str:
    return quantity.exact.latex if quantity.exact is not None else rf"\text{{{_escaped(quantity.reason or '')}}}"


def _escaped(words: str) -> str:
    special: Mapping[str, str] = {"^": r"\^{}", "_": r"\_", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$"}
    return "".join(special.get(c, c) for c in words)


def _partial(variable: str) -> str:
    return rf"\frac{{\partial f}}{{\partial {variable}}}"


def _call(name: str, result: GradientReport | TangentReport) -> str:
    return rf"{name}\left({', '.join(_symbol(result, v) for v in result.variables)}\right)"


def _symbol(result: GradientReport | TangentReport, name: str) -> str:
    return result.symbols[name]


def _column(entries: Sequence[str]) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(entries) + r" \end{pmatrix}"
