"""The sum over all rows of the loss and of its gradient in one pass over the data, as LLVM text.

Eight rows at a time: their predictions, phi and phi' over eight lanes, then sum_i phi'_i grad f(x_i) while the rows are
still in the cache. Rows are summed in slices of a size that depends on the data alone, each slice by one thread: the
result does not depend on how many threads there are. Additions are reordered and fused.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.emit import Emitter, double, lanes, number, truth
from gdcli.kernels.native.lower import Lowering
from gdcli.kernels.native.model import Field, Linear, Model
from gdcli.kernels.native.vector import LANES, definitions

KIND = double(LANES)
ZEROS = number(0.0, LANES)
# About so many numbers make a slice: 2 MiB of rows.
SLICE = 1 << 18
# Eight rows of so many pieces stay in registers between their prediction and their gradient.
_HELD = 3
# Sums may be reordered and fused with products; what a loss computes of one row may not.
_FAST = "reassoc contract nsz"
_ADD, _TIMES = f"fadd {_FAST}", f"fmul {_FAST}"

_HEAD = """\
define void @total(ptr %X, ptr %y, i64 %N, i64 %size, i64 %from, i64 %to, ptr %theta, ptr %out) {
entry:
  br label %slice
slice:
  %s = phi i64 [ %from, %entry ], [ %s1, %written ]
  %left = icmp slt i64 %s, %to
  br i1 %left, label %begin, label %finished
begin:
  %first = mul i64 %s, %size
  %whole = add i64 %first, %size
  %over = icmp sgt i64 %whole, %N
  %last = select i1 %over, i64 %N, i64 %whole"""
_FOOT = """\
  %s1 = add i64 %s, 1
  br label %slice
finished:
  ret void
}"""


def slice_rows(columns: int) -> int:
    """How many rows make a slice: a multiple of eight."""
    return max(LANES, SLICE // columns // LANES * LANES)


@dataclass(frozen=True, slots=True)
class Pass:
    """sum phi(p_i, y_i) in out[0] of each slice and, with `slopes`, sum phi' grad f in out[1:]."""

    loss: Derived
    model: Model
    slopes: bool

    def text(self) -> str:
        """The module."""
        emit = Emitter()
        _Writer(self, emit).write()
        defined, declared = definitions(emit.needed)
        return "\n".join([_HEAD, emit.text(), _FOOT, *defined, *declared, ""])


class _Writer:
    def __init__(self, task: Pass, emit: Emitter) -> None:
        self.task = task
        self.emit = emit
        part = _Rows if isinstance(task.model, Linear) else _Cells
        self.sums = part(task.model, emit)
        # The sum of phi, then the gradient's.
        self.kinds = [KIND, *(self.sums.kinds if task.slopes else [])]

    def write(self) -> None:
        """Whole groups of eight in a loop, then the rest as one group whose missing lanes count for nothing."""
        emit = self.emit
        self.sums.begin()
        emit.do("br label %group")
        emit.do("group:")
        emit.do("%i = phi i64 [ %first, %begin ], [ %next, %eight ]")
        zeros = ["zeroinitializer"] * len(self.kinds)
        totals = self._phis("total", [("begin", zeros), ("eight", self._names("sum"))])
        emit.do(f"%next = add i64 %i, {LANES}")
        emit.do("%fits = icmp sle i64 %next, %last")
        emit.do("br i1 %fits, label %eight, label %rest")
        emit.do("eight:")
        rows = [emit.let(f"add i64 %i, {lane}") for lane in range(LANES)]
        y = emit.load(KIND, emit.element("%y", "%i"))
        self._become("sum", self._group(rows, y, totals, None))
        emit.do("br label %group")
        emit.do("rest:")
        emit.do("%some = icmp slt i64 %i, %last")
        emit.do("br i1 %some, label %few, label %written")
        emit.do("few:")
        self._become("all", self._few(totals))
        emit.do("br label %written")
        emit.do("written:")
        final = self._phis("final", [("rest", totals), ("few", self._names("all"))])
        self._write(final)

    def _few(self, totals: list[str]) -> list[str]:
        """The rows that are left, the last of them repeated."""
        emit = self.emit
        end = emit.let("sub i64 %last, 1")
        rows, there, y = [], "poison", "poison"
        for lane in range(LANES):
            i = emit.let(f"add i64 %i, {lane}")
            inside = emit.let(f"icmp slt i64 {i}, %last")
            rows.append(emit.let(f"select i1 {inside}, i64 {i}, i64 {end}"))
            there = emit.let(f"insertelement {truth(LANES)} {there}, i1 {inside}, i32 {lane}")
            target = emit.load("double", emit.element("%y", rows[-1]))
            y = emit.let(f"insertelement {KIND} {y}, double {target}, i32 {lane}")
        return self._group(rows, y, totals, there)

    def _group(self, rows: list[str], y: str, totals: list[str], there: str | None) -> list[str]:
        lower = Lowering(self.emit, LANES)
        at = [self.emit.element("%X", self.emit.let(f"mul i64 {i}, {self.task.model.columns}")) for i in rows]
        p = self.sums.predictions(at)
        value = self._kept(lower.run(self.task.loss, "d0", p, y)[0], there)
        found = [self.emit.op(_ADD, KIND, totals[0], value)]
        if self.task.slopes:
            slopes = self._kept(lower.run(self.task.loss, "d1", p, y)[0], there)
            found += self.sums.add(totals[1:], slopes, at)
        return found

    def _kept(self, value: str, there: str | None) -> str:
        return (
            value if there is None else self.emit.let(f"select {truth(LANES)} {there}, {KIND} {value}, {KIND} {ZEROS}")
        )

    def _write(self, final: list[str]) -> None:
        emit = self.emit
        width = 1 + (self.task.model.parameters if self.task.slopes else 0)
        out = emit.element("%out", emit.let(f"mul i64 %s, {width}"))
        emit.store("double", folded(emit, final[0]), out)
        if self.task.slopes:
            self.sums.write(final[1:], emit.element(out, "1"))

    def _names(self, name: str) -> list[str]:
        return [f"%{name}{n}" for n in range(len(self.kinds))]

    def _phis(self, name: str, sources: list[tuple[str, list[str]]]) -> list[str]:
        for n, kind in enumerate(self.kinds):
            choices = ", ".join(f"[ {values[n]}, %{label} ]" for label, values in sources)
            self.emit.do(f"%{name}{n} = phi {kind} {choices}")
        return self._names(name)

    def _become(self, name: str, values: list[str]) -> None:
        for kind, value, called in zip(self.kinds, values, self._names(name), strict=True):
            # A choice between equals is a copy; the optimiser removes it.
            self.emit.do(f"{called} = select i1 true, {kind} {value}, {kind} {value}")


class _Rows:
    """The linear model: a row is pieces of eight columns and a shorter one, and so is the gradient's sum."""

    def __init__(self, model: Model, emit: Emitter) -> None:
        k = model.parameters
        self.emit = emit
        self.pieces = [(offset, min(LANES, k - offset)) for offset in range(0, k, LANES)]
        self.kinds = [f"<{width} x double>" for _, width in self.pieces]
        self.theta: list[str] = []

    def begin(self) -> None:
        self.theta = [self._piece("%theta", n) for n in range(len(self.pieces))]

    def predictions(self, at: list[str]) -> str:
        """x . theta of eight rows: eight partial sums each, then added crosswise."""
        sums = ["zeroinitializer"] * len(at)
        for n, (kind, theta) in enumerate(zip(self.kinds, self.theta, strict=True)):
            products = [self._product(kind, self._piece(row, n), theta) for row in at]
            sums = [self._plus(total, product, n) for total, product in zip(sums, products, strict=True)]
        while len(sums) > 1:
            sums = [self._crossed(a, b) for a, b in zip(sums[::2], sums[1::2], strict=True)]
        return sums[0]

    def add(self, totals: list[str], slopes: str, at: list[str]) -> list[str]:
        """totals + sum_i slope_i x_i."""
        if len(self.pieces) > _HELD:
            # The rows are read again, from the cache: as many registers there are not, and the stack is no faster.
            self.emit.do('fence syncscope("singlethread") seq_cst')
        found = []
        for n, ((_, width), kind, total) in enumerate(zip(self.pieces, self.kinds, totals, strict=True)):
            for lane, row in enumerate(at):
                mask = lanes([lane] * width)
                slope = self.emit.let(f"shufflevector {KIND} {slopes}, {KIND} poison, {mask}")
                total = self.emit.op(_ADD, kind, total, self._product(kind, slope, self._piece(row, n)))
            found.append(total)
        return found

    def write(self, totals: list[str], out: str) -> None:
        for total, kind, (offset, _) in zip(totals, self.kinds, self.pieces, strict=True):
            self.emit.store(kind, total, self.emit.element(out, str(offset)))

    def _piece(self, row: str, n: int) -> str:
        return self.emit.load(self.kinds[n], self.emit.element(row, str(self.pieces[n][0])))

    def _product(self, kind: str, a: str, b: str) -> str:
        return self.emit.op(_TIMES, kind, a, b)

    def _plus(self, total: str, product: str, n: int) -> str:
        width = self.pieces[n][1]
        if width < LANES:
            kind, mask = self.kinds[n], lanes([min(lane, width) for lane in range(LANES)])
            product = self.emit.let(f"shufflevector {kind} {product}, {kind} zeroinitializer, {mask}")
        return product if total == "zeroinitializer" else self.emit.op(_ADD, KIND, total, product)

    def _crossed(self, a: str, b: str) -> str:
        """Neighbouring lanes of a, then of b, added: three rounds leave the sum of the n-th row in lane n."""
        even, odd = (
            self.emit.let(f"shufflevector {KIND} {a}, {KIND} {b}, {lanes(list(range(start, 2 * LANES, 2)))}")
            for start in (0, 1)
        )
        return self.emit.op(_ADD, KIND, even, odd)


class _Cells:
    """A formula: eight rows side by side in every parameter's sum, which are added up at the end."""

    def __init__(self, model: Model, emit: Emitter) -> None:
        assert isinstance(model, Field)
        self.model = model
        self.emit = emit
        self.kinds = [KIND] * model.parameters
        self.theta: list[str] = []
        self._slopes: list[str] = []

    def begin(self) -> None:
        for n in range(self.model.parameters):
            one = self.emit.load("double", self.emit.element("%theta", str(n)))
            first = self.emit.let(f"insertelement {KIND} poison, double {one}, i32 0")
            self.theta.append(self.emit.let(f"shufflevector {KIND} {first}, {KIND} poison, {lanes([0] * LANES)}"))

    def predictions(self, at: list[str]) -> str:
        """f of eight rows; grad f is kept for `add`."""
        cells = []
        for column in range(self.model.columns):
            side = "poison"
            for lane, row in enumerate(at):
                cell = self.emit.load("double", self.emit.element(row, str(column)))
                side = self.emit.let(f"insertelement {KIND} {side}, double {cell}, i32 {lane}")
            cells.append(side)
        p, *self._slopes = Lowering(self.emit, LANES).run(self.model.slopes, "d0", *self.theta, *cells)
        return p

    def add(self, totals: list[str], slopes: str, at: list[str]) -> list[str]:
        products = [self.emit.op(_TIMES, KIND, slopes, slope) for slope in self._slopes]
        return [self.emit.op(_ADD, KIND, total, product) for total, product in zip(totals, products, strict=True)]

    def write(self, totals: list[str], out: str) -> None:
        for n, total in enumerate(totals):
            self.emit.store("double", folded(self.emit, total), self.emit.element(out, str(n)))


def folded(emit: Emitter, value: str) -> str:
    """The sum of the lanes."""
    name = f"llvm.vector.reduce.fadd.v{LANES}f64"
    emit.needed.add(f"declare double @{name}(double, {KIND})")
    return emit.let(f"call {_FAST} double @{name}(double {number(-0.0)}, {KIND} {value})")
