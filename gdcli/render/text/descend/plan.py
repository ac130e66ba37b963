"""A dry run for people: the head of the run, where it would stop, and what it would cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from gdcli.render import Look
from gdcli.render.text.cache import size
from gdcli.render.text.descend.head import about
from gdcli.render.text.descend.layout import entry
from gdcli.render.text.descend.numbers import count, number_of
from gdcli.results.plan import PlanReport, Worker

# Workers that are listed.
SHOWN = 16


def plan(result: PlanReport, look: Look) -> str:
    """What would run; every choice is told, as nothing else is."""
    lines = about(result.head, look)
    lines += ["", *(line for label, text in _entries(result) for line in entry(label, text, look))]
    return "\n".join([*lines, "", "Dry run: no step was taken.", ""])


def _entries(result: PlanReport) -> Iterator[tuple[str, str]]:
    head = result.head
    for choice in head.data.choices:
        yield "choice", choice
    target = (
        "1e-06 R* (of R(theta_0) - R* where R* is not positive)"
        if math.isnan(head.gap_target)
        else f"{head.gap_target:.4g}"
    )
    if math.isnan(head.gap_target) and result.max_gap is not None:
        target += f", or of {result.max_gap:g} if less"
    yield "stops", f"at a gap of {target}; after {number_of(head.steps, 'step')} at the latest"
    if result.max_gap is not None:
        yield "demands", f"exit code 1 unless the gap ends certified below {result.max_gap:g}"
    if head.averaging is not None:
        yield "average", head.averaging
    if head.rows_holdout is not None:
        yield "holdout", number_of(head.rows_holdout, "row")
    yield "cost", _cost(result)
    yield "memory", _memory(result)
    threads = f", {head.threads} threads" if head.threads > 1 else ""
    yield "engine", f"{head.engine}{threads} ({head.engine_reason})"
    yield from _workers(result.workers)
    if result.skipped:
        yield "skipped", ", ".join(result.skipped)


def _workers(workers: Sequence[Worker]) -> Iterator[tuple[str, str]]:
    """The first of them, and how many more there are."""
    for worker in workers[:SHOWN]:
        held = f"{number_of(worker.partitions, 'partition')}, {size(worker.partition_bytes)}"
        limit = "" if worker.memory_limit is None else f" of {size(worker.memory_limit)}"
        yield "worker", f"{worker.address}: {held}{limit}"
    if len(workers) > SHOWN:
        yield "worker", f"and {len(workers) - SHOWN} more"


def _cost(result: PlanReport) -> str:
    gradients = number_of(result.row_gradients, "gradient")
    whole = f"at most {gradients} of a row = {_passes(result.passes)} over the rows"
    flops = "" if result.flops is None else f", about {result.flops:.2g} flops"
    return whole + flops + (f"; and {', '.join(result.besides)}" if result.besides else "")


def _passes(passes: float) -> str:
    shown = count(round(passes)) if passes >= 100.0 else f"{passes:.3g}"
    return f"{shown} {'pass' if shown == '1' else 'passes'}"


def _memory(result: PlanReport) -> str:
    rows = f"the rows {size(result.rows_bytes)}{' in a file' if result.rows_in_file else ''}"
    return rows + (f", R* and its proof up to {size(result.proof_bytes)}" if result.proof_bytes else "")
