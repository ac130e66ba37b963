"""A run for people: what runs, a line a step whose columns keep their place, and what came of it."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text.descend.end import result as end
from gdcli.render.text.descend.head import head
from gdcli.render.text.descend.table import step
from gdcli.results.descend import RunReport
from gdcli.results.plan import PlanReport

__all__ = ["head", "result", "step"]


def result(result: RunReport | PlanReport, look: Look) -> str:
    """The end of a run, or the plan of one."""
    if isinstance(result, RunReport):
        return end(result, look)
    from gdcli.render.text.descend.plan import plan

    return plan(result, look)
