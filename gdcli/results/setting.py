"""What is known of a problem before the first step: its data, the constants of its risk, R*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """What a standardised column x became: (x - mean)/scale, both in the file's units."""

    mean: float
    scale: float


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What was read and how it is used.

    `data`: the file or problem; `sha256` of its bytes; `rows` N; `features` d, their names in `columns`; `target`;
    `labels`: its two or more classes, None for numbers; `standardised`, with the means and scales of the columns in
    `scaling` (None where they are raw); `intercept`; `choices`: one line for each choice that was made on the way.
    """

    data: str
    rows: int
    features: int
    target: str
    columns: tuple[str, ...]
    labels: tuple[str, ...] | None
    sha256: str
    standardised: bool
    scaling: Mapping[str, Scale] | None
    intercept: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of R in the coordinates that are optimised (THEORY, section 3).

    `L` >= lambda_max of the Hessian, `L_max` the same for the worst single row, infinite where no bound is known;
    `local`: L, if it is finite, holds on {R <= R(theta_0)} only. `mu` <= lambda_min; `kappa` = L/mu, None for mu = 0.
    `kappa_raw`: cond(X^T X) of the columns as they stand in the file. `rank` of the rows (that are not separated)
    and the penalty, None in a dry run. `sigma2` = sigma*^2, the mean of ||grad phi_i(theta*)||^2 (stochastic runs);
    `distance` D = ||theta_0 - theta*||, None where no theta* is proven. `lipschitz` = sup |phi'| and `G`, the longest
    subgradient of a single row, None where they are infinite.
    """

    L: float
    L_max: float
    local: bool
    mu: float
    kappa: float | None
    kappa_raw: float | None
    rank: int | None
    sigma2: float | None
    distance: float | None
    lipschitz: float | None
    G: float | None


@dataclass(frozen=True, slots=True)
class Optimum:
    """R* and its proof: R(theta_hat) - R* <= `omega`, infinite where nothing is proven.

    `status`: "attained"; "infimum" (approached by no finite theta); "unproven"; "skipped" in a dry run; "local" where
    the risk is not known to be convex: then `risk_optimum` is None, `lowest` the lowest risk found, a `local_minimum`
    unless the status is "not converged", and `lambda_min` the least eigenvalue of the Hessian there.
    `method` found it, for the `reason`.
    `newton_decrement` nu and `concordance` S are None where omega rests on something else. `gap_floor`: the width of
    the gap's interval at theta_hat itself, omega and rounding; no gap below it can be told from 0. `separated_rows`:
    data rows, counted from 1, whose losses fall to 0 without end, `separated_count` of them.
    """

    risk_optimum: float | None
    lowest: float | None
    local_minimum: float | None
    status: str
    method: str
    reason: str
    newton_decrement: float | None
    concordance: float | None
    omega: float
    gap_floor: float
    lambda_min: float | None
    separated_count: int
    separated_rows: tuple[int, ...]
