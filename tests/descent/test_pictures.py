"""The figures of runs: the numbers of the log, and boundaries where theta . x = 0 in the file's units."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gdcli.descent.load import Source, open_problem
from gdcli.descent.pictures.run import run_figure, saved_figure
from gdcli.descent.pictures.trail import Trail
from gdcli.descent.plan import prepare
from gdcli.descent.report import step_report
from gdcli.descent.run import Run
from gdcli.render import Look
from gdcli.render.plots.terminal import draw
from gdcli.results.figure import Curve, Field, Figure, Points
from tests.cli.inprocess import run

TWO = "u,v,kind\n" + "".join(
    f"{a},{b},{'yes' if a + 3 * b + (a * b) % 3 > 9 else 'no'}\n" for a in range(6) for b in range(6)
)
LINE = "x,y\n" + "".join(f"{x},{2 * x + 1 + (-1) ** x}\n" for x in range(8))
THREE = "u,v,kind\n" + "".join(f"{a},{b},{'abc'[(a + b) // 4]}\n" for a in range(6) for b in range(6))


def figure(
    folder: Path, text: str, features: str | None = None, **options: object
) -> tuple[Figure, dict[str, float], list[dict[str, object]]]:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    dataset, chosen = open_problem(Source(str(path), features=features), options)  # type: ignore[arg-type]
    plan = prepare(dataset, chosen)
    going, trail = Run(plan, lambda: 0.0), Trail()
    for last in going:
        trail.add(step_report(last), going.met())
    theta = dict(plan.problem.coordinates.in_file_units(last.theta))
    return run_figure(plan, trail, last.theta), theta, [dict(line) for line in trail.lines]


def curve(found: Figure, label: str, panel: int = 0) -> Curve:
    return next(m for m in found.panels[panel].marks if isinstance(m, Curve) and m.label == label)


def test_the_gap_is_the_logs(tmp_path: Path) -> None:
    found, _, lines = figure(tmp_path, LINE, steps=50, gap=0.0, eta="0.01")
    drawn = curve(found, "gap $R - R^*$")
    logged = [line for line in lines if line["step"] > 0]  # type: ignore[operator]
    assert list(drawn.x) == [line["step"] for line in logged]
    assert list(drawn.y) == [line["gap"] for line in logged]
    bounds = [m for m in found.panels[0].marks if isinstance(m, Curve) and m.role == "bound"]
    least = [min(b.y[k] for b in bounds if b.y[k] is not None) for k in range(len(logged))]
    assert least == [line["bound"] for line in logged]
    assert len(bounds) > 1


def test_the_fitted_line_is_theta_times_x(tmp_path: Path) -> None:
    found, theta, _ = figure(tmp_path, LINE)
    fit = curve(found, "fit", 1)
    np.testing.assert_allclose(fit.y, [theta["x"] * x + theta["intercept"] for x in fit.x], rtol=1e-12)
    (data,) = [m for m in found.panels[1].marks if isinstance(m, Points)]
    assert (data.x[3], data.y[3]) == (3.0, 6.0)


@pytest.mark.parametrize(("features", "options"), [("x, x^2", {}), (None, {"model": "a*x + b*x^2 + c"})])
def test_formulas_of_one_column_are_a_curve_over_it(
    tmp_path: Path, features: str | None, options: dict[str, str]
) -> None:
    found, theta, _ = figure(tmp_path, LINE, features, **options)
    a, b, c = theta.values()
    fit = curve(found, "fit", 1)
    expected = [a * x + b * x * x + c for x in fit.x]  # type: ignore[operator]
    np.testing.assert_allclose(fit.y, expected, rtol=1e-9)  # type: ignore[arg-type]


def test_the_boundary_is_where_theta_times_x_is_0(tmp_path: Path) -> None:
    found, theta, _ = figure(tmp_path, TWO, l2=0.01)
    (field,) = [m for m in found.panels[1].marks if isinstance(m, Field)]
    assert field.levels == (0.0,)
    for j in (0, 30, 60):
        for i in (0, 17, 60):
            expected = theta["u"] * field.x[i] + theta["v"] * field.y[j] + theta["intercept"]
            assert field.z[j][i] == pytest.approx(expected, abs=1e-9)
    points = {m.label: len(m.x) for m in found.panels[1].marks if isinstance(m, Points)}
    assert points == {"no": TWO.count(",no"), "yes": TWO.count(",yes")}


def test_three_classes_have_a_line_where_the_best_score_changes(tmp_path: Path) -> None:
    found, theta, _ = figure(tmp_path, THREE, l2=0.01, steps=100)
    fields = [m for m in found.panels[1].marks if isinstance(m, Field)]
    assert len(fields) == 2
    u, v = fields[0].x[20], fields[0].y[40]
    scores = [theta[f"{c}: u"] * u + theta[f"{c}: v"] * v + theta[f"{c}: intercept"] for c in "abc"]
    assert fields[0].z[40][20] == pytest.approx(scores[0] - max(scores[1:]), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [LINE, TWO, THREE, "x,y\n1,2\n", "x,y\n1,2\n1,2\n", "a,b,c,y\n1,2,3,4\n2,1,5,3\n", "u,v,y\n1,2,3\n2,2,1\n4,1,5\n"],
)
def test_any_run_is_drawn(tmp_path: Path, text: str) -> None:
    found, _, _ = figure(tmp_path, text, steps=5, l2=0.1)
    for unicode in (True, False):
        assert max(map(len, draw(found, Look(80, unicode=unicode)).splitlines())) <= 80


def test_rows_beyond_some_thousand_are_a_sample_that_is_told_of(tmp_path: Path) -> None:
    found, _, _ = figure(tmp_path, "x,y\n" + "".join(f"{k},{k % 7}\n" for k in range(5000)), steps=3)
    assert found.notes == ("The data are 2000 of 5000 rows, equally spaced in the file.",)
    (data,) = [m for m in found.panels[1].marks if isinstance(m, Points)]
    assert (len(data.x), data.x[0], data.x[-1]) == (2000, 0.0, 4999.0)


def test_a_saved_run_has_the_same_panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    live, _, _ = figure(tmp_path, TWO, l2=0.01)
    assert run("descend", "data.csv", "--l2", "0.01", "--save", "run", "-q")[0] == 0
    saved = saved_figure(Path("run"))
    assert saved.panels[1] == live.panels[1]
    assert curve(saved, "gap $R - R^*$") == curve(live, "gap $R - R^*$")
    (tmp_path / "data.csv").write_text(TWO + TWO.splitlines()[-1] + "\n")
    changed = saved_figure(Path("run"))
    assert len(changed.panels) == 1
    assert "The data are not shown: their SHA-256 is not that of the run" in changed.notes[0]
    (tmp_path / "data.csv").unlink()
    lost = saved_figure(Path("run"))
    assert len(lost.panels) == 1
    assert "The data are not shown" in lost.notes[0]
    assert run("plot", "run")[0] == 0


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(LINE, encoding="utf-8")
    code, out, _ = run("descend", "data.csv", "--plot", "-q")
    assert (code, "y over x, with the fit" in out) == (0, True)
    code, out, err = run("descend", "data.csv", "--plot", "--json")
    assert (code, "--plot FILE.svg goes with any format" in err) == (2, True)
    code, out, err = run("descend", "data.csv", "--eta", "9", "--gap", "0", "--plot")
    assert (code, "gap R - R*" in out, "with the fit" in out) == (3, True, False)
    run("descend", "data.csv", "--eta", "0.1", "--gap", "0", "--steps", "9", "--save", "run")
    code, out, _ = run("descend", "--resume", "run", "--steps", "20", "--plot")
    assert code == 0
    steps = [line["step"] for line in map(json.loads, (tmp_path / "run" / "steps.ndjson").read_text().splitlines())]
    assert steps[0] == 0
    code, _, err = run("plot", "run", "run.txt")
    assert (code, "run.txt" in err) == (2, True)


def test_pictures_into_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(LINE, encoding="utf-8")
    code, out, _ = run("descend", "data.csv", "--json", "--save", "run", "--plot", "a.svg")
    assert (code, json.loads(out)["step"] > 0) == (0, True)
    assert run("plot", "run", "b.svg") == (0, "", "")
    assert run("rate", "data.csv", "--methods", "gd", "--steps", "5", "--plot", "c.svg")[0] == 0
    assert all((tmp_path / f"{name}.svg").read_text().startswith("<?xml") for name in "abc")
