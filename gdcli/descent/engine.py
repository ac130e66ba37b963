"""How a run's arithmetic is done: interpreted, or compiled for its loss and model, by the size of the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdcli.data.folders import kernels_folder
from gdcli.data.room import mapped
from gdcli.descent.method import Method
from gdcli.descent.options import Options
from gdcli.descent.quadratic import Pass, Quadratic, passes_before
from gdcli.errors import UsageError
from gdcli.kernels.native import engine as native
from gdcli.kernels.native.model import Field, Linear
from gdcli.kernels.native.softmax.task import ClassTask, Scores
from gdcli.kernels.native.steps import Interpreted
from gdcli.kernels.native.task import Task
from gdcli.kernels.native.update import Update, shape_of
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk

if TYPE_CHECKING:
    from gdcli.kernels.native.compiled import CompiledSums, Drawing

# Full gradients that are planned for: the budget of steps is rarely used up.
FULL_STEPS = 1000
# About what a question to all workers costs on one machine.
ROUND_TRIP_NS = 3e6
Loops = Callable[[EmpiricalRisk], native.Steps]


@dataclass(frozen=True)
class Engine:
    """`name` is interpret, compile or dask, for the `reason`; `threads` make its passes over all rows.

    `loop` gives the steps with drawn rows of a risk, None where they are the method's own; `drawing` takes them instead
    where the compiled loop draws the rows by itself; `update` is the method's step, None for plain SGD. `passes` are
    compiled passes over all rows, None where numpy makes them; `quadratic`: after so many of them X^T X serves.
    `step_ns` is about what a step costs, `folder` keeps code.
    """

    name: str
    reason: str
    step_ns: float
    threads: int = 1
    loop: Loops | None = None
    drawing: Drawing | None = None
    passes: CompiledSums | None = None
    quadratic: int | None = None
    folder: Path | None = None
    update: Update | None = None

    def full(self, risk: EmpiricalRisk, centre: Vector, made: int = 0) -> Pass:
        """theta -> R(theta) and its gradient, that of the smooth part of it, where so many were made before."""
        if isinstance(risk, SparseRisk):
            return _beside(risk, self.full(risk.smooth, centre, made))

        def one_pass(theta: Vector) -> tuple[float, Vector]:
            if self.passes is None:
                return risk.value_and_gradient(theta)
            value, gradient = self.passes.value_and_gradient(theta)
            pull = risk.penalty * theta
            return value + 0.5 * float(pull @ theta), gradient + pull

        if self.quadratic is None or not isinstance(risk, LinearRisk | ApartRisk):
            return one_pass
        return Quadratic(risk, one_pass, centre, max(0, self.quadratic - made))


def _beside(risk: SparseRisk, smooth: Pass) -> Pass:
    """theta -> F(theta), the L1 term included, and grad R(theta)."""

    def one_pass(theta: Vector) -> tuple[float, Vector]:
        value, gradient = smooth(theta)
        return value + risk.norm(theta), gradient

    return one_pass


def choose(risk: EmpiricalRisk, options: Options, steps: int, method: Method) -> Engine:
    """The engine of a run of at most so many steps. Raises UsageError where the one asked for cannot do it."""
    if isinstance(risk, ApartRisk):
        return _apart(risk, method)
    risk = risk.smooth if isinstance(risk, SparseRisk) else risk
    update = updated(method) if method.draws else None
    work = _task(risk, options.rows, update)
    if work is None:
        if options.engine == "compile":
            message = f"{options.method} with {risk.loss.name} loss is not compiled for this model and batch"
            raise UsageError(message, hint="leave --engine compile away: it runs with numpy")
        return Engine("interpret", "its steps are numpy's", 15e3)
    found = (_drawing if method.draws else _full)(risk, work, options, steps)
    note = _note(found)
    return replace(found, reason=f"{found.reason}; {note}") if note else found


def _apart(risk: ApartRisk, method: Method) -> Engine:
    reason = f"asked for; {risk.parts.count} partition{'s' if risk.parts.count > 1 else ''}"
    quadratic = None if method.draws else passes_before(risk)
    if quadratic is not None:
        reason += f"; after {quadratic} passes by X^T X"
    return Engine("dask", reason, ROUND_TRIP_NS, quadratic=quadratic)


def _drawing(risk: EmpiricalRisk, work: Task | ClassTask, options: Options, steps: int) -> Engine:
    folder = kernels_folder()
    # Rows of a file are read a block at a time, and so drawn before.
    drawing = None if mapped(work.X) else native.drawing(work, steps, options.sampling, options.engine, folder)
    whole = native.steps(work, steps, options.engine, folder) if drawing is None else None
    name = "interpret" if isinstance(whole, Interpreted) else "compile"

    update = work.update if isinstance(work, Task) else None

    def loop(of: EmpiricalRisk) -> native.Steps:
        if of is risk and whole is not None:
            return whole
        return native.steps(_task(of, options.rows, update) or work, steps, name, folder)

    reason = _reason(name, options, f"{steps:.3g} steps with {_rows(options.rows)} of {_numbers(work)}")
    step_ns = options.rows * native.row_ns(work, compiled=name == "compile")
    return Engine(name, reason, step_ns, loop=loop, drawing=drawing, folder=folder, update=update)


def _full(risk: EmpiricalRisk, work: Task | ClassTask, options: Options, steps: int) -> Engine:
    folder = kernels_folder()
    quadratic = passes_before(risk) if isinstance(risk, LinearRisk) else None
    count = min(steps, FULL_STEPS if quadratic is None else quadratic)
    reason = f"{count} passes over {_rows(risk.rows)} of {_numbers(work)}"
    if options.engine == "auto" and mapped(work.X):
        # numpy's passes give back the memory of each block of rows.
        name, passes, reason = "interpret", None, f"{reason}, which lie in a file"
    else:
        passes = native.sums(work, count, options.engine, folder, options.threads)
        name = "interpret" if passes is None else "compile"
        reason = _reason(name, options, reason)
    if quadratic is not None:
        reason += f"; after {quadratic} passes by X^T X"
    threads = 1 if passes is None else passes.threads
    return Engine(name, reason, 0.0, threads, passes=passes, quadratic=quadratic, folder=folder)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _numbers(work: Task | ClassTask) -> str:
    numbers = f"{work.model.columns} numbers"
    return f"{numbers} for {work.model.classes} classes" if isinstance(work, ClassTask) else numbers


def _reason(name: str, options: Options, work: str) -> str:
    if options.engine == name:
        return f"asked for; {work}"
    if not native.available():
        return "there is no compiler here"
    return f"{work}: {'much' if name == 'compile' else 'little'} work"


def _note(found: Engine) -> str | None:
    """What is to be said of where compiled code is kept."""
    if found.name != "compile":
        return None
    from gdcli.kernels.native.machine import machine

    return machine(found.folder).store.note


def _task(risk: EmpiricalRisk, batch: int, update: Update | None) -> Task | ClassTask | None:
    """What the kernels are to run; None for a risk that they do not know, or not with such an update."""
    remembers = update is not None and update.remembers != ""
    if isinstance(risk, LinearRisk):
        if remembers and (batch > 1 or mapped(risk.X)):
            return None
        return Task(risk.kernel.derived, Linear(risk.width), risk.X, risk.y, risk.penalty, batch, update)
    if remembers:
        return None
    from gdcli.risk.models.formula import ModelRisk
    from gdcli.risk.models.softmax import SoftmaxRisk

    if isinstance(risk, ModelRisk):
        model = Field(risk.model.derived, risk.width, risk.X.shape[1])
        return Task(risk.kernel.derived, model, risk.X, risk.y, risk.penalty, batch, update)
    if isinstance(risk, SoftmaxRisk) and risk.active is None and update is None:
        return ClassTask(Scores(risk.classes, risk.X.shape[1]), risk.X, risk.y, risk.penalty, batch)
    return None


def updated(method: Method) -> Update | None:
    """The method's step for the loops of kernels.native; None for that of SGD, which they know."""
    if method.module.__name__.endswith(".sgd"):
        return None
    return Update(
        source=Path(method.module.__file__ or "").read_text(encoding="utf-8"),
        constants=method.given,
        shape=shape_of(method.init(np.zeros(1))),
        remembers=method.remembers,
        look=method.look,
        size=method.size,
        step=method.step,
    )
