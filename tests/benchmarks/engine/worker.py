"""A process of one library with so many threads: it makes jobs and runs them as it is told, a line of JSON each.

    python -m tests.benchmarks.engine.worker LIBRARY

What a library prints goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from tests.benchmarks.engine.data import Given, Outcome

Job = Callable[[], Outcome]


def answer(order: dict[str, Any], jobs: dict[str, Job], library: Any) -> dict[str, Any]:
    """Open a job (and run it once), run one, or forget them all."""
    name = order.get("job")
    if order["do"] == "open":
        jobs[name] = library.JOBS[name.split("|")[0]](Given(**order["given"]))
        jobs[name]()
    elif order["do"] == "close":
        jobs.clear()
    else:
        return timed(jobs[name], order["times"])
    return {}


def timed(job: Job, times: int) -> dict[str, Any]:
    """Seconds of one of `times` runs, and what the last one found."""
    start = time.perf_counter()
    for _ in range(times):
        found = job()
    seconds = (time.perf_counter() - start) / times
    vector = np.asarray(found.vector, dtype=float).tolist()
    return {"seconds": seconds, "vector": vector, "rows": found.rows, "intercept": found.intercept}


def main() -> None:
    """Serve until there are no more orders."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    library = import_module(f"tests.benchmarks.engine.peers.{sys.argv[1]}")
    jobs: dict[str, Job] = {}
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), jobs, library)), file=answers, flush=True)


if __name__ == "__main__":
    main()
