"""The loop of native.sgd as Python, with the same operations in the same order: the same bits.

For a few columns it is written out column by column over floats, which is several times as fast as numpy's calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdcli.kernels.native.model import Field, Linear, Model
from gdcli.kernels.native.plain import NO_NUMBER, Scalar, careful, quick, scalars
from gdcli.kernels.native.row import row_gradient
from gdcli.kernels.native.rows import lane_count
from gdcli.kernels.native.softmax import steps as softmax
from gdcli.kernels.native.softmax.task import ClassTask
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Matrix, Rows, Task, Vector
from gdcli.kernels.native.update import Held
from gdcli.kernels.native.updated import Updated

# Up to so many columns written out are faster than numpy's calls.
_WRITTEN_OUT = 32
# A few rows at a time are taken from the matrix as lists.
_GATHERED = 4096


class Interpreted:
    """Steps of stochastic gradient descent by the interpreter."""

    def __init__(self, task: Task | ClassTask) -> None:
        self._task = task
        self._over_floats = isinstance(task, Task) and task.update is None and _few(task.model)
        self._sgd = written_out(task) if self._over_floats and isinstance(task, Task) else by_rows(task)
        self._updated = None if isinstance(task, ClassTask) or task.update is None else Updated(task, task.update)

    def advance(self, theta: Vector, average: Vector, rows: Rows, etas: Vector, tally: Tally, held: Held) -> int:
        """As native.engine.Steps has it."""
        if self._updated is not None:
            return self._updated.advance(theta, average, rows, etas, tally, held)
        done = 0
        size = max(1, _GATHERED // self._task.batch)
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            taken = self._some(theta, average, rows[part], etas[part], tally)
            done += taken
            if taken < len(rows[part]):
                break
        return done

    def _some(self, theta: Vector, average: Vector, rows: Rows, etas: Vector, tally: Tally) -> int:
        X, y = self._task.X, self._task.y
        state: tuple[Any, ...] = theta, average
        if self._over_floats:
            drawn = rows.ravel()
            X, y = X[drawn].tolist(), y[drawn].tolist()
            rows = np.arange(len(drawn)).reshape(rows.shape)
            state = theta.tolist(), average.tolist()
        with np.errstate(all="ignore"):
            ratios = tally.ratios(etas).tolist()
            done, theta[:], average[:] = self._sgd(X, y, rows.tolist(), *state, etas.tolist(), ratios)
            tally.take(etas[:done])
        return int(done)


def _few(model: Model) -> bool:
    return isinstance(model, Field) or model.parameters <= _WRITTEN_OUT


def written_out(task: Task) -> Scalar:
    """The function sgd(X, y, rows, theta, average, etas, ratios) -> (steps taken, theta, average) over lists.

    With batches of one row `rows` is not looked at: step after step takes the next row.
    """
    slopes = {"slope": quick(task.loss, "d1"), "careful": careful(task.loss, "d1"), "NO_NUMBER": NO_NUMBER}
    namespace: dict[str, Any] = {"__builtins__": {"zip": zip}, **slopes}
    if isinstance(task.model, Field):
        namespace["field"] = scalars(task.model.slopes, "d0")
    exec(compile(text(task), f"<sgd of {task.loss.formula}>", "exec"), namespace)
    found: Scalar = namespace["sgd"]
    return found


def text(task: Task) -> str:
    """Python source. s is the sum over a batch, a the average, l the penalty."""
    k = task.model.parameters
    return "\n".join(
        [
            "def sgd(X, y, rows, theta, average, etas, ratios):",
            f"    {_tuple(_names('t', k))} = theta",
            f"    {_tuple(_names('a', k))} = average",
            "    done = 0",
            *(_one_row(task) if task.batch == 1 else _many_rows(task)),
            *(f"        s{j} = s{j} + {lam!r}*t{j}" for j, lam in enumerate(task.penalty.tolist()) if task.penalised),
            *(f"        a{j} = a{j} + ratio*(t{j} - a{j})" for j in range(k)),
            *(f"        t{j} = t{j} - eta*s{j}" for j in range(k)),
            "        done += 1",
            f"    return done, [{', '.join(_names('t', k))}], [{', '.join(_names('a', k))}]",
        ]
    )


def _one_row(task: Task) -> list[str]:
    return [
        f"    for ({_tuple(_names('x', task.model.columns))}), target, eta, ratio in zip(X, y, etas, ratios):",
        *(f"        {line}" for line in _slope(task, "target")),
        "        if p - p != 0.0:",
        "            break",
        *(f"        s{j} = f*{name}" for j, name in enumerate(_gradient(task.model))),
    ]


def _many_rows(task: Task) -> list[str]:
    k = task.model.parameters
    return [
        "    for batch, eta, ratio in zip(rows, etas, ratios):",
        "        doubt = 0.0",
        *(f"        s{j} = -0.0" for j in range(k)),
        "        for i in batch:",
        f"            {_tuple(_names('x', task.model.columns))} = X[i]",
        *(f"            {line}" for line in _slope(task, "y[i]")),
        "            doubt += p - p",
        *(f"            s{j} = s{j} + f*{name}" for j, name in enumerate(_gradient(task.model))),
        "        if doubt != 0.0:",
        "            break",
        *(f"        s{j} = s{j}/{float(task.batch)!r}" for j in range(k)),
    ]


def _slope(task: Task, target: str) -> list[str]:
    """f = phi'(p, target) for the row x."""
    return [
        _prediction(task.model),
        "try:",
        f"    f = slope(p, {target})",
        "except NO_NUMBER:",
        f"    f = careful(p, {target})",
    ]


def _gradient(model: Model) -> list[str]:
    return _names("x" if isinstance(model, Linear) else "g", model.parameters)


def _names(letter: str, count: int) -> list[str]:
    return [f"{letter}{j}" for j in range(count)]


def _tuple(names: Sequence[str]) -> str:
    return "".join(f"{name}, " for name in names) or "_"


def _prediction(model: Model) -> str:
    k = model.parameters
    if isinstance(model, Linear):
        return f"p = {_dot(k)}"
    arguments = [*_names("t", k), *_names("x", model.columns)]
    return f"p, {_tuple(_names('g', k))} = field({', '.join(arguments)})"


def _dot(k: int) -> str:
    """The lanes' sums, then folded by halves: the order of native.rows."""
    width = lane_count(k)
    sums = [" + ".join(f"x{j}*t{j}" for j in range(lane, k, width)) for lane in range(width)]
    while len(sums) > 1:
        half = len(sums) // 2
        sums = [f"({low}) + ({high})" for low, high in zip(sums[:half], sums[half:], strict=True)]
    return sums[0]


def by_rows(task: Task | ClassTask) -> Scalar:
    """The same over numpy's rows, for many columns or classes."""
    of_row: Callable[..., tuple[Any, float]]
    of_row = softmax.row_gradient(task.model) if isinstance(task, ClassTask) else row_gradient(task)
    batch, penalty = float(task.batch), task.penalty if task.penalised else None

    def sgd(X: Matrix, y: Vector, rows: Any, theta: Vector, average: Vector, etas: Any, ratios: Any) -> Any:
        for done, (drawn, eta, ratio) in enumerate(zip(rows, etas, ratios, strict=True)):
            gradient: Any = -0.0
            doubt = 0.0
            for i in drawn:
                term, unsure = of_row(X[i], y[i].item(), theta)
                gradient = gradient + term
                doubt += unsure
            if doubt != 0.0:
                return done, theta, average
            if batch > 1.0:
                gradient = gradient / batch
            if penalty is not None:
                gradient = gradient + penalty * theta
            average = average + ratio * (theta - average)
            theta = theta - eta * gradient
        return len(rows), theta, average

    return sgd
