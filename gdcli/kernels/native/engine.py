"""The loops of a descent in one of two ways: interpreted, or compiled for the problem. The steps are the same bits."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gdcli.errors import UsageError
from gdcli.kernels.native.library import UnsupportedError
from gdcli.kernels.native.softmax.task import ClassTask
from gdcli.kernels.native.steps import Interpreted
from gdcli.kernels.native.stream import MOST_ROWS
from gdcli.kernels.native.task import Rows, Task, Vector

if TYPE_CHECKING:
    from gdcli.kernels.native.compiled import CompiledSums, Drawing
    from gdcli.kernels.native.draws import Shuffled
    from gdcli.kernels.native.tally import Tally
    from gdcli.kernels.native.update import Held

ENGINES = ("auto", "interpret", "compile")
# Code is written out for a row; longer rows run by numpy, whose calls then cost little beside the arithmetic.
WIDEST_STEP, WIDEST_PASS = 2048, 512
# Starting the compiler, in ns.
START_NS = 120e6


class Steps(Protocol):
    """Steps of stochastic gradient descent."""

    def advance(self, theta: Vector, average: Vector, rows: Rows, etas: Vector, tally: Tally, held: Held) -> int:
        """Take len(rows) steps, step t with the rows rows[t] (batch,) and eta_t; change theta, average (k,) and more.

        theta <- theta - eta_t g, or as the task's update has it with the state that is held, and the average is that of
        the theta before each step, weighted as the tally says.
        Return how many steps were taken: fewer where a prediction was not finite, theta being as it was then.
        """


def available() -> bool:
    """Whether there is a compiler here."""
    return find_spec("llvmlite") is not None


def steps(task: Task | ClassTask, count: int, engine: str = "auto", folder: Path | None = None) -> Steps:
    """The loop for about `count` steps of `task`."""
    if not _steps_compile(task, count, engine):
        return Interpreted(task)
    from gdcli.kernels.native.compiled import CompiledSteps
    from gdcli.kernels.native.machine import machine

    try:
        return CompiledSteps(task, machine(folder))
    except UnsupportedError as reason:
        _judge(reason, engine)
        return Interpreted(task)


def _steps_compile(task: Task | ClassTask, count: int, engine: str) -> bool:
    return compiles(task, engine, count * task.batch * row_ns(task, compiled=False), WIDEST_STEP)


def row_ns(task: Task | ClassTask, *, compiled: bool) -> float:
    """About what a row of a step costs, measured."""
    columns = task.model.columns
    if isinstance(task, Task) and task.update is not None:
        return 30.0 + 4.0 * columns if compiled else 15e3
    if isinstance(task, ClassTask):
        classes, numbers = task.model.classes, task.model.parameters
        return 40.0 + 5.0 * classes + 0.4 * numbers if compiled else 12e3 + 5.0 * numbers
    # The interpreter works with floats up to 32 columns, with numpy's calls beyond.
    return 15.0 + 2.0 * columns if compiled else 800.0 + 130.0 * min(columns, 60)


def _saved_ns(task: Task | ClassTask) -> float:
    """What numpy needs beyond the compiled pass, for phi of a row and for each of its numbers."""
    columns = task.model.columns
    if isinstance(task, ClassTask):
        return task.model.classes * (15.0 + 0.05 * columns)
    return 5.0 + 0.5 * columns


def sums(
    task: Task | ClassTask, count: int, engine: str = "auto", folder: Path | None = None, threads: int | None = None
) -> CompiledSums | None:
    """The passes for about `count` full gradients of `task`; None where numpy is to do them."""
    if not compiles(task, engine, count * len(task.y) * _saved_ns(task), WIDEST_PASS):
        return None
    from gdcli.kernels.native.compiled import CompiledSums
    from gdcli.kernels.native.machine import machine

    try:
        return CompiledSums(task, machine(folder), threads)
    except UnsupportedError as reason:
        _judge(reason, engine)
        return None


def drawing(
    task: Task | ClassTask, count: int, sampling: str, engine: str = "auto", folder: Path | None = None
) -> Drawing | None:
    """The loop for about `count` steps that draws rows by itself; None where it is to be given the rows."""
    most = {"uniform": range(2, MOST_ROWS + 1), "order": range(1, sys.maxsize)}
    if len(task.y) not in most.get(sampling, ()) or not _steps_compile(task, count, engine):
        return None
    from gdcli.kernels.native.compiled import Drawing
    from gdcli.kernels.native.machine import machine

    try:
        return Drawing(task, machine(folder), sampling)
    except UnsupportedError as reason:
        _judge(reason, engine)
        return None


def shuffled(rows: int, seed: int, folder: Path | None = None) -> Shuffled | None:
    """numpy's permutations of `rows` rows, compiled; None for numbers of rows that it draws otherwise."""
    from gdcli.kernels.native.draws import Shuffled
    from gdcli.kernels.native.machine import machine

    return Shuffled(machine(folder), rows, seed) if 2 <= rows <= MOST_ROWS else None


def _judge(reason: UnsupportedError, engine: str) -> None:
    """What cannot be compiled is interpreted, unless the compiler was asked for."""
    if engine == "compile":
        raise UsageError(f"{reason} cannot be compiled", hint="--engine interpret runs it") from reason


def compiles(task: Task | ClassTask, engine: str, saves_ns: float, widest: int) -> bool:
    """Whether compiled code saves more than its start costs; `engine` interpret or compile decides instead."""
    fits = task.written <= widest
    if engine == "auto":
        return fits and saves_ns > START_NS and available()
    if engine == "interpret":
        return False
    if engine != "compile":
        raise UsageError(f"unknown engine {engine!r}", hint=f"the engines are {', '.join(ENGINES)}")
    if not available():
        raise UsageError("there is no compiler here", hint="pip install llvmlite, or --engine interpret")
    if not fits:
        raise UsageError(f"rows of more than {widest} numbers are not compiled", hint="--engine interpret runs them")
    return True
