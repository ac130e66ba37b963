"""A loop that stands still between two steps every so often, for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable

from gdcli.descent.loops.state import Loop, State
from gdcli.descent.stopping import Stopped

# Seconds between two looks: a stride of steps is doubled below, halved above.
SHORT, LONG = 0.05, 0.5


class Watched:
    """The steps of another loop in strides, whose state `watch` sees before each and at the end.

    Strides change no bit of a step.
    """

    def __init__(self, loop: Loop, watch: Callable[[State], None], clock: Callable[[], float]) -> None:
        self._loop = loop
        self._watch = watch
        self._clock = clock
        self._stride = 1

    @property
    def state(self) -> State:
        """As loops.state.Loop has it."""
        return self._loop.state

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            self._watch(self.state)
            whole = self.state.t + self._stride
            began = self._clock()
            stopped = self._loop.go_to(min(until, whole))
            if stopped is not None:
                return stopped
            self._adapt(self._clock() - began, whole <= until)
        self._watch(self.state)
        return None

    def _adapt(self, took: float, whole: bool) -> None:
        """A stride that was cut short tells nothing of how long a longer one takes."""
        if took > LONG:
            self._stride = max(1, self._stride // 2)
        elif whole and took < SHORT:
            self._stride *= 2
