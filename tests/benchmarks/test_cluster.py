"""The README's table of what a cluster costs is that of the model, and the model is near what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_cluster import alone, model, paper

README = Path(__file__).parents[2] / "README.md"


def test_the_table_is_in_the_readme() -> None:
    assert "\n".join(paper()) in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(("workers", "measured"), [(1, 41.8e-3), (2, 25.3e-3)])
def test_the_model_is_near_what_was_measured(workers: int, measured: float) -> None:
    assert model(2_000_000, 21, workers) == pytest.approx(measured, rel=0.1)


def test_few_rows_pay_on_one_machine_and_many_on_a_cluster() -> None:
    assert model(10**5, 21, 64) > alone(10**5, 21, 8)
    assert model(10**9, 21, 64) < alone(10**9, 21, 8)
