"""The sum over all rows of the softmax loss and of its gradient in one pass over the data, as LLVM text.

    phi = logsumexp_k(p_k) - p_y,   dphi/dp_k = s_k - [k = y],   p_k = x . theta_k.

Rows are summed in slices, as in native.batch. A block of rows is worked on while it is in the cache: eight rows at a
time, side by side in the lanes, are scored for all classes and become slopes; then the gradient of a few classes and
columns at a time is summed over the block in registers. Additions are reordered and fused.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.native.batch import KIND, ZEROS, folded
from gdcli.kernels.native.emit import lanes, number, truth
from gdcli.kernels.native.flow import Flow
from gdcli.kernels.native.rows import block
from gdcli.kernels.native.softmax.task import Scores
from gdcli.kernels.native.vector import LANES, definitions

# Rows of a block; at most so many classes are scored at once, or summed with so many pieces of eight columns.
ROWS, SCORED = 64, 6
CLASSES, PIECES = 3, 2
_WHOLE = f"<{LANES} x i64>"
_ADD, _TIMES = "fadd contract", "fmul contract"
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


def tiles(count: int, most: int) -> tuple[int, int, int]:
    """(size, whole, rest): `count` things are `whole` times `size`, at most `most`, and a `rest`."""
    size = -(-count // -(-count // most))
    return size, count // size, count % size


class _Writer:
    def __init__(self, task: Pass, flow: Flow) -> None:
        self.task = task
        self.flow = flow
        self.K, self.d = task.model.classes, task.model.columns
        self.value, self.top = flow.cell(KIND), flow.cell(KIND)
        # Eight rows, column by column; the scores of a block, then their powers, then their slopes: (K, ROWS).
        self.columns = flow.numbers(-(-self.d // LANES) * LANES * LANES)
        self.slopes = flow.numbers(self.K * ROWS)

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
                    self._group(i, flow.whole("sub", i, start), end)
                if self.task.slopes:
                    self._gradient(start, end, flow.element(out, "1"))
            flow.store("double", folded(flow, flow.load(KIND, self.value)), out)

    def _group(self, i: str, place: str, end: str) -> None:
        """phi of the rows i, ..., i + 7 below `end`, and their slopes; of missing lanes nothing counts."""
        flow = self.flow
        rows, there, y = [], "poison", "poison"
        final = flow.whole("sub", end, 1)
        for lane in range(LANES):
            row = flow.whole("add", i, lane)
            inside = flow.let(f"icmp slt i64 {row}, {end}")
            rows.append(flow.least(row, final))
            there = flow.let(f"insertelement {truth(LANES)} {there}, i1 {inside}, i32 {lane}")
            code = flow.load("i64", flow.element("%y", rows[-1], "i64"))
            y = flow.let(f"insertelement {_WHOLE} {y}, i64 {code}, i32 {lane}")
        self._turn([self._row(row) for row in rows])
        self._scores(place)
        value = self._loss(y, place)
        value = flow.let(f"select {truth(LANES)} {there}, {KIND} {value}, {KIND} {ZEROS}")
        self._plus(self.value, value)

    def _turn(self, rows: list[str]) -> None:
        """The columns of eight rows, one after the other."""
        flow, rest = self.flow, self.d % LANES
        with flow.upto(self.d - rest, 0, LANES) as j:
            self._square(rows, j, LANES)
        if rest:
            self._square(rows, str(self.d - rest), rest)

    def _square(self, rows: list[str], j: str, width: int) -> None:
        """Eight rows of up to eight columns from column j on, turned: halves, then pairs, then neighbours change."""
        flow, kind = self.flow, block(width)
        parts = [flow.load(kind, flow.element(row, j)) for row in rows]
        if width < LANES:
            mask = lanes([min(lane, width - 1) for lane in range(LANES)])
            parts = [flow.let(f"shufflevector {kind} {part}, {kind} poison, {mask}") for part in parts]
        step = LANES // 2
        while step:
            parts = self._exchanged(parts, step)
            step //= 2
        for n, part in enumerate(parts[:width]):
            flow.store(KIND, part, flow.element(self._column(j), str(n * LANES)), 64)

    def _exchanged(self, parts: list[str], step: int) -> list[str]:
        """Of two vectors `step` apart, the lanes that are to be in the other."""
        found = list(parts)
        for n in range(LANES):
            if not n & step:
                a, b = parts[n], parts[n | step]
                low = [lane if not lane & step else LANES + lane - step for lane in range(LANES)]
                high = [lane + step if not lane & step else LANES + lane for lane in range(LANES)]
                found[n], found[n | step] = (
                    self.flow.let(f"shufflevector {KIND} {a}, {KIND} {b}, {lanes(mask)}") for mask in (low, high)
                )
        return found

    def _scores(self, place: str) -> None:
        """p_k of eight rows for all k, and the largest."""
        size, whole, rest = tiles(self.K, SCORED)
        self.flow.store(KIND, number(float("-inf"), LANES), self.top)
        with self.flow.upto(size * whole, 0, size) as k:
            self._scored(k, size, place)
        if rest:
            self._scored(str(size * whole), rest, place)

    def _scored(self, k: str, count: int, place: str) -> None:
        flow = self.flow
        classes = [flow.whole("add", k, n) for n in range(count)]
        thetas = [flow.element("%theta", flow.whole("mul", n, self.d)) for n in classes]
        sums = [flow.cell(KIND) for _ in classes]
        for total in sums:
            flow.store(KIND, ZEROS, total)
        with flow.upto(self.d) as j:
            x = flow.load(KIND, self._column(j), 64)
            for theta, total in zip(thetas, sums, strict=True):
                weight = flow.spread("double", flow.load("double", flow.element(theta, j)), LANES)
                self._plus(total, flow.op(_TIMES, KIND, weight, x))
        for n, total in zip(classes, sums, strict=True):
            p, top = flow.load(KIND, total), flow.load(KIND, self.top)
            flow.store(KIND, p, self._slope(n, place))
            flow.store(KIND, self._pick("ogt", p, top, p, top), self.top)

    def _loss(self, y: str, place: str) -> str:
        """phi of eight rows; their scores become slopes.

        With e_k = exp(p_k - top) and r the sum of the others' than the class's own: phi is log1p(r/e_y) where r <= e_y,
        else top - p_y + log1p(e_y + r - 1), a sum of terms >= 0. No digits cancel in either.
        """
        flow = self.flow
        top = flow.load(KIND, self.top)
        rest, power, score = (flow.cell(KIND) for _ in range(3))
        for cell in (rest, power, score):
            flow.store(KIND, ZEROS, cell)
        with flow.upto(self.K) as k:
            at, own = self._slope(k, place), self._own(k, y)
            p = flow.load(KIND, at)
            e = flow.call("exp_lanes", KIND, flow.op("fsub", KIND, p, top))
            flow.store(KIND, e, at)
            self._plus(rest, self._choose(own, ZEROS, e))
            self._keep(own, e, power)
            self._keep(own, p, score)
        r, e = flow.load(KIND, rest), flow.load(KIND, power)
        total = flow.op("fadd", KIND, r, e)
        if self.task.slopes:
            self._become_slopes(y, place, r, total)
        near = flow.op("fcmp ole", KIND, r, e)
        u = self._choose(near, flow.op("fdiv", KIND, r, e), flow.op("fsub", KIND, total, number(1.0, LANES)))
        behind = self._choose(near, ZEROS, flow.op("fsub", KIND, top, flow.load(KIND, score)))
        return flow.op("fadd", KIND, behind, flow.call("log1p_lanes", KIND, u))

    def _become_slopes(self, y: str, place: str, rest: str, total: str) -> None:
        flow = self.flow
        share = flow.op("fdiv", KIND, number(1.0, LANES), total)
        missed = flow.let(f"fneg {KIND} {flow.op('fmul', KIND, rest, share)}")
        with flow.upto(self.K) as k:
            at = self._slope(k, place)
            s = flow.op("fmul", KIND, flow.load(KIND, at), share)
            flow.store(KIND, self._choose(self._own(k, y), missed, s), at)

    def _gradient(self, start: str, end: str, out: str) -> None:
        """sum_i slope_ik x_i over the rows of a block, added to `out`."""
        flow = self.flow
        size, whole, rest = tiles(self.K, CLASSES)
        with flow.upto(size * whole, 0, size) as k:
            self._columns(start, end, out, [flow.whole("add", k, n) for n in range(size)])
        if rest:
            self._columns(start, end, out, [str(size * whole + n) for n in range(rest)])

    def _columns(self, start: str, end: str, out: str, classes: list[str]) -> None:
        width = PIECES * LANES
        whole = self.d // width * width
        with self.flow.upto(whole, 0, width) as j:
            self._tile(start, end, out, classes, j, [LANES] * PIECES)
        rest = self.d - whole
        if rest:
            pieces = [LANES] * (rest // LANES) + ([rest % LANES] if rest % LANES else [])
            self._tile(start, end, out, classes, str(whole), pieces)

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
            row = flow.element(self._row(i), j)
            x = [flow.load(kind, flow.element(row, str(n * LANES))) for n, kind in enumerate(kinds)]
            place = flow.whole("sub", i, start)
            for k, cells in zip(classes, sums, strict=True):
                slope = flow.load("double", self._slope(k, place))
                for cell, piece, kind, width in zip(cells, x, kinds, widths, strict=True):
                    product = flow.op(_TIMES, kind, flow.spread("double", slope, width), piece)
                    flow.store(kind, flow.op(_ADD, kind, flow.load(kind, cell), product), cell)
        for cells, addresses in zip(sums, at, strict=True):
            for cell, address, kind in zip(cells, addresses, kinds, strict=True):
                flow.store(kind, flow.load(kind, cell), address)

    def _row(self, i: str) -> str:
        return self.flow.element("%X", self.flow.whole("mul", i, self.d))

    def _column(self, j: str) -> str:
        return self.flow.element(self.columns, self.flow.whole("mul", j, LANES))

    def _slope(self, k: str, place: str) -> str:
        return self.flow.element(self.slopes, self.flow.whole("add", self.flow.whole("mul", k, ROWS), place))

    def _own(self, k: str, y: str) -> str:
        return self.flow.let(f"icmp eq {_WHOLE} {y}, {self.flow.spread('i64', k, LANES)}")

    def _keep(self, where: str, value: str, cell: str) -> None:
        self.flow.store(KIND, self._choose(where, value, self.flow.load(KIND, cell)), cell)

    def _pick(self, order: str, a: str, b: str, yes: str, no: str) -> str:
        return self._choose(self.flow.op(f"fcmp {order}", KIND, a, b), yes, no)

    def _choose(self, where: str, yes: str, no: str) -> str:
        return self.flow.let(f"select {truth(LANES)} {where}, {KIND} {yes}, {KIND} {no}")

    def _plus(self, cell: str, value: str) -> None:
        self.flow.store(KIND, self.flow.op(_ADD, KIND, self.flow.load(KIND, cell), value), cell)
