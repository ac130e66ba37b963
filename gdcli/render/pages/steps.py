r"""The steps to each partial derivative, the rule beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gdcli.render.pages.blocks import Block, Formula, Formulas, Remark
from gdcli.render.pages.calculus import partial, words
from gdcli.results.common import DerivativeStep


def steps(steps: Mapping[str, Sequence[DerivativeStep]] | None, symbols: Mapping[str, str]) -> Iterator[Block]:
    """One block a variable; none where no steps were asked for."""
    for name, found in (steps or {}).items():
        yield Remark((Formula(partial(symbols[name])), ", rule by rule:"))
        yield Formulas(tuple(f"& {step.latex} && {words(step.rule)}" for step in found))
