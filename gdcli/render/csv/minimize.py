"""The path of a descent on a formula: a line a step."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.results.minimize import MinimizeHead, MinimizeStep


def columns(head: MinimizeHead) -> Sequence[str]:
    """The step, f, |grad f|, eta, and the variables."""
    return head.columns()


def row(step: MinimizeStep) -> Sequence[object]:
    """One step."""
    return step.cells()
