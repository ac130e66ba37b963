"""The loop of stochastic gradient descent as LLVM text.

    p = f(x_i; theta),   g = phi'(p, y_i) grad f (its mean over a batch) + lambda theta,   theta <- theta - eta_t g,
    average <- average + r_t (theta_t - average).

It stops where a prediction is not finite. All arithmetic is in IEEE order: the bits are those of native.plain.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.emit import Emitter
from gdcli.kernels.native.lower import Lowering
from gdcli.kernels.native.model import Model
from gdcli.kernels.native.rows import Rows, names

# Rows are asked for so many draws before they are needed: a random row comes from memory, not from a cache.
AHEAD = 16
LINE = 64

_HEAD = """\
define i64 @sgd(ptr %X, ptr %y, ptr %rows, i64 %steps, ptr %theta, ptr %penalty, ptr %etas, ptr %average, \
ptr %ratios) {{
entry:
  %draws = mul i64 %steps, {batch}"""
_PREFETCH = "llvm.prefetch.p0(ptr"


@dataclass(frozen=True, slots=True)
class Loop:
    """What is fixed when a loop is compiled: the rest are arguments."""

    loss: Derived
    model: Model
    batch: int
    penalised: bool

    def text(self) -> str:
        """The module: one function, which returns the number of steps taken."""
        emit = Emitter()
        _Writer(self, emit).write()
        declared = sorted(emit.needed | {f"declare void @{_PREFETCH}, i32, i32, i32)"})
        return "\n".join([_HEAD.format(batch=self.batch), emit.text(), "}", *declared, ""])


class _Writer:
    def __init__(self, loop: Loop, emit: Emitter) -> None:
        self.loop = loop
        self.emit = emit
        self.rows = Rows(emit, loop.model.parameters)

    def write(self) -> None:
        """One turn of `step` is one step; `theta` and `average` live in registers."""
        emit, rows, loop = self.emit, self.rows, self.loop
        start = rows.load("%theta")
        penalty = rows.load("%penalty") if loop.penalised else []
        average0 = rows.load("%average")
        emit.do("br label %step")
        emit.do("step:")
        emit.do("%t = phi i64 [ 0, %entry ], [ %next, %move ]")
        theta = rows.phis("theta", [("entry", start), ("move", names("moved", start))])
        average = rows.phis("average", [("entry", average0), ("move", names("mean", start))])
        emit.do("%more = icmp slt i64 %t, %steps")
        emit.do("br i1 %more, label %work, label %done")
        emit.do("work:")
        gradient, doubt = self._mean(theta) if loop.batch > 1 else self._one(theta, "%t")
        finite = emit.op("fcmp ord", "double", doubt, doubt)
        emit.do(f"br i1 {finite}, label %move, label %done")
        emit.do("move:")
        if penalty:
            gradient = rows.op("fadd", gradient, rows.op("fmul", penalty, theta))
        eta = rows.spread(emit.load("double", emit.element("%etas", "%t")))
        rows.become("moved", rows.op("fsub", theta, rows.op("fmul", eta, gradient)))
        ratio = rows.spread(emit.load("double", emit.element("%ratios", "%t")))
        toward = rows.op("fmul", ratio, rows.op("fsub", theta, average))
        rows.become("mean", rows.op("fadd", average, toward))
        emit.do("%next = add i64 %t, 1")
        emit.do("br label %step")
        emit.do("done:")
        rows.store(theta, "%theta")
        rows.store(average, "%average")
        emit.do("ret i64 %t")

    def _one(self, theta: list[str], draw: str) -> tuple[list[str], str]:
        """phi'(p, y) grad f at the row of a draw, and p - p, which is nan where p is not finite."""
        emit, model = self.emit, self.loop.model
        i = self._drawn(draw)
        self._prefetch(draw)
        row = emit.element("%X", emit.let(f"mul i64 {i}, {model.columns}"))
        p, gradient = model.predict(emit, row, theta)
        y = emit.load("double", emit.element("%y", i))
        slope = Lowering(emit).run(self.loop.loss, "d1", p, y)[0]
        return self.rows.op("fmul", self.rows.spread(slope), gradient), emit.op("fsub", "double", p, p)

    def _mean(self, theta: list[str]) -> tuple[list[str], str]:
        """The mean over a batch, summed in the order of its rows."""
        emit, rows, batch = self.emit, self.rows, self.loop.batch
        first = emit.let(f"mul i64 %t, {batch}")
        emit.do("br label %row")
        emit.do("row:")
        emit.do("%j = phi i64 [ 0, %work ], [ %j1, %row ]")
        emit.do("%doubt = phi double [ 0.0, %work ], [ %doubt1, %row ]")
        total = rows.phis("sum", [("work", rows.constant(-0.0)), ("row", names("total", theta))])
        gradient, doubt = self._one(theta, emit.let(f"add i64 {first}, %j"))
        summed = rows.become("total", rows.op("fadd", total, gradient))
        emit.do(f"%doubt1 = fadd double %doubt, {doubt}")
        emit.do("%j1 = add i64 %j, 1")
        emit.do(f"%again = icmp slt i64 %j1, {batch}")
        emit.do("br i1 %again, label %row, label %mean")
        emit.do("mean:")
        return rows.op("fdiv", summed, rows.constant(float(batch))), "%doubt1"

    def _drawn(self, draw: str) -> str:
        return self.emit.load("i64", self.emit.element("%rows", draw, "i64"))

    def _prefetch(self, draw: str) -> None:
        """Ask for the row that is drawn AHEAD draws later, while there is one."""
        emit, width = self.emit, 8 * self.loop.model.columns
        later = emit.let(f"add i64 {draw}, {AHEAD}")
        exists = emit.let(f"icmp slt i64 {later}, %draws")
        i = self._drawn(emit.let(f"select i1 {exists}, i64 {later}, i64 {draw}"))
        row = emit.element("%X", emit.let(f"mul i64 {i}, {self.loop.model.columns}"))
        inside = [emit.element(row, str(offset), "i8") for offset in [*range(0, width, LINE), width - 1]]
        for address in [*inside, emit.element("%y", i)]:
            emit.do(f"call void @{_PREFETCH} {address}, i32 0, i32 3, i32 1)")
