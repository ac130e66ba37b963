r"""The steps to each partial derivative, the rule beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gdcli.render.pages.blocks import Block, Formulas
from gdcli.render.pages.calculus import words
from gdcli.results.common import DerivativeStep


def steps(steps: Mapping[str, Sequence[DerivativeStep]] | None) -> Iterator[Block]:
    """One block a variable; none where no steps were asked for."""
    for found in (steps or {}).values():
        yield Formulas(tuple(f"& {step.latex} && {words(step.rule)}" for step in found))
