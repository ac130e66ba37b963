"""Rows and classes of d numbers filled up to whole lines of the cache, as LLVM text."""

from __future__ import annotations

from gdcli.kernels.native.flow import Flow
from gdcli.kernels.native.rows import Rows, block, widened
from gdcli.kernels.native.softmax.task import Scores


class Padded:
    """Memory of a loop for a row of parameters per class. `given` is memory of the caller, without filling."""

    def __init__(self, flow: Flow, model: Scores) -> None:
        self.flow = flow
        self.model = model
        self.rows, self._exact = Rows(flow, model.padded), Rows(flow, model.columns)

    def classes(self) -> str:
        """Memory for all classes."""
        return self.flow.numbers(self.model.classes * self.model.padded)

    def take(self, source: str, target: str) -> None:
        """The given classes, filled up with zeros, which stay zeros in all steps."""
        with self.flow.upto(self.model.classes) as k:
            self.rows.store(self.padded(self.given(source, k), 0.0), self.own(target, k))

    def give(self, source: str, target: str) -> None:
        """The classes without their filling."""
        with self.flow.upto(self.model.classes) as k:
            self._exact.store(self._exact.load(self.own(source, k)), self.given(target, k))

    def padded(self, at: str, filling: float = -0.0) -> list[str]:
        """The d numbers at an address as a padded row; -0 times 0 adds nothing to a sum of products."""
        flow, found = self.flow, []
        for offset, width in self.rows.pieces:
            there = min(width, self.model.columns - offset)
            piece = flow.load(block(there), flow.element(at, str(offset)))
            found.append(widened(flow, piece, there, width, filling))
        return found

    def own(self, base: str, k: str) -> str:
        """The address of the k-th class."""
        return self.flow.element(base, self.flow.whole("mul", k, self.model.padded))

    def given(self, base: str, n: str) -> str:
        """The address of the n-th given row."""
        return self.flow.element(base, self.flow.whole("mul", n, self.model.columns))
