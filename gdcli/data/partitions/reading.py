"""Files to a data set whose rows stay where they were read: two rounds over the files, and nothing of them here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from gdcli.data.dataset import Apart, Dataset
from gdcli.data.files import expand
from gdcli.data.partitions.agree import agreed
from gdcli.data.partitions.load import load
from gdcli.data.partitions.opened import Features
from gdcli.data.partitions.parts import Parts
from gdcli.data.partitions.portions import Locate, portions
from gdcli.data.progress import Progress


class Holders(Protocol):
    """Whoever can hold parts: the workers of a cluster."""

    @property
    def place(self) -> str:
        """Who they are, for people."""

    def spread(
        self, parts: Sequence[object], sizes: Sequence[int], progress: Callable[[int, int], object] | None = None
    ) -> Parts:
        """Parts of about so many bytes, dealt out; whoever watches is told how many of them are done."""


def read(holders: Holders, source: str, target: str | None, features: Features, progress: Progress) -> Dataset:
    """The files that `source` names, each read once to learn what it holds, and its portions by who is to hold them."""
    files = expand([source])
    progress.begin("looking at the files", "files")
    looked = holders.spread(files, [1] * len(files), progress)
    dataset, agreement, sample = agreed(looked, files, source if len(files) > 1 else files[0], target, features)
    columns = len(dataset.columns)
    cut = portions(tuple(agreement.rows.items()), columns)
    progress.begin("reading", "partitions")
    # An X, and beside it a standardised one.
    parts = holders.spread(cut, [8 * portion.rows * (2 * columns + 2) for portion in cut], progress)
    parts.change(load, agreement)
    return replace(dataset, apart=Apart(parts, Locate.of(cut), sample, holders.place))
