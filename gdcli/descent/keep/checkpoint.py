"""checkpoint.json: the state of a run between two steps, whole, and up to where its log goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gdcli.descent.keep.files import foreign, replace, seal, unseal
from gdcli.descent.keep.log import Mark
from gdcli.descent.keep.values import decode, encode
from gdcli.descent.loops.state import State
from gdcli.risk.empirical import Vector

CHECKPOINT = "checkpoint.json"
_FLOATS = ("eta", "weight", "total", "squares", "slopes", "least", "largest")
_KINDS: dict[str, type] = {
    **dict.fromkeys(("t", "work", "asked"), int),
    **dict.fromkeys(("known", "still"), bool),
    **dict.fromkeys(_FLOATS, float),
}


@dataclass(frozen=True)
class Checkpoint:
    """`state` as `values.encode` has it, by its fields; `stopped`: the reason, None for a run that was to go on."""

    run: str
    seconds: float
    stopped: str | None
    log: Mark
    state: Any

    @classmethod
    def of(cls, run: str, state: State, seconds: float, stopped: str | None, log: Mark) -> Checkpoint:
        """That of a state."""
        fields = {name: encode(value) for name, value in state._asdict().items()}
        return cls(run, seconds, stopped, log, fields)

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        replace(folder / CHECKPOINT, seal(self))


def load(folder: Path, run: str, width: int) -> tuple[Checkpoint, State] | None:
    """The checkpoint of a run of `width` parameters; None where the run was stopped before it had one.

    Raises DataError that names the file for one that is damaged, of another run, or no state.
    """
    found = sealed(folder, run)
    if found is None:
        return None
    try:
        return found, _state(found.state, width)
    except (ValueError, TypeError, OverflowError) as error:
        raise foreign(folder / CHECKPOINT, f"this holds no state of a run: {error}") from None


def sealed(folder: Path, run: str) -> Checkpoint | None:
    """The checkpoint, its state unread. Raises DataError for one that is damaged or of another run."""
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    found = unseal(path, Checkpoint)
    if found.run != run:
        raise foreign(path, "this is the checkpoint of another run than the manifest beside it is of")
    return found


def _state(encoded: Any, width: int) -> State:
    if not isinstance(encoded, dict) or encoded.keys() != set(State._fields):
        raise ValueError("its fields are others")
    state = State(**{name: decode(value) for name, value in encoded.items()})
    for name, kind in _KINDS.items():
        if type(getattr(state, name)) is not kind:
            raise ValueError(f"its {name} is none")
    for vector in (state.theta, state.average):
        if not isinstance(vector, np.ndarray) or vector.shape != (width,) or vector.dtype != np.float64:
            raise ValueError(f"theta has not {width} numbers")
    return state


def theta(encoded: Any) -> Vector:
    """theta of a checkpoint's state."""
    return np.asarray(decode(encoded["theta"]))
