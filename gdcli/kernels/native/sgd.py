"""The loop of stochastic gradient descent as LLVM text.

    p = f(x_i; theta),   g = phi'(p, y_i) grad f (its mean over a batch) + lambda theta,   theta <- theta - eta_t g,
    w_t = base + eta_t (unit - c eta_t L_max),   average <- average + w_t/(w_0 + ... + w_t) (theta_t - average),

unit, c, L_max and base as native.tally has them. An average without weight stays as it is. The sums over w, eta and
eta^2 are made beside: they wait for nothing, while theta waits for the row. Instead of the last step but one an update
of the task's own may be taken (native.moving). It stops where a prediction is not finite. All arithmetic is in IEEE
order: the bits are those of native.plain.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.emit import Emitter, number
from gdcli.kernels.native.lower import Lowering
from gdcli.kernels.native.model import Model
from gdcli.kernels.native.moving import Moving
from gdcli.kernels.native.rows import Rows, names
from gdcli.kernels.native.sources import Source
from gdcli.kernels.native.update import Update

# In the order of a Tally.
SUMS = ("weight", "total", "squares")

_HEAD = """\
define i64 @sgd(ptr %X, ptr %y, ptr %source, i64 %steps, ptr %theta, ptr %penalty, ptr %etas, i64 %stride, \
ptr %average, ptr %tally, ptr %state, ptr %table, i64 %N) {
entry:"""


@dataclass(frozen=True, slots=True)
class Loop:
    """What is fixed when a loop is compiled: the rest are arguments."""

    loss: Derived
    model: Model
    batch: int
    penalised: bool
    source: Source
    update: Update | None = None

    def text(self) -> str:
        """The module: one function, which returns the number of steps taken."""
        emit = Emitter()
        _Writer(self, emit).write()
        return "\n".join([*self.source.pieces(), _HEAD, emit.text(), "}", *sorted(emit.needed), ""])


class _Writer:
    def __init__(self, loop: Loop, emit: Emitter) -> None:
        self.loop = loop
        self.emit = emit
        self.rows = Rows(emit, loop.model.parameters)
        self.step = Moving(emit, self.rows, loop.update)
        self._weighing: list[str] = []

    def write(self) -> None:
        """One turn of `step` is one step; `theta` and `average` live in registers."""
        emit, rows, loop = self.emit, self.rows, self.loop
        start = rows.load("%theta")
        penalty = rows.load("%penalty") if loop.penalised else []
        average0 = rows.load("%average")
        self.step.load()
        sums, self._weighing = self._tally()
        loop.source.enter(emit, loop.batch)
        emit.do("br label %step")
        emit.do("step:")
        emit.do("%t = phi i64 [ 0, %entry ], [ %next, %move ]")
        theta = rows.phis("theta", [("entry", start), ("move", names("moved", start))])
        average = rows.phis("average", [("entry", average0), ("move", names("mean", start))])
        for name, value in zip(SUMS, sums, strict=True):
            emit.do(f"%{name} = phi double [ {value}, %entry ], [ %{name}.next, %move ]")
        self.step.enter()
        place = self.step.place(theta)
        emit.do("%more = icmp slt i64 %t, %steps")
        emit.do("br i1 %more, label %work, label %done")
        emit.do("work:")
        gradient, doubt = self._mean(place) if loop.batch > 1 else self._one(place)
        finite = emit.op("fcmp ord", "double", doubt, doubt)
        emit.do(f"br i1 {finite}, label %move, label %done")
        emit.do("move:")
        pull = rows.op("fmul", penalty, place) if penalty else []
        eta = emit.load("double", emit.element("%etas", emit.let("mul i64 %t, %stride")))
        moved, eta = self.step.moved(theta, gradient, pull, eta)
        rows.become("moved", moved)
        rows.become("mean", self._averaged(theta, average, eta))
        emit.do("%next = add i64 %t, 1")
        emit.do("br label %step")
        emit.do("done:")
        loop.source.leave(emit)
        rows.store(theta, "%theta")
        rows.store(average, "%average")
        self.step.leave()
        for n, name in enumerate(SUMS):
            emit.store("double", f"%{name}", emit.element("%tally", str(n)))
        emit.do("ret i64 %t")

    def _tally(self) -> tuple[list[str], list[str]]:
        """The sums so far, and unit, c, L_max and base."""
        found = [self.emit.load("double", self.emit.element("%tally", str(n))) for n in range(2 * len(SUMS) + 1)]
        return found[: len(SUMS)], found[len(SUMS) :]

    def _averaged(self, theta: list[str], average: list[str], eta: str) -> list[str]:
        """The average with theta in it."""
        toward = self.rows.op("fmul", self.rows.spread(self._ratio(eta)), self.rows.op("fsub", theta, average))
        return self.rows.op("fadd", average, toward)

    def _ratio(self, eta: str) -> str:
        """The share of w_t in the weights up to it; the sums take their next values."""
        emit = self.emit
        unit, c, L_max, base = self._weighing
        less = emit.op("fmul", "double", emit.op("fmul", "double", c, eta), L_max)
        weight = emit.op("fmul", "double", eta, emit.op("fsub", "double", unit, less))
        weight = emit.op("fadd", "double", base, weight)
        terms = {"weight": weight, "total": eta, "squares": emit.op("fmul", "double", eta, eta)}
        for name in SUMS:
            emit.do(f"%{name}.next = fadd double %{name}, {terms[name]}")
        counts = emit.op("fcmp ogt", "double", "%weight.next", number(0.0))
        ratio = emit.op("fdiv", "double", weight, "%weight.next")
        return emit.let(f"select i1 {counts}, double {ratio}, double {number(0.0)}")

    def _one(self, theta: list[str]) -> tuple[list[str], str]:
        """phi'(p, y) grad f at the row drawn next, and p - p, which is nan where p is not finite."""
        emit, model = self.emit, self.loop.model
        i = self.loop.source.take(emit, model.columns)
        row = emit.element("%X", emit.let(f"mul i64 {i}, {model.columns}"))
        p, gradient = model.predict(emit, row, theta)
        y = emit.load("double", emit.element("%y", i))
        slope = Lowering(emit).run(self.loop.loss, "d1", p, y)[0]
        self.step.note(i, slope, gradient)
        return self.rows.op("fmul", self.rows.spread(slope), gradient), emit.op("fsub", "double", p, p)

    def _mean(self, theta: list[str]) -> tuple[list[str], str]:
        """The mean over a batch, summed in the order of its rows."""
        emit, rows, batch = self.emit, self.rows, self.loop.batch
        emit.do("br label %row")
        emit.do("row:")
        emit.do("%j = phi i64 [ 0, %work ], [ %j1, %row ]")
        emit.do("%doubt = phi double [ 0.0, %work ], [ %doubt1, %row ]")
        total = rows.phis("sum", [("work", rows.constant(-0.0)), ("row", names("total", theta))])
        gradient, doubt = self._one(theta)
        summed = rows.become("total", rows.op("fadd", total, gradient))
        emit.do(f"%doubt1 = fadd double %doubt, {doubt}")
        emit.do("%j1 = add i64 %j, 1")
        emit.do(f"%again = icmp slt i64 %j1, {batch}")
        emit.do("br i1 %again, label %row, label %mean")
        emit.do("mean:")
        return rows.op("fdiv", summed, rows.constant(float(batch))), "%doubt1"
