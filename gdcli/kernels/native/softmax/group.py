"""The softmax loss of eight rows side by side in the lanes, and its slopes, as LLVM text."""

from __future__ import annotations

from gdcli.kernels.native.batch import KIND, ZEROS
from gdcli.kernels.native.emit import lanes, number, truth
from gdcli.kernels.native.flow import Flow
from gdcli.kernels.native.rows import block
from gdcli.kernels.native.softmax.task import Scores
from gdcli.kernels.native.vector import LANES

# Rows of a block, and sums that run side by side: so many that they do not wait for each other, and fit the registers.
ROWS, SUMS = 64, 6
_CODES = f"<{LANES} x i64>"
_TRUTH = truth(LANES)
ADD, TIMES = "fadd contract", "fmul contract"


def tiles(count: int, most: int) -> tuple[int, int, int]:
    """(size, whole, rest): `count` things are `whole` times `size`, at most `most`, and a `rest`."""
    size = -(-count // -(-count // most))
    return size, count // size, count % size


class Group:
    """Eight rows of a block. The block's memory (K, ROWS) holds the scores, then their powers, then the slopes."""

    def __init__(self, flow: Flow, model: Scores, slopes: bool) -> None:
        self.flow = flow
        self.K, self.d = model.classes, model.columns
        self.slopes = slopes
        self.top = flow.cell(KIND)
        # Eight rows, column by column.
        self.columns = flow.numbers(model.padded * LANES)
        self.block = flow.numbers(self.K * ROWS)

    def slope(self, k: str, place: str) -> str:
        """The address of a class's slope at a row of the block."""
        return self.flow.element(self.block, self.flow.whole("add", self.flow.whole("mul", k, ROWS), place))

    def losses(self, i: str, place: str, end: str) -> str:
        """phi of the rows i, ..., i + 7, zero from `end` on; their slopes are at `place` of the block."""
        flow = self.flow
        rows, there, y = [], "poison", "poison"
        final = flow.whole("sub", end, 1)
        for lane in range(LANES):
            row = flow.whole("add", i, lane)
            inside = flow.let(f"icmp slt i64 {row}, {end}")
            rows.append(flow.least(row, final))
            there = flow.let(f"insertelement {_TRUTH} {there}, i1 {inside}, i32 {lane}")
            code = flow.load("i64", flow.element("%y", rows[-1], "i64"))
            y = flow.let(f"insertelement {_CODES} {y}, i64 {code}, i32 {lane}")
        self._turn([self.row(row) for row in rows])
        self._scores(place)
        value = self._loss(y, place)
        return self._choose(there, value, ZEROS)

    def row(self, i: str) -> str:
        """The address of a row."""
        return self.flow.element("%X", self.flow.whole("mul", i, self.d))

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
        size, whole, rest = tiles(self.K, SUMS)
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
                flow.increase(KIND, total, flow.op(TIMES, KIND, weight, x), ADD)
        for n, total in zip(classes, sums, strict=True):
            p, top = flow.load(KIND, total), flow.load(KIND, self.top)
            flow.store(KIND, p, self.slope(n, place))
            flow.store(KIND, self._choose(flow.op("fcmp ogt", KIND, p, top), p, top), self.top)

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
            at, own = self.slope(k, place), self._own(k, y)
            p = flow.load(KIND, at)
            e = flow.call("exp_lanes", KIND, flow.op("fsub", KIND, p, top))
            flow.store(KIND, e, at)
            flow.increase(KIND, rest, self._choose(own, ZEROS, e))
            self._keep(own, e, power)
            self._keep(own, p, score)
        r, e = flow.load(KIND, rest), flow.load(KIND, power)
        total = flow.op("fadd", KIND, r, e)
        if self.slopes:
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
            at = self.slope(k, place)
            s = flow.op("fmul", KIND, flow.load(KIND, at), share)
            flow.store(KIND, self._choose(self._own(k, y), missed, s), at)

    def _column(self, j: str) -> str:
        return self.flow.element(self.columns, self.flow.whole("mul", j, LANES))

    def _own(self, k: str, y: str) -> str:
        return self.flow.let(f"icmp eq {_CODES} {y}, {self.flow.spread('i64', k, LANES)}")

    def _keep(self, where: str, value: str, cell: str) -> None:
        self.flow.store(KIND, self._choose(where, value, self.flow.load(KIND, cell)), cell)

    def _choose(self, where: str, yes: str, no: str) -> str:
        return self.flow.let(f"select {_TRUTH} {where}, {KIND} {yes}, {KIND} {no}")
