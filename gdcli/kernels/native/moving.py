"""How a loop of drawn rows moves theta, as LLVM text: theta - eta g, or as an update has it, whose state it keeps.

The state lives in registers; for methods that remember, the slope of each row lies in the table that is given.
"""

from __future__ import annotations

from gdcli.kernels.native.emit import Emitter
from gdcli.kernels.native.rows import Rows, names
from gdcli.kernels.native.stepping import Row, Stepping, Value
from gdcli.kernels.native.update import ROW, Shape, Update


class Moving:
    """Called by a loop in the order of these methods; a turn of the loop ends in the block `move`."""

    def __init__(self, emit: Emitter, rows: Rows, update: Update | None) -> None:
        self._emit = emit
        self._rows = rows
        self._update = update
        self._stepping = None if update is None else Stepping(emit, rows, update)
        self._leaves = [] if update is None else _leaves(update.shape)
        self._start: list[Value] = []
        self._state: Value = ()
        self._noted: tuple[str, str, list[str]] = ("", "", [])

    def load(self) -> None:
        """Before the loop: the given state."""
        self._start = [
            Row(self._rows.load(at)) if kind == ROW else self._emit.load("double", at)
            for kind, at in zip(self._leaves, self._places(), strict=True)
        ]

    def enter(self) -> None:
        """At the top of a turn, among its choices by where control came from."""
        found: list[Value] = []
        for n, value in enumerate(self._start):
            if isinstance(value, Row):
                sources = [("entry", value.pieces), ("move", names(f"kept{n}_", value.pieces))]
                found.append(Row(self._rows.phis(f"state{n}_", sources)))
            else:
                self._emit.do(f"%state{n} = phi double [ {value}, %entry ], [ %kept{n}, %move ]")
                found.append(f"%state{n}")
        self._state = None if self._update is None else _shaped(self._update.shape, found)

    def place(self, theta: list[str]) -> list[str]:
        """Where the gradient is taken."""
        if self._stepping is None or self._update is None or self._update.look is None:
            return theta
        pieces: list[str] = self._stepping.run("look", Row(theta), self._state).pieces
        return pieces

    def note(self, i: str, slope: str, x: list[str]) -> None:
        """The row that was drawn, its slope, and grad f there."""
        self._noted = i, slope, x

    def moved(self, theta: list[str], g: list[str], pull: list[str], eta: str) -> tuple[list[str], str]:
        """The next theta and the step size that led there; `pull` is the penalty's part of the gradient, if any."""
        rows = self._rows
        if self._stepping is None or self._update is None:
            g = rows.op("fadd", g, pull) if pull else g
            return rows.op("fsub", theta, rows.op("fmul", rows.spread(eta), g)), eta
        if self._update.remembers:
            return self._remembered(theta, g, pull, eta), eta
        g = rows.op("fadd", g, pull) if pull else g
        after, state = self._stepping.run("step", Row(theta), Row(g), self._state, eta)
        self._keep(state)
        return after.pieces, eta if self._update.size is None else self._stepping.run("size", state)

    def leave(self) -> None:
        """After the loop: what the next call goes on from."""
        for value, at in zip(_values(self._state) if self._leaves else [], self._places(), strict=True):
            if isinstance(value, Row):
                self._rows.store(value.pieces, at)
            else:
                self._emit.store("double", value, at)

    def _remembered(self, theta: list[str], g: list[str], pull: list[str], eta: str) -> list[str]:
        """A step with the row's gradient of another time; the table's slope of the row is this one's from now on."""
        assert self._stepping is not None
        assert self._update is not None
        emit, rows = self._emit, self._rows
        i, slope, x = self._noted
        at = emit.element("%table", i)
        old = rows.op("fmul", rows.spread(emit.load("double", at)), x)
        arguments = (Row(theta), Row(g), self._state, eta, Row(old), emit.let("sitofp i64 %N to double"))
        after, state = self._stepping.run("step", *arguments)
        self._keep(state)
        if self._update.remembers == "last":
            emit.store("double", slope, at)
        pieces: list[str] = after.pieces
        return rows.op("fsub", pieces, rows.op("fmul", rows.spread(eta), pull)) if pull else pieces

    def _keep(self, state: Value) -> None:
        for n, value in enumerate(_values(state)):
            if isinstance(value, Row):
                self._rows.become(f"kept{n}_", value.pieces)
            else:
                # A choice between equals is a copy; the optimiser removes it.
                self._emit.do(f"%kept{n} = select i1 true, double {value}, double {value}")

    def _places(self) -> list[str]:
        """The addresses of the state's vectors and numbers."""
        found, at = [], 0
        for kind in self._leaves:
            found.append(self._emit.element("%state", str(at)))
            at += self._rows.k if kind == ROW else 1
        return found


def _leaves(shape: Shape) -> list[str]:
    return [leaf for part in shape for leaf in _leaves(part)] if isinstance(shape, tuple) else [shape]


def _values(value: Value) -> list[Value]:
    return [leaf for part in value for leaf in _values(part)] if isinstance(value, tuple) else [value]


def _shaped(shape: Shape, leaves: list[Value]) -> Value:
    """The leaves, which are used up, in their tuples."""
    return tuple(_shaped(part, leaves) for part in shape) if isinstance(shape, tuple) else leaves.pop(0)
