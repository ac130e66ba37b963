"""What is known before the first step: the data, the risk, its constants, the method."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gdcli.descent.plan import Plan
from gdcli.descent.report.optimum import optimum
from gdcli.results import descend as results
from gdcli.results.setting import Constants, DataSummary, Scale


def head(plan: Plan) -> results.RunHead:
    """What is known before the first step."""
    options = plan.options
    phi, slope, second = plan.risk.shown
    eta = plan.eta0
    return results.RunHead(
        data=_data(plan),
        loss=plan.risk.loss.name,
        loss_formula=phi,
        loss_derivative=slope,
        loss_second=second,
        convexity=_convexity(plan),
        smooth=plan.risk.loss.smooth,
        signs=plan.risk.loss.target == "signs",
        model=plan.problem.model,
        prediction=plan.problem.prediction,
        l1=options.l1,
        l2=options.l2,
        penalise_intercept=options.intercept and options.penalise_intercept,
        method=plan.method.name,
        title=plan.method.title,
        update=plan.method.update,
        sampling=options.sampling if plan.stochastic else None,
        batch=options.rows if plan.stochastic else None,
        seed=options.seed if plan.stochastic else None,
        averaging=_averaging(plan),
        schedule="found at every step" if plan.method.sized else plan.schedule.formula,
        eta=eta,
        h=eta_L(plan, eta),
        theta0=plan.problem.coordinates.in_file_units(plan.theta0),
        steps=plan.steps,
        gap_target=plan.target,
        constants=_constants(plan),
        optimum=optimum(plan),
        engine=plan.engine.name,
        engine_reason=plan.engine.reason,
        threads=plan.engine.threads,
        rows_holdout=None if plan.unseen is None else plan.unseen.rows,
    )


def _averaging(plan: Plan) -> str | None:
    """The average's weights; those of a bound follow from R*."""
    if plan.averaging is None:
        return None
    return "weights of the bound" if plan.dry and plan.averaging.kind == "weighted" else plan.averaging.shown


def eta_L(plan: Plan, eta: float) -> float | None:
    """h = eta L, None where there is no L, or no eta yet."""
    return eta * plan.constants.L if math.isfinite(plan.constants.L + eta) else None


def _data(plan: Plan) -> DataSummary:
    dataset = plan.dataset
    return DataSummary(
        data=dataset.origin.name,
        rows=plan.risk.rows,
        features=len(dataset.columns),
        target=dataset.target,
        columns=dataset.columns,
        labels=dataset.labels,
        sha256=dataset.origin.sha256,
        standardised=plan.problem.scaling is not None,
        scaling=_scaling(plan),
        intercept=plan.options.intercept and plan.options.model is None,
        choices=(*dataset.choices, *plan.problem.notes),
    )


def _scaling(plan: Plan) -> Mapping[str, Scale] | None:
    scaling = plan.problem.scaling
    if scaling is None:
        return None
    pairs = zip(scaling.mean.tolist(), scaling.scale.tolist(), strict=True)
    return {name: Scale(*pair) for name, pair in zip(plan.dataset.columns, pairs, strict=True)}


def _constants(plan: Plan) -> Constants:
    found = plan.constants
    lipschitz = plan.risk.loss.lipschitz
    proven = math.isfinite(plan.certificate.omega + plan.distance)
    return Constants(
        L=found.L,
        L_max=found.L_max,
        local=found.local,
        mu=found.mu,
        kappa=found.L / found.mu if found.mu > 0.0 else None,
        kappa_raw=plan.problem.kappa_raw,
        rank=None if plan.dry else plan.certificate.optimum.rank,
        sigma2=plan.sigma2 if proven else None,
        distance=plan.distance if proven else None,
        lipschitz=lipschitz if math.isfinite(lipschitz) else None,
        G=found.G if math.isfinite(found.G) else None,
    )


def _convexity(plan: Plan) -> str | None:
    """What is known where a formula of the user's own is the loss or the model; the built-in ones are convex."""
    loss = plan.risk.loss
    if not loss.reason:
        return None
    from gdcli.risk.models.formula import ModelRisk

    if isinstance(plan.risk, ModelRisk):
        return f"R is not known to be convex: {loss.reason}"
    return f"phi is convex in p: {loss.reason}" if loss.convex else f"phi is not known to be convex in p: {loss.reason}"
