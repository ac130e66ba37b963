"""What runs, in a few lines: the data, the risk with its derivatives, its constants, the method, R*."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import beside, folded
from gdcli.render.text.descend.numbers import count, known_to, number_of
from gdcli.render.text.descend.table import title
from gdcli.results.descend import RunHead
from gdcli.results.setting import Constants, DataSummary

DRAWS = {
    "uniform": "i uniform in 1..N, with replacement",
    "shuffle": "rows shuffled each epoch",
    "order": "rows in the file's order, pass after pass",
}
SHOWN = 6
"""Parameters of theta_0 that stand in the head."""


def head(head: RunHead, look: Look) -> str:
    """Data, risk, method and constants in a few lines, then the table's header."""
    lines = about(head, look)
    if look.verbose:
        threads = f", {head.threads} threads" if head.threads > 1 else ""
        engine = f"engine: {head.engine}{threads} ({head.engine_reason})"
        lines += [line for choice in (*head.data.choices, engine) for line in folded(f"  {choice}", look)]
    return "\n".join([*lines, "", look.paint(title(head, look), "bold"), ""])


def about(head: RunHead, look: Look) -> list[str]:
    """Data, risk, method and constants in a few lines."""
    return [
        *_data(head, look),
        *folded(f"R(theta) = {risk(head)}", look),
        *beside(derivatives(head), look),
        *_convexity(head, look),
        *beside(_constants(head), look, "  "),
        *_method(head, look),
        *folded(optimum(head), look),
    ]


def risk(head: RunHead) -> str:
    """R as a formula, with the prediction's."""
    penalty = f" + {head.l1:g} ||theta||_1" if head.l1 else ""
    penalty += f" + {head.l2:g}/2 ||theta||^2" if head.l2 else ""
    return f"(1/{head.data.rows}) sum phi(p, y){penalty},  {head.prediction}"


def derivatives(head: RunHead) -> list[str]:
    """phi, phi' and phi'' in p."""
    return [
        f"phi = {head.loss_formula}",
        f"phi' = dphi/dp = {head.loss_derivative}",
        f"phi'' = {head.loss_second}",
    ]


def shape(data: DataSummary) -> str:
    """442 rows x 10 features."""
    return f"{number_of(data.rows, 'row')} x {number_of(data.features, 'feature')}"


def target(head: RunHead) -> str:
    """The target's name, and what its two values became."""
    labels = head.data.labels
    signs = ""
    if labels is not None and head.signs:
        signs = f" ({visible(labels[0])} -> -1, {visible(labels[1])} -> +1)"
    elif labels is not None and head.loss == "softmax":
        signs = f" ({len(labels)} classes: {', '.join(map(visible, labels))})"
    return f'target "{visible(head.data.target)}"{signs}'


def intercept(head: RunHead) -> str:
    """Whether there is one, and whether a penalty takes it in."""
    if not head.data.intercept:
        return "no intercept"
    return f"intercept{'' if head.penalise_intercept else ' not'} penalised" if head.l1 or head.l2 else "intercept"


def step_size(head: RunHead) -> str:
    """eta = 1/L = 0.2485, or eta_t = a formula in t; not a number where the method finds it on the way."""
    if math.isnan(head.eta):
        return f"eta_t is {head.schedule}"
    if _is_number(head.schedule):
        return f"eta = {head.schedule}"
    if head.sampling is None:
        return f"eta = {head.schedule} = {head.eta:.4g}"
    return f"eta_t = {head.schedule}, eta_0 = {head.eta:.4g}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def start(theta0: Mapping[str, float], most: int | None = None) -> str:
    """theta_0 = 0, or its parameters, all of them or so many at most."""
    if not any(theta0.values()):
        return "theta_0 = 0"
    named = [f"{visible(name)} {value:.6g}" for name, value in theta0.items()]
    shown = named if most is None or len(named) <= most else [*named[:most], f"... {len(named) - most} more with -v"]
    return f"theta_0: {', '.join(shown)}"


def raw_condition(constants: Constants) -> str:
    """cond(X^T X) in the file's units."""
    if constants.kappa_raw is None:
        return ""
    return f"{constants.kappa_raw:.2g}" if math.isfinite(constants.kappa_raw) else "infinite to rounding"


def no_L(head: RunHead) -> str:
    """Why there is no L."""
    if not head.smooth:
        return "no L (phi' jumps)"
    what = "the curvature" if by_formula(head) else "phi''"
    return f"no L known ({what} is not known to be bounded)"


def by_formula(head: RunHead) -> bool:
    """Whether the model is one of the user's own."""
    return head.prediction == f"p = {head.model}"


def _data(head: RunHead, look: Look) -> list[str]:
    name = visible(head.data.data, 4096)
    first, *rest = beside([f"{name}  {shape(head.data)}, {target(head)}", ", ".join(parts(head))], look, "  |  ")
    return [first.replace(name, look.paint(name, "bold"), 1), *rest]


def parts(head: RunHead) -> list[str]:
    """Loss, penalties and model in words."""
    weights = {"l1": head.l1, "l2": head.l2}
    found = [f"{head.loss} loss", *(f"{name} = {weight:g}" for name, weight in weights.items() if weight)]
    if by_formula(head):
        return [*found, "model by formula"]
    return [
        *found,
        f"{head.model} model",
        intercept(head),
        "standardised" if head.data.standardised else "raw features",
    ]


def _constants(head: RunHead) -> list[str]:
    constants = head.constants
    parts = []
    if not math.isfinite(constants.L):
        parts.append(no_L(head))
    elif constants.local:
        parts.append(f"L = {constants.L:.6g} on the level set of theta_0 (phi'' is not bounded)")
    else:
        parts.append(f"L = {constants.L:.6g}")
    if not head.smooth and constants.G is not None:
        parts.append(f"G = {constants.G:.6g}")
    parts.append(f"mu = {constants.mu:.4g}")
    raw = raw_condition(constants)
    if constants.kappa is not None and math.isfinite(constants.kappa):
        parts.append(f"kappa = L/mu = {constants.kappa:.3g}" + (f" ({raw} raw)" if raw else ""))
    elif raw:
        parts.append(f"cond X^T X = {raw} raw")
    return parts + ([f"L_max = {constants.L_max:.4g}"] if math.isfinite(constants.L_max) else [])


def _method(head: RunHead, look: Look) -> list[str]:
    lines = beside([f"{head.title}: {head.update}", f"{step_size(head)}, {start(head.theta0, SHOWN)}"], look, ";  ")
    if head.sampling is not None:
        steps = f"at most {count(head.steps)} steps"
        lines += folded(f"{DRAWS[head.sampling]}, batch {head.batch}, seed {head.seed};  {steps}", look)
    return lines


def _convexity(head: RunHead, look: Look) -> list[str]:
    return [] if head.convexity is None else folded(head.convexity, look)


def optimum(head: RunHead) -> str:
    """R* and how it was found, or the lowest risk found."""
    best = head.optimum
    if best.status == "skipped":
        return f"R* is {best.reason}"
    if best.lowest is not None:
        what = "local minimum" if best.status == "local" else "lowest risk found,"
        return f"{what} R_loc = {best.lowest:.12g} ({best.method}; {best.reason}); no R* is claimed"
    status = {"attained": "", "infimum": ", not attained", "unproven": ", not proven"}[best.status]
    shown = known_to(best.risk_optimum or 0.0, best.gap_floor)
    return f"R* = {shown}{status} ({best.method}; {best.reason})"
