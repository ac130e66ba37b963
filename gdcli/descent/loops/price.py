"""What looking at a run costs, in steps: a line of the log, and asking whether the goal is reached."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.descent.plan import Plan
from gdcli.descent.stopping import check_steps

# Below so many numbers in the rows all lines together cost less than a tenth of a second.
MANY = 1 << 17
# Passes by numpy: R with its gradient and the certificates of theta and of the average; R alone, at times certified.
LINE, CHECK = 40.0, 2.0
# What is looked at costs at most about a tenth of the steps before it.
WORTH = 10.0


def line_steps(plan: Plan) -> int:
    """How many steps pay for a line of a stochastic run; 0 where that is no matter."""
    return _steps(plan, LINE)


def checks(plan: Plan, start: int = 0) -> Iterator[int]:
    """The steps from `start` on at which a stochastic run is asked whether it is at its goal."""
    return (step for step in check_steps(plan.epoch, _steps(plan, CHECK)) if step >= start)


def _steps(plan: Plan, passes: float) -> int:
    risk = plan.risk
    if not plan.stochastic or risk.rows * risk.width < MANY:
        return 0
    return round(WORTH * passes * risk.rows * (5.0 + risk.width) / plan.engine.step_ns)
