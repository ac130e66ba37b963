"""The sum over all rows of the softmax loss and of its gradient in one pass over the data, as LLVM text.

    phi = logsumexp_k(p_k) - p_y,   dphi/dp_k = s_k - [k = y],   p_k = x . theta_k.

Rows are summed in slices, as in native.batch. A block of rows is worked on while it is in the cache: eight rows at a
time, side by side in the lanes, are scored for all classes and become slopes; then the gradient of a few classes and
columns at a time is summed over the block in registers. Additions are reordered and fused.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.native.batch import KIND, ZEROS, folded
from gdcli.kernels.native.emit import number
from gdcli.kernels.native.flow import Flow
from gdcli.kernels.native.rows import block
from gdcli.kernels.native.softmax.group import ADD, ROWS, SUMS, TIMES, Group, tiles
from gdcli.kernels.native.softmax.task import Scores
from gdcli.kernels.native.vector import LANES, definitions

_HEAD = """\
define void @total(ptr %X, ptr %y, i64 %N, i64 %size, i64 %from, i64 %to, ptr %theta, ptr %out) {
entry:"""


@dataclass(frozen=True, slots=True)
class Pass:
    """sum phi in out[0] of each slice and, with `slopes`, sum dphi/dp_k x in out[1:], one class after the other."""

    model: Scores
    slopes: bool

    def text(self) -> str:
        """The module."""
        flow = Flow()
        _Writer(self, flow).write()
        defined, declared = definitions(flow.needed)
        return "\n".join([_HEAD, flow.text(), "  ret void", "}", *defined, *declared, ""])


class _Writer:
    def __init__(self, task: Pass, flow: Flow) -> None:
        self.task = task
        self.flow = flow
        self.K, self.d = task.model.classes, task.model.columns
        self.value = flow.cell(KIND)
        self.group = Group(flow, task.model, task.slopes)

    def write(self) -> None:
        """Slices, blocks in each, groups of eight in each."""
        flow = self.flow
        with flow.upto("%to", "%from") as s:
            first = flow.whole("mul", s, "%size")
            last = flow.least(flow.whole("add", first, "%size"), "%N")
            width = 1 + self.task.slopes * self.task.model.parameters
            out = flow.element("%out", flow.whole("mul", s, width))
            with flow.upto(width) as n:
                flow.store("double", number(0.0), flow.element(out, n))
            flow.store(KIND, ZEROS, self.value)
            with flow.upto(last, first, ROWS) as start:
                end = flow.least(flow.whole("add", start, ROWS), last)
                with flow.upto(end, start, LANES) as i:
                    flow.increase(KIND, self.value, self.group.losses(i, flow.whole("sub", i, start), end))
                if self.task.slopes:
                    self._gradient(start, end, flow.element(out, "1"))
            flow.store("double", folded(flow, flow.load(KIND, self.value)), out)

    def _gradient(self, start: str, end: str, out: str) -> None:
        """sum_i slope_ik x_i over the rows of a block, added to `out`."""
        flow = self.flow
        size, whole, rest = tiles(self.K, SUMS)
        with flow.upto(size * whole, 0, size) as k:
            self._columns(start, end, out, [flow.whole("add", k, n) for n in range(size)])
        if rest:
            self._columns(start, end, out, [str(size * whole + n) for n in range(rest)])

    def _columns(self, start: str, end: str, out: str, classes: list[str]) -> None:
        pieces = SUMS // len(classes)
        width = pieces * LANES
        whole = self.d // width * width
        with self.flow.upto(whole, 0, width) as j:
            self._tile(start, end, out, classes, j, [LANES] * pieces)
        rest = self.d - whole
        if rest:
            widths = [min(LANES, rest - offset) for offset in range(0, rest, LANES)]
            self._tile(start, end, out, classes, str(whole), widths)

    def _tile(self, start: str, end: str, out: str, classes: list[str], j: str, widths: list[int]) -> None:
        """Some classes and some pieces of columns from column j on."""
        flow = self.flow
        corners = [flow.element(out, flow.whole("add", flow.whole("mul", k, self.d), j)) for k in classes]
        kinds = [block(width) for width in widths]
        at = [[flow.element(corner, str(n * LANES)) for n in range(len(kinds))] for corner in corners]
        sums = [[flow.cell(kind) for kind in kinds] for _ in classes]
        for cells, addresses in zip(sums, at, strict=True):
            for cell, address, kind in zip(cells, addresses, kinds, strict=True):
                flow.store(kind, flow.load(kind, address), cell)
        with flow.upto(end, start) as i:
            row = flow.element(self.group.row(i), j)
            x = [flow.load(kind, flow.element(row, str(n * LANES))) for n, kind in enumerate(kinds)]
            place = flow.whole("sub", i, start)
            for k, cells in zip(classes, sums, strict=True):
                slope = flow.load("double", self.group.slope(k, place))
                for cell, piece, kind, width in zip(cells, x, kinds, widths, strict=True):
                    product = flow.op(TIMES, kind, flow.spread("double", slope, width), piece)
                    flow.increase(kind, cell, product, ADD)
        for cells, addresses in zip(sums, at, strict=True):
            for cell, address, kind in zip(cells, addresses, kinds, strict=True):
                flow.store(kind, flow.load(kind, cell), address)
