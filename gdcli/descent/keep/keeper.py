"""Who keeps a run while it goes on: lines of the log as they come, a checkpoint every so often, the report at last."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from gdcli.descent.keep.checkpoint import CHECKPOINT, Checkpoint
from gdcli.descent.keep.files import replace, unwritable
from gdcli.descent.keep.lock import Lock
from gdcli.descent.keep.log import STEPS, Log, Mark, before
from gdcli.descent.keep.manifest import MANIFEST, Manifest, now
from gdcli.descent.keep.parameters import THETA, parameters
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.run import Run, Step
from gdcli.errors import GdcliError, UsageError
from gdcli.escape import visible

RESULT = "result.json"
FILES = (MANIFEST, STEPS, CHECKPOINT, THETA, RESULT)
# Seconds between two checkpoints, and how much of the time they may take.
EVERY, SHARE = 10.0, 0.05


class Keeper:
    """Holds the folder of one run, whose state is the checkpoint's where it goes on from one.

    `watch` is called between two steps: where a checkpoint is due it writes one. The next one is due when EVERY seconds
    have gone by, and so many more that writing takes no more than SHARE of the time.
    """

    def __init__(
        self,
        lock: Lock,
        manifest: Manifest,
        plan: Plan,
        clock: Callable[[], float],
        found: tuple[Checkpoint, State] | None = None,
    ) -> None:
        checkpoint = None if found is None else found[0]
        self.state = None if found is None else found[1]
        self.folder, self.plan, self.manifest = lock.folder, plan, manifest
        self._lock = lock
        self._clock = clock
        self._seconds = 0.0 if checkpoint is None else checkpoint.seconds
        self._begin = clock() - self._seconds
        self._due = clock() + EVERY
        self._run: Run | None = None
        manifest.write(self.folder)
        self._log = Log(self.folder, Mark() if found is None else _shortened(self.folder, *found))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is not None and self._run is not None:
                # Whatever ends the run from outside finds its state whole; a disk that is full has been told of.
                with suppress(GdcliError):
                    self._keep(self._run.state, None, self._clock() - self._begin)
        finally:
            self._log.close()
            self._lock.release()

    def run(self, watch: Callable[[State], None] | None = None) -> Run:
        """The run, which goes on from where it was; `watch` sees its states, too."""

        def both(state: State) -> None:
            self.watch(state)
            if watch is not None:
                watch(state)

        self._run = Run(self.plan, self._clock, self.state, seconds=self._seconds, watch=both)
        return self._run

    def line(self, text: str) -> None:
        """One more line of the log."""
        self._log.line(text)

    def watch(self, state: State) -> None:
        """Write a checkpoint if one is due."""
        began = self._clock()
        if began >= self._due:
            self._keep(state, None, began - self._begin)
            ended = self._clock()
            self._due = ended + max(EVERY, (ended - began) / SHARE)

    def end(self, run: Run, last: Step, report: str) -> None:
        """The last checkpoint, and the report as JSON."""
        self._keep(run.state, None if run.stopped is None else run.stopped.name, last.seconds)
        replace(self.folder / RESULT, f"{report}\n")
        self.manifest.closed(now()).write(self.folder)
        # What goes wrong from here on changes nothing about how it ended.
        self._run = None

    def _keep(self, state: State, stopped: str | None, seconds: float) -> None:
        """The log first: a checkpoint vouches for lines that are on the disk."""
        mark = self._log.mark()
        Checkpoint.of(self.manifest.run, state, seconds, stopped, mark).write(self.folder)
        parameters(self.plan, self.manifest.run, state, stopped).write(self.folder)


def _shortened(folder: Path, checkpoint: Checkpoint, state: State) -> Mark:
    """Up to where a checkpoint is to vouch for the log that goes on from it: it says so before the log is cut."""
    mark = before(folder, checkpoint.log, state.t)
    if mark != checkpoint.log:
        dataclasses.replace(checkpoint, log=mark).write(folder)
    return mark


def check_free(folder: Path) -> None:
    """Raises UsageError where a run is in the folder already, or the folder cannot be made."""
    taken = next((name for name in FILES if (folder / name).exists()), None)
    shown = visible(str(folder), 4096)
    if taken == MANIFEST:
        hint = f"--resume {shown} goes on with it; to keep both, name another folder"
        raise UsageError(f"{shown} holds a run already", hint=hint)
    if taken is not None:
        message = f"{shown} holds a file {taken}, and no manifest of a run beside it"
        raise UsageError(message, hint="name another folder: nothing is overwritten")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{shown} is a file", hint="--save takes the name of a folder")


def claimed(folder: Path) -> Lock:
    """The lock of a new run's folder, which is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    lock = Lock(folder)
    try:
        check_free(folder)
    except UsageError:
        lock.release()
        raise
    return lock
