r"""The steps to each partial derivative in LaTeX, the rule beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdcli.render.latex.calculus import align, words
from gdcli.results.common import DerivativeStep


def pages(steps: Mapping[str, Sequence[DerivativeStep]] | None) -> list[str]:
    """One align a variable; none where no steps were asked for."""
    return [align(f"& {step.latex} && {words(step.rule)}" for step in found) for found in (steps or {}).values()]
