"""The loop of stochastic gradient descent for the softmax loss as LLVM text.

    p_k = x . theta_k,   s_k = exp(p_k)/sum_l exp(p_l),   g_k = (s_k - [k = y]) x + lambda theta_k,

the first term as its mean over a batch; theta, its average and the tally as in native.sgd. theta lies in memory of the
loop, each class in whole lines of the cache. exp is of p_k - max_l p_l, and 1 - s_y is the sum of the other s_k. It
stops where a score is not finite. All arithmetic is in IEEE order: the bits are those of softmax.steps.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.native.emit import number
from gdcli.kernels.native.flow import Flow
from gdcli.kernels.native.rows import Rows
from gdcli.kernels.native.softmax.memory import Padded
from gdcli.kernels.native.softmax.task import Scores
from gdcli.kernels.native.sources import Source

_HEAD = """\
define i64 @sgd(ptr %X, ptr %y, ptr %source, i64 %steps, ptr %theta, ptr %penalty, ptr %etas, i64 %stride, \
ptr %average, ptr %tally, ptr %state, ptr %table, i64 %N) {
entry:"""


@dataclass(frozen=True, slots=True)
class Loop:
    """What is fixed when a loop is compiled: the rest are arguments."""

    model: Scores
    batch: int
    penalised: bool
    source: Source

    def text(self) -> str:
        """The module: one function, which returns the number of steps taken."""
        flow = Flow()
        _Writer(self, flow).write()
        return "\n".join([*self.source.pieces(), _HEAD, flow.text(), "}", *sorted(flow.needed), ""])


class _Writer:
    def __init__(self, loop: Loop, flow: Flow) -> None:
        self.loop = loop
        self.flow = flow
        self.K, self.d = loop.model.classes, loop.model.columns
        self.memory = Padded(flow, loop.model)
        self.rows = self.memory.rows
        self.taken = flow.cell("i64")
        self.top, self.rest, self.doubt = (flow.cell("double") for _ in range(3))
        # The scores of a row, then their powers, then the slopes.
        self.slopes = flow.numbers(self.K)
        self.theta, self.average = self.memory.classes(), self.memory.classes()
        self.penalty = self.memory.classes() if loop.penalised else ""
        self.sums = self.memory.classes() if loop.batch > 1 else ""

    def write(self) -> None:
        """One turn is one step."""
        flow, batch = self.flow, self.loop.batch
        flow.store("i64", "0", self.taken)
        self.memory.take("%theta", self.theta)
        self.memory.take("%average", self.average)
        if self.penalty:
            self.memory.take("%penalty", self.penalty)
        self.loop.source.enter(flow, batch)
        with flow.upto("%steps") as t:
            self._put(self.doubt, 0.0)
            if batch > 1:
                self._clear()
                with flow.upto(batch):
                    self._add(self._row())
                x = ""
            else:
                x = self._row()
            doubt = flow.load("double", self.doubt)
            finite = flow.op("fcmp ord", "double", doubt, doubt)
            flow.do(f"br i1 {finite}, label %move, label %done")
            flow.do("move:")
            self._move(t, x)
            flow.store("i64", flow.whole("add", t, 1), self.taken)
        flow.go_to("done")
        self.loop.source.leave(flow)
        self.memory.give(self.theta, "%theta")
        self.memory.give(self.average, "%average")
        flow.do(f"ret i64 {flow.load('i64', self.taken)}")

    def _row(self) -> str:
        """The slopes at the row drawn next; its address."""
        flow = self.flow
        i = self.loop.source.take(flow, self.d)
        x = self.memory.given("%X", i)
        self._scores(x)
        y = flow.load("i64", flow.element("%y", i))
        self._powers(y)
        own = flow.element(self.slopes, y)
        rest, power = flow.load("double", self.rest), flow.load("double", own)
        total = flow.op("fadd", "double", rest, power)
        flow.store("double", flow.let(f"fneg double {rest}"), own)
        each = Rows(flow, self.K)
        each.store(each.op("fdiv", each.load(self.slopes), each.spread(total)), self.slopes)
        return x

    def _scores(self, x: str) -> None:
        """p_k for all k, the largest of them, and a sum that is nan where one is not finite."""
        flow = self.flow
        row = self.memory.padded(x)
        self._put(self.top, float("-inf"))
        with flow.upto(self.K) as k:
            p = self.rows.dot(row, self.rows.load(self.memory.own(self.theta, k)))
            flow.store("double", p, flow.element(self.slopes, k))
            top = flow.load("double", self.top)
            larger = flow.op("fcmp ogt", "double", p, top)
            flow.store("double", flow.let(f"select i1 {larger}, double {p}, double {top}"), self.top)
            flow.increase("double", self.doubt, flow.op("fsub", "double", p, p))

    def _powers(self, y: str) -> None:
        """exp(p_k - top), and the sum of those of the other classes."""
        flow = self.flow
        top = flow.load("double", self.top)
        self._put(self.rest, 0.0)
        with flow.upto(self.K) as k:
            at = flow.element(self.slopes, k)
            power = flow.call("exp", "double", flow.op("fsub", "double", flow.load("double", at), top))
            flow.store("double", power, at)
            own = flow.let(f"icmp eq i64 {k}, {y}")
            flow.increase("double", self.rest, flow.let(f"select i1 {own}, double {number(0.0)}, double {power}"))

    def _move(self, t: str, x: str) -> None:
        """theta_k - eta g_k and the average, class by class."""
        flow, rows = self.flow, self.rows
        eta = flow.load("double", flow.element("%etas", flow.whole("mul", t, "%stride")))
        ratio = rows.spread(self._ratio(eta))
        spread_eta = rows.spread(eta)
        row = self.memory.padded(x) if x else []
        with flow.upto(self.K) as k:
            gradient = self._product(k, row) if x else self._mean(k)
            at, mean_at = self.memory.own(self.theta, k), self.memory.own(self.average, k)
            theta, average = rows.load(at), rows.load(mean_at)
            if self.penalty:
                penalty = rows.load(self.memory.own(self.penalty, k))
                gradient = rows.op("fadd", gradient, rows.op("fmul", penalty, theta))
            rows.store(rows.op("fsub", theta, rows.op("fmul", spread_eta, gradient)), at)
            toward = rows.op("fmul", ratio, rows.op("fsub", theta, average))
            rows.store(rows.op("fadd", average, toward), mean_at)

    def _product(self, k: str, row: list[str]) -> list[str]:
        slope = self.flow.load("double", self.flow.element(self.slopes, k))
        return self.rows.op("fmul", self.rows.spread(slope), row)

    def _clear(self) -> None:
        with self.flow.upto(self.K) as k:
            self.rows.store(self.rows.constant(-0.0), self.memory.own(self.sums, k))

    def _add(self, x: str) -> None:
        """A row's gradient to the sums over a batch."""
        row = self.memory.padded(x)
        with self.flow.upto(self.K) as k:
            at = self.memory.own(self.sums, k)
            self.rows.store(self.rows.op("fadd", self.rows.load(at), self._product(k, row)), at)

    def _mean(self, k: str) -> list[str]:
        batch = self.rows.constant(float(self.loop.batch))
        return self.rows.op("fdiv", self.rows.load(self.memory.own(self.sums, k)), batch)

    def _ratio(self, eta: str) -> str:
        """The share of w_t in the weights up to it; the tally takes its next values."""
        flow = self.flow
        unit, c, L_max, base = (flow.load("double", flow.element("%tally", str(n))) for n in (3, 4, 5, 6))
        less = flow.op("fmul", "double", flow.op("fmul", "double", c, eta), L_max)
        share = flow.op("fmul", "double", eta, flow.op("fsub", "double", unit, less))
        share = flow.op("fadd", "double", base, share)
        terms = (share, eta, flow.op("fmul", "double", eta, eta))
        weight, *_ = [flow.increase("double", flow.element("%tally", str(n)), term) for n, term in enumerate(terms)]
        counts = flow.op("fcmp ogt", "double", weight, number(0.0))
        ratio = flow.op("fdiv", "double", share, weight)
        return flow.let(f"select i1 {counts}, double {ratio}, double {number(0.0)}")

    def _put(self, at: str, value: float) -> None:
        self.flow.store("double", number(value), at)
