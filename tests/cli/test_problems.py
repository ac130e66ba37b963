"""`gdcli problems` as a process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gdcli.data import problems
from tests.cli.test_descend import gdcli


def test_the_list_names_every_problem_in_80_columns() -> None:
    done = gdcli("problems")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(any(line.startswith(name + " ") for line in done.stdout.splitlines()) for name in problems.names())
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_lists_the_cards() -> None:
    listed = json.loads(gdcli("problems", "--json").stdout)["problems"]
    assert [problem["name"] for problem in listed] == list(problems.names())
    assert all(problem["licence"] and problem["origin"] for problem in listed)


def test_a_card_and_a_copy(tmp_path: Path) -> None:
    done = gdcli("problems", "line", "--copy", "mine.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "Five points" in done.stdout
    path = problems.card("line").path
    assert path is not None
    assert (tmp_path / "mine.csv").read_bytes() == path.read_bytes()
    again = gdcli("problems", "line", "--copy", "mine.csv", cwd=tmp_path)
    assert again.returncode == 2
    assert "nothing was overwritten" in again.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [(["lime"], 'did you mean "line"'), (["--copy", "x.csv"], "needs the name of a problem")],
    ids=["unknown", "copy of nothing"],
)
def test_mistakes(args: list[str], message: str) -> None:
    done = gdcli("problems", *args)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", problems.names())
def test_every_problem_runs_by_name_and_meets_its_card(name: str, tmp_path: Path) -> None:
    done = gdcli("descend", name, "--json", "--steps", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    card = problems.card(name)
    assert report["loss"] == card.loss
    assert report["risk_optimum"] == pytest.approx(card.risk_optimum, rel=1e-10, abs=1e-25)
    assert (report["optimum"]["status"] == "attained") == card.attained
    assert report["gap_lower"] <= report["gap"] <= report["gap_upper"]
