"""How a run of `gdcli descend` begins: anew, or where a saved one stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdcli.cli.progress import Progress
from gdcli.cli.terminal import Terminal
from gdcli.cli.watching import Wanted, watch
from gdcli.errors import UsageError

if TYPE_CHECKING:
    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.options import Chosen


@dataclass(frozen=True)
class Asked:
    """The data, where the run is kept, and what is wanted of it."""

    data: str
    target: str | None
    features: str | None
    save: Path | None
    wanted: Wanted


def begin(asked: Asked, chosen: Chosen, place: Terminal, progress: Progress) -> int:
    """A new run, kept in the folder `save` if there is one."""
    from gdcli.descent.load import Source, open_problem
    from gdcli.descent.plan import prepare

    save = asked.save
    check(save)
    source = Source(asked.data, asked.target, asked.features, place.stdin, progress, note=place.note)
    began = place.clock()
    dataset, options = open_problem(source, chosen)
    opened = place.clock()
    plan = prepare(dataset, options, progress=progress)
    reading, preparing = opened - began, place.clock() - opened
    if save is None:
        return watch(plan, place, progress, asked.wanted, reading=reading, preparing=preparing)
    from gdcli.descent.keep.keeper import Keeper, claimed
    from gdcli.descent.keep.manifest import manifest

    with Keeper(claimed(save), manifest(plan, source, options), plan, place.clock) as keeper:
        return watch(plan, place, progress, asked.wanted, keeper=keeper, reading=reading, preparing=preparing)


def go_on(folder: Path, data: str | None, anew: Mapping[str, Any], place: Terminal, progress: Progress) -> Keeper:
    """A saved run, ready to go on; `anew`: the steps, epochs, gaps or scheduler that it is given."""
    from gdcli.descent.keep.saved import More, resumed, warnings

    more = More(data, place.stdin, progress=progress, note=place.note, **anew)
    keeper = resumed(folder, more, place.clock)
    for warning in warnings(keeper.manifest):
        place.say("warning", warning)
    place.note(f"goes on from step {0 if keeper.state is None else keeper.state.t}")
    return keeper


def check(save: Path | None) -> None:
    """Before anything is read: that the folder `save` is free."""
    if save is not None:
        from gdcli.descent.keep.keeper import check_free

        check_free(save)


def folder_of(text: str) -> Path:
    """--save or --resume as a folder."""
    if not text.strip():
        raise UsageError("--save and --resume take the name of a folder", hint="gdcli descend data.csv --save run")
    return Path(text)
