"""The compiled loops of one task, called through ctypes; they hold no lock while they run."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.errors import UsageError
from gdcli.kernels.native.batch import Pass, slice_rows
from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.sgd import Loop
from gdcli.kernels.native.softmax import batch as softmax_batch
from gdcli.kernels.native.softmax import sgd as softmax_sgd
from gdcli.kernels.native.softmax.task import ClassTask
from gdcli.kernels.native.sources import SOURCES, STARTS, Given, Source
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Rows, Task, Vector, check
from gdcli.kernels.native.update import Held, length_of

# Below so many numbers a second thread costs more than it saves.
_WORTH_A_THREAD = 1 << 19
_ADDRESS, _COUNT = ctypes.c_void_p, ctypes.c_int64


class _Compiled:
    """The loop of native.sgd for one task and one kind of source."""

    def __init__(self, task: Task | ClassTask, machine: Machine, source: Source) -> None:
        self._task = task
        text = _loop(task, source)
        signature = [*[_ADDRESS] * 3, _COUNT, *[_ADDRESS] * 3, _COUNT, *[_ADDRESS] * 4, _COUNT]
        self._function: Any = ctypes.CFUNCTYPE(_COUNT, *signature)(machine.function(text, "sgd"))

    def _run(self, theta: Vector, average: Vector, source: NDArray[Any], etas: Vector, tally: Tally, held: Held) -> int:
        """As many steps as there are step sizes. The loop trusts its arguments: what is amiss is found here."""
        task = self._task
        for name, array, length in (("theta", theta, task.model.parameters), ("the average", average, len(theta))):
            check(name, array, (length,))
        # One step size for all steps is a view that stays where it is.
        if etas.ndim != 1 or etas.dtype != np.float64 or etas.strides[0] not in (0, etas.itemsize):
            raise UsageError(f"step sizes of shape {etas.shape}", hint="give one for each step, as numpy.float64")
        if isinstance(task, Task) and task.update is not None:
            check("the state", held.state, (length_of(task.update.shape, len(theta)),))
            check("the table", held.table, (len(task.y) if task.update.remembers else 0,))
        data = (task.X, task.y, source)
        state = (theta, task.penalty, etas)
        stride = etas.strides[0] // etas.itemsize
        after = (average, tally.values, held.state, held.table)
        return int(self._function(*map(_at, data), len(etas), *map(_at, state), stride, *map(_at, after), len(task.y)))


class CompiledSteps(_Compiled):
    """Steps of stochastic gradient descent with given rows, compiled."""

    def __init__(self, task: Task | ClassTask, machine: Machine) -> None:
        super().__init__(task, machine, Given())

    def advance(self, theta: Vector, average: Vector, rows: Rows, etas: Vector, tally: Tally, held: Held) -> int:
        """As native.engine.Steps has it."""
        task, steps = self._task, len(rows)
        if etas.shape != (steps,):
            raise UsageError(f"step sizes of shape {etas.shape}", hint="give one for each step, as numpy.float64")
        if rows.shape != (steps, task.batch) or rows.dtype != np.intp or not rows.flags.c_contiguous:
            raise UsageError(
                f"row numbers of shape {rows.shape}", hint=f"give {task.batch} for each step, as numpy.intp"
            )
        if steps and not 0 <= rows.min() <= rows.max() < len(task.y):
            raise UsageError("a row number is not that of a row", hint=f"rows are numbered 0 to {len(task.y) - 1}")
        return self._run(theta, average, rows, etas, tally, held)


class Drawing(_Compiled):
    """The same with rows that the loop itself draws, as `sampling` has it: uniform or order."""

    def __init__(self, task: Task | ClassTask, machine: Machine, sampling: str) -> None:
        super().__init__(task, machine, SOURCES[sampling]())
        self._sampling = sampling

    def start(self, seed: int, skipped: int = 0) -> Drawn:
        """The draws of a seed, without so many of the first."""
        return Drawn(self._run, STARTS[self._sampling](len(self._task.y), seed, skipped))


class Drawn:
    """Steps with one row after the other of a stream of draws; between two calls it stays where it is."""

    # It never has to be filled.
    ready = sys.maxsize

    def __init__(
        self, run: Callable[[Vector, Vector, NDArray[Any], Vector, Tally, Held], int], source: NDArray[Any]
    ) -> None:
        self._run = run
        self._source = source

    def advance(self, theta: Vector, average: Vector, etas: Vector, tally: Tally, held: Held) -> int:
        """As native.engine.Steps has it, with len(etas) steps."""
        return self._run(theta, average, self._source, etas, tally, held)


class CompiledSums:
    """The pass of native.batch for one task, on `threads` threads; the result does not depend on their number."""

    def __init__(self, task: Task | ClassTask, machine: Machine, threads: int | None = None) -> None:
        self._task = task
        self._size = slice_rows(task.model.columns)
        enough = 1 + task.X.size // _WORTH_A_THREAD
        self.threads = max(1, min(threads or processors(), enough, -(-len(task.y) // self._size)))
        self._functions = {slopes: self._function(machine, slopes) for slopes in (False, True)}

    def value(self, theta: Vector) -> float:
        """(1/N) sum phi(p_i, y_i)."""
        return float(self._sums(theta, False)[0])

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """The same and (1/N) sum phi'(p_i, y_i) grad f(x_i; theta), (k,), in one pass over the data."""
        sums = self._sums(theta, True)
        return float(sums[0]), sums[1:]

    def _function(self, machine: Machine, slopes: bool) -> Any:
        signature = [_ADDRESS, _ADDRESS, *[_COUNT] * 4, _ADDRESS, _ADDRESS]
        return ctypes.CFUNCTYPE(None, *signature)(machine.function(_pass(self._task, slopes), "total"))

    def _sums(self, theta: Vector, slopes: bool) -> Vector:
        task = self._task
        check("theta", theta, (task.model.parameters,))
        rows, count = len(task.y), -(-len(task.y) // self._size)
        out = np.empty((count, 1 + slopes * len(theta)))
        cuts = [count * n // self.threads for n in range(self.threads + 1)]

        def part(first: int, last: int) -> None:
            arguments = (rows, self._size, first, last)
            self._functions[slopes](_at(task.X), _at(task.y), *arguments, _at(theta), _at(out))

        _together(part, cuts)
        with np.errstate(all="ignore"):
            return np.asarray(np.add.reduce(out, axis=0) / rows)


def _loop(task: Task | ClassTask, source: Source) -> str:
    """The text of its steps."""
    if isinstance(task, ClassTask):
        return softmax_sgd.Loop(task.model, task.batch, task.penalised, source).text()
    return Loop(task.loss, task.model, task.batch, task.penalised, source, task.update).text()


def _pass(task: Task | ClassTask, slopes: bool) -> str:
    """The text of its passes."""
    if isinstance(task, ClassTask):
        return softmax_batch.Pass(task.model, slopes).text()
    return Pass(task.loss, task.model, slopes).text()


def _together(part: Callable[[int, int], None], cuts: list[int]) -> None:
    """part(cut, next cut) for each pair, the first of them on this thread."""
    here, *elsewhere = pairwise(cuts)
    others = [threading.Thread(target=part, args=pair) for pair in elsewhere]
    for thread in others:
        thread.start()
    part(*here)
    for thread in others:
        thread.join()


def _at(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
