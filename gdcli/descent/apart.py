"""`--engine dask`: files to a data set whose rows are held by the workers of a cluster."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gdcli.data.dataset import Dataset
from gdcli.data.selection import Chooser
from gdcli.data.urls import scheme, shown
from gdcli.errors import UsageError

if TYPE_CHECKING:
    from gdcli.descent.load import Source
    from gdcli.descent.options import Options

# The address of the cluster of this machine.
LOCAL = "local"


def reader(
    source: Source, path: str, target: str | None, options: Options
) -> Callable[[Sequence[str] | Chooser | None], Dataset]:
    """What reads the chosen columns of the files that `path` names, on a cluster that lasts as long as the data set.

    Raises UsageError for data that no worker can read by themselves.
    """
    if source.table is not None or path == "-":
        what = "standard input" if path == "-" else "data in memory"
        raise UsageError(f"the workers of a cluster read files, and not {what}", hint="write them to a file")
    if options.model is not None:
        raise UsageError("over a cluster the model is linear, and --model is given", hint="leave --engine dask away")
    return lambda features: _read(source, path, target, features, options)


def _read(
    source: Source, path: str, target: str | None, features: Sequence[str] | Chooser | None, options: Options
) -> Dataset:
    from gdcli.data.partitions import reading
    from gdcli.risk.engines.dask.cluster import Cluster

    address = None if options.scheduler == LOCAL else options.scheduler
    source.progress.begin("starting workers" if address is None else "finding the workers")
    cluster = Cluster.opened(address, options.threads, source.note)
    try:
        if cluster.dashboard is not None:
            source.note(f"dashboard: {cluster.dashboard}")
        # Workers that were started elsewhere stand in other folders.
        place = path if address is None or scheme(path) else str(Path(path).absolute())
        dataset = reading.read(cluster, place, target, features, source.progress)
    except BaseException:
        cluster.close()
        raise
    # Nothing but the data set needs the workers; where it lives as long as the process, they end with that.
    weakref.finalize(dataset.apart, cluster.close)
    return replace(dataset, origin=replace(dataset.origin, name=shown(path)))
