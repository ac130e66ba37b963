"""The runs of all methods, and the report of what they have come to so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from gdcli.data import store
from gdcli.data.dataset import Dataset
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.descent.options import Options
from gdcli.descent.rates import pool
from gdcli.descent.rates.compare import standings, verdict, winners
from gdcli.descent.rates.report import method_rate, risk_facts, warnings
from gdcli.descent.rates.trace import Trace
from gdcli.descent.rates.trials import AXES, jobs, trials
from gdcli.errors import UsageError
from gdcli.results.rate import RateReport
from gdcli.suggest import suggestion


class Rates:
    """Iterate `run()` to the end, or as long as there is time; `report()` tells of the runs that were done."""

    def __init__(
        self,
        dataset: Dataset,
        options: Options,
        methods: Sequence[str],
        *,
        seeds: int,
        at: str,
        clock: Callable[[], float],
        progress: Progress = UNWATCHED,
    ) -> None:
        if at not in AXES:
            hint = f"{suggestion(at, AXES)}the axes are {', '.join(AXES)}"
            raise UsageError(f"unknown axis {at!r} for --at", hint=hint)
        if dataset.apart is not None:
            message = "rates are measured in many processes of one machine, and not over a cluster"
            raise UsageError(message, hint="leave --engine dask away")
        self._clock, self._began = clock, clock()
        self._at, self._seeds, self._seed = at, seeds, options.seed
        self._trials = trials(dataset, options, methods, seeds, progress)
        self._jobs = jobs(self._trials)
        self._traces: dict[tuple[int, int], Trace] = {}

    def run(self, processes: int | None = None) -> Iterator[tuple[int, int]]:
        """How many runs are done, of how many: so after each one."""
        # A thread that still writes a large file's columns must not be in the middle of it when this process is copied.
        store.settle()
        with closing(pool.traces(self._jobs, pool.processes(processes, len(self._jobs)))) as stream:
            for job, trace in stream:
                self._traces[job.method, job.seed] = trace
                yield len(self._traces), len(self._jobs)

    @property
    def begun(self) -> bool:
        """Whether there is a run to report."""
        return bool(self._traces)

    def report(self) -> RateReport:
        """The rates of the methods that have runs, in the order in which they were named."""
        found = []
        for place, trial in enumerate(self._trials):
            done = [self._traces[place, seed] for seed in trial.seeds if (place, seed) in self._traces]
            if done:
                found.append(method_rate(trial, done, self._at))
        methods = tuple(rate for rate, _ in found)
        best = winners(methods, self._at)
        said = warnings(self._trials, methods)
        if len(self._traces) < len(self._jobs):
            said = (*said, f"interrupted: {len(self._traces)} of {len(self._jobs)} runs were done")
        return RateReport(
            **risk_facts([trial.plan for trial in self._trials]),
            at=self._at,
            seeds=self._seeds,
            seed=self._seed,
            methods=methods,
            standings=standings(found, self._at),
            winners=best,
            verdict=verdict(best, self._at),
            interrupted=len(self._traces) < len(self._jobs),
            seconds=self._clock() - self._began,
            warnings=said,
        )
