"""From the folder of a saved run to the run: its data read again, its plan made again, its state."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from gdcli.data.dataset import Dataset
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.descent.keep import checkpoint
from gdcli.descent.keep.keeper import Keeper
from gdcli.descent.keep.lock import Lock
from gdcli.descent.keep.manifest import MANIFEST, Manifest, Versions, read
from gdcli.descent.load import Source, open_problem
from gdcli.descent.loops.state import State
from gdcli.descent.options import Chosen, Options
from gdcli.descent.plan import Plan, prepare
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible

# What may be asked for anew when a run goes on.
EXTENDABLE = ("steps", "epochs", "gap", "max_gap")


@dataclass(frozen=True)
class More:
    """What a run that goes on may be given: its data from another place, more steps, smaller gaps, another cluster;
    and who watches, and is told.
    """

    data: str | None = None
    stdin: BinaryIO | None = None
    steps: int | None = None
    epochs: float | None = None
    gap: float | None = None
    max_gap: float | None = None
    scheduler: str | None = None
    progress: Progress = UNWATCHED
    note: Callable[[str], object] = str

    @property
    def chosen(self) -> dict[str, int | float]:
        """The options that were given."""
        every = {name: getattr(self, name) for name in EXTENDABLE}
        return {name: value for name, value in every.items() if value is not None}


def resumed(folder: Path, more: More, clock: Callable[[], float]) -> Keeper:
    """The run in a folder, ready to go on from its checkpoint to the bits of a run that was never stopped.

    Raises DataError for files that cannot be trusted and data that are others, UsageError for a folder that another
    process writes to and for options that would change steps already taken.
    """
    if not (folder / MANIFEST).exists():
        read(folder)
    lock = Lock(folder)
    try:
        manifest = read(folder)
        options = _extended(manifest.options, more)
        plan = plan_of(manifest, options, more)
        found = checkpoint.load(folder, manifest.run, plan.risk.width)
        if more.chosen:
            _check(plan, manifest, None if found is None else found[1], more)
        return Keeper(lock, replace(manifest, options=options, goal=plan.target, ended=None), plan, clock, found)
    except BaseException:
        lock.release()
        raise


def plan_of(manifest: Manifest, options: Options, more: More) -> Plan:
    """The plan of a run from its manifest: of the same data, with the same engine and the same weights."""
    dataset, chosen = _read(manifest, options, more)
    plan = prepare(dataset, chosen, progress=more.progress)
    engine = manifest.engine
    if (plan.engine.name, plan.engine.threads) != (engine.name, engine.threads):
        # Which one pays depends on the number of steps and on the machine.
        plan = prepare(dataset, replace(chosen, engine=engine.name, threads=engine.threads))
    unseen = None if plan.unseen is None else plan.unseen.sha256
    if unseen != manifest.data.sha256_unseen:
        _others(str(options.validate))
    return replace(plan, averaging=manifest.weights)


def warnings(manifest: Manifest) -> list[str]:
    """What is another here than where the run was begun."""
    found = manifest.versions.differences(Versions.here())
    return [f"the run was begun elsewhere, and its last bits may differ: {'; '.join(found)}"] if found else []


def _read(manifest: Manifest, options: Options, more: More) -> tuple[Dataset, Options]:
    asked = manifest.asked
    if more.data is None and asked.data == "-":
        message = "the data of this run came from standard input, which cannot be read again"
        raise UsageError(message, hint="give them once more, as a file or as -: gdcli descend - --resume DIR")
    name = more.data or asked.path or asked.data
    source = Source(name, asked.target, asked.features, more.stdin, more.progress, note=more.note)
    given = {name: value for name, value in asdict(options).items() if value is not None}
    dataset, chosen = open_problem(source, cast(Chosen, given))
    if dataset.origin.sha256 != manifest.data.sha256:
        _others(source.name)
    return replace(dataset, origin=replace(dataset.origin, name=manifest.data.name)), chosen


def _others(file: str) -> None:
    message = "these are not the data of the saved run: their SHA-256 is another"
    hint = "give the file as it was then, or begin a new run with --save"
    raise DataError(message, file=visible(file, 4096), hint=hint)


def _extended(options: Options, more: More) -> Options:
    """With more steps, smaller gaps, another cluster."""
    if more.steps is not None and more.epochs is not None:
        raise UsageError("--steps and --epochs say the same thing twice", hint="give one of them")
    if more.steps is not None or more.epochs is not None:
        options = replace(options, steps=more.steps, epochs=more.epochs)
    if more.scheduler is not None:
        options = replace(options, scheduler=more.scheduler)
    if more.max_gap is not None:
        # What the run had to come below before, it still goes down to.
        before = math.inf if options.max_gap is None else options.max_gap
        options = replace(options, max_gap=min(more.max_gap, before))
    return options if more.gap is None else replace(options, gap=more.gap)


def _check(plan: Plan, manifest: Manifest, state: State | None, more: More) -> None:
    """Options that would have led to other steps than those taken are refused."""
    anew = "begin a new run with --save and another folder"
    if more.gap is not None and plan.target > manifest.goal:
        message = f"--gap {more.gap:g} is above the {manifest.goal:g} that this run goes down to"
        raise UsageError(message, hint=f"take a smaller one, or {anew}")
    if more.steps is None and more.epochs is None:
        return
    taken = 0 if state is None else state.t
    if plan.steps < taken:
        message = f"this run has taken {taken} steps, and {plan.steps} are asked for"
        raise UsageError(message, hint=f"ask for more, or {anew}")
    if re.search(r"\bT\b", plan.schedule.formula):
        message = f"eta = {plan.schedule.formula} depends on the number T of steps: others would have been taken"
        raise UsageError(message, hint=f"leave --steps and --epochs away, or {anew}")
    if plan.averaging is not None and plan.averaging.kind == "suffix":
        message = "the average of the last half of the steps began by their number: another one would be kept"
        raise UsageError(message, hint=f"leave --steps and --epochs away, or {anew}")
