"""Steps of a method with its own update by numpy, with the operations of native.sgd in their order: the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdcli.kernels.native.row import row_parts
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Rows, Task, Vector
from gdcli.kernels.native.update import Held, Update, flat, formed


class Updated:
    """Row gradients summed in their order, then the method's own step."""

    def __init__(self, task: Task, update: Update) -> None:
        self._task = task
        self._update = update
        self._parts = row_parts(task)

    def advance(self, theta: Vector, average: Vector, rows: Rows, etas: Vector, tally: Tally, held: Held) -> int:
        """As native.engine.Steps has it."""
        state = formed(held.state, self._update.shape, len(theta))
        done, here, mean = 0, np.array(theta), np.array(average)
        with np.errstate(all="ignore"):
            for drawn, eta in zip(rows.tolist(), etas.tolist(), strict=True):
                found = self._step(drawn, here, state, eta, held)
                if found is None:
                    break
                after, state, size = found
                mean = mean + tally.ratio(size) * (here - mean)
                here = after
                done += 1
        theta[:], average[:], held.state[:] = here, mean, flat(state)
        return done

    def _step(
        self, drawn: list[int], theta: Vector, state: Any, eta: float, held: Held
    ) -> tuple[Vector, Any, float] | None:
        """The next theta and state and the step size; None where a prediction is not finite."""
        task, update = self._task, self._update
        place = theta if update.look is None else update.look(theta, state)
        g: Any = -0.0
        doubt, slope, direction = 0.0, 0.0, place
        for i in drawn:
            slope, direction, p = self._parts(task.X[i], task.y[i].item(), place)
            g = g + slope * direction
            doubt += p - p
        if doubt != 0.0:
            return None
        if len(drawn) > 1:
            g = g / float(len(drawn))
        pull = task.penalty * place
        if not update.remembers:
            after, state = update.step(theta, g + pull if task.penalised else g, state, eta)
            return after, state, eta if update.size is None else update.size(state)
        i = drawn[0]
        after, state = update.step(theta, g, state, eta, held.table[i] * direction, float(len(task.y)))
        if update.remembers == "last":
            held.table[i] = slope
        return (after - eta * pull if task.penalised else after), state, eta
