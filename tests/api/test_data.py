"""The functions on data: data frames and arrays give what their CSV gives, runs their log, frames the commands' CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import gdcli
from gdcli.errors import DataError, UsageError
from gdcli.render import Look, load
from tests.cli.inprocess import frame_of, run

TABLE = pd.DataFrame(
    {
        "size": [1.5, 2.0, 3.25, 4.0, 0.1, 1e-300],
        "count": [3, 1, 4, 1, 5, 9],
        "colour": ["red", "blue", "red", "green", "blue", "red"],
        "new": [True, False, True, True, False, False],
        "y": [1.0, 2.5, 4.0, 3.0, 2.0, 0.5],
    }
)
FRAMES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda table: table,
    "pandas with an index": lambda table: table.set_index(pd.Index(list("fedcba"))),
    "pandas categories": lambda table: table.astype({"colour": "category"}),
    "pandas nullable": lambda table: table.convert_dtypes(),
    "polars": pl.from_pandas,
    "pyarrow": pa.Table.from_pandas,
    "a mapping": lambda table: table.to_dict("list"),
    "a mapping of arrays": lambda table: {name: table[name].to_numpy() for name in table},
}


def same(one: gdcli.data.dataset.Dataset, other: gdcli.data.dataset.Dataset) -> bool:
    """The same bits, names and choices."""
    return (
        one.X.tobytes() == other.X.tobytes()
        and one.y.tobytes() == other.y.tobytes()
        and (one.columns, one.labels, one.target) == (other.columns, other.labels, other.target)
        and one.choices == other.choices
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("frames") / "table.csv"
    TABLE.to_csv(path, index=False)
    return str(path)


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_its_csv(name: str, file: str) -> None:
    frame = FRAMES[name](TABLE)
    assert same(gdcli.read(frame), gdcli.read(file))
    assert same(gdcli.read(frame, target="colour"), gdcli.read(file, target="colour"))
    assert same(gdcli.read(frame, target="y", features=["count"]), gdcli.read(file, target="y", features=["count"]))


@pytest.mark.parametrize(
    "options", [{}, {"features": "size, size^2"}, {"target": "new", "features": ["size", "count"]}]
)
def test_a_run_on_a_frame_is_the_run_on_its_csv(options: dict[str, Any], file: str) -> None:
    ours, theirs = gdcli.descend(TABLE, steps=50, **options), gdcli.descend(file, steps=50, **options)
    assert (ours.theta, ours.risk, ours.gap) == (theirs.theta, theirs.risk, theirs.gap)
    assert ours.head.data.data == "data frame"
    model = gdcli.descend(TABLE, model="a*exp(-b*size)", target="y", steps=20)
    assert model.theta == gdcli.descend(file, model="a*exp(-b*size)", target="y", steps=20).theta


def test_arrays_are_a_data_set(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((20, 3)), rng.standard_normal(20)
    found = gdcli.dataset(X, y)
    assert (found.columns, found.target) == (("x1", "x2", "x3"), "y")
    assert np.array_equal(found.X, X)
    assert np.array_equal(found.y, y)
    X[0, 0] = 7.0
    assert found.X[0, 0] != 7.0
    assert not found.X.flags.writeable
    pair = gdcli.descend((found.X, y), gap=1e-9)
    assert pair.theta == gdcli.descend(found, gap=1e-9).theta
    assert found.origin.sha256 == gdcli.dataset(found.X, y).origin.sha256 != gdcli.dataset(X, y).origin.sha256
    least, *_ = np.linalg.lstsq(np.column_stack([found.X, np.ones(20)]), y)
    assert pair.to_numpy() == pytest.approx(least, abs=1e-3)


def test_arrays_of_other_kinds() -> None:
    assert gdcli.dataset([1, 2, 3], [1, 2, 4]).X.tolist() == [[1.0], [2.0], [3.0]]
    assert gdcli.dataset(np.array([[True, False], [False, True]]), [1, 2]).X.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    named = gdcli.dataset(TABLE[["size", "count"]], TABLE["colour"], columns=["size", "count"], target="colour")
    assert (named.columns, named.labels) == (("size", "count"), ("blue", "green", "red"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gdcli.read(TABLE.assign(size=np.nan)), "an empty cell (one of 6 in this column) (row 1)"),
        (lambda: gdcli.read(TABLE.assign(size=[1, 2, None, 4, 5, 6])), "an empty cell (row 3)"),
        (lambda: gdcli.read(TABLE.assign(count=np.inf)), '"inf" looks like an infinity'),
        (lambda: gdcli.read(TABLE.assign(count=pd.Timestamp("2020-01-01"))), "a date"),
        (lambda: gdcli.read(pd.concat([TABLE, TABLE], axis=1)), "have the same name"),
        (lambda: gdcli.read(TABLE, target="price"), 'no column "price"'),
        (lambda: gdcli.read(TABLE[["y"]]), "at least one feature"),
        (lambda: gdcli.read(TABLE.iloc[:0]), "no data"),
        (lambda: gdcli.read({"x": [1, 2], "y": [1]}), "different lengths"),
        (lambda: gdcli.read({"x": [[1, 2], [3, 4]], "y": [1, 2]}), "one value a row"),
        (lambda: gdcli.read(pl.LazyFrame({"x": [1], "y": [2]})), "LazyFrame is no table"),
        (lambda: gdcli.descend(7), "int is no table"),  # type: ignore[arg-type]
        (lambda: gdcli.dataset([[1, 2]], [1, 2]), "X is (1, 2), y is (2,)"),
        (lambda: gdcli.dataset([[1, 2]], [1], columns=["a"]), "1 names for 2 columns"),
        (lambda: gdcli.dataset([[np.nan], [1.0]], [1, 2]), "an empty cell (row 1)"),
        (lambda: gdcli.dataset(np.ma.masked_equal([[1.0], [7.0]], 7.0), [1, 2]), "an empty cell (row 2)"),
        (lambda: gdcli.dataset([1, 2], np.ma.masked_equal([1, 2], 2)), "an empty cell (row 2)"),
        (lambda: gdcli.read({"x": np.ma.masked_equal([1, 7], 7), "y": [1, 2]}), "an empty cell (row 2)"),
        (lambda: gdcli.dataset([1, 2], [1j, 2j]), "complex numbers"),
        (lambda: gdcli.read({"x": np.array([1j, 2j]), "y": [1, 2]}), "complex numbers"),
    ],
)
def test_what_is_no_data_says_why(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()
    assert words in str(caught.value)
    assert caught.value.hint


def test_options_are_what_python_users_have() -> None:
    one = gdcli.descend("line", eta=np.float64(0.25), steps=np.int64(7), gap=0)
    assert one.theta == gdcli.descend("line", eta="1/4", steps=7, gap=0.0).theta
    model = {"model": "a*exp(-b*x)", "steps": 5}
    point = gdcli.descend("line", theta0={"b": 0.5, "a": 2}, **model)
    assert point.theta == gdcli.descend("line", theta0="a=2, b=0.5", **model).theta
    assert [m.method for m in gdcli.rate("line", methods="gd", eta=0.5, steps=5, jobs=1).methods] == ["gd"]


def test_a_data_set_has_its_columns() -> None:
    with pytest.raises(UsageError, match="still to be read"):
        gdcli.descend(gdcli.read(TABLE), target="y")
    with pytest.raises(UsageError, match="could not be read again"):
        gdcli.descend(TABLE, save="never-made")
    assert not Path("never-made").exists()


def test_a_run_is_the_command_s_and_has_its_log(tmp_path: Path) -> None:
    report = gdcli.descend("diabetes", method="sgd", epochs=3, seed=4)
    args = ["descend", "diabetes", "--method", "sgd", "--epochs", "3", "--seed", "4"]
    ours, theirs = json.loads(load("json").result(report, Look())), json.loads(run(*args, "--json")[1])
    for document in (ours, theirs):
        for key in ("seconds", "times", "row_gradients_per_second"):
            document.pop(key)
    assert ours == theirs
    assert (report.log[0].step, report.log[-1].step) == (0, report.step)
    assert report.log[-1].risk == report.risk
    kept = gdcli.descend("diabetes", method="sgd", epochs=3, seed=4, save=tmp_path / "run")
    assert [step.risk for step in kept.log] == [step.risk for step in report.log]
    assert gdcli.rerun(tmp_path / "run").equal


def test_the_frame_of_a_run_is_its_csv() -> None:
    theirs = frame_of(run("descend", "diabetes", "--steps", "20", "--format", "csv")[1])
    ours = gdcli.descend("diabetes", steps=20).to_frame()
    assert list(ours.columns) == list(theirs.columns)
    kept = [name for name in theirs if name != "seconds"]
    pd.testing.assert_frame_equal(ours[kept].astype(float), theirs[kept].astype(float), check_exact=True)


def test_the_frame_of_rates_is_their_csv() -> None:
    args = ["rate", "line", "--methods", "gd", "--steps", "30", "--jobs", "1", "--format", "csv"]
    theirs = frame_of(run(*args)[1])
    ours = gdcli.rate("line", methods=["gd"], steps=30, jobs=1).to_frame()
    assert list(ours.columns) == list(theirs.columns)
    kept = [name for name in theirs if name != "seconds"]
    pd.testing.assert_frame_equal(ours[kept], theirs[kept], check_exact=True, check_dtype=False)


def test_the_frame_of_predictions_is_their_csv(tmp_path: Path, file: str) -> None:
    gdcli.descend(file, target="y", save=tmp_path / "run")
    theirs = frame_of(run("predict", str(tmp_path / "run"), file)[1])
    report = gdcli.predict(tmp_path / "run", file)
    pd.testing.assert_frame_equal(report.to_frame(), theirs, check_exact=True)
    again = gdcli.predict(tmp_path / "run", TABLE)
    assert (again.predictions, again.risk) == (report.predictions, report.risk)
    assert gdcli.predict(tmp_path / "run", TABLE.drop(columns="y")).risk is None
    with pytest.raises(DataError, match='no column "size"'):
        gdcli.predict(tmp_path / "run", TABLE.drop(columns="size"))


def test_predictions_for_a_frame_of_one_feature(tmp_path: Path) -> None:
    gdcli.descend("line", save=tmp_path / "run", gap=1e-20)
    found = gdcli.predict(tmp_path / "run", {"x": [0.0, 10.0]}).to_frame()
    assert found["prediction"].tolist() == pytest.approx([1.4, 9.4])


def test_the_problems_as_a_frame() -> None:
    frame = gdcli.problems().to_frame()
    assert frame.set_index("name").loc["diabetes", "rows"] == 442
    assert json.loads(run("problems", "--json")[1])["problems"][0]["name"] == frame["name"][0]


def test_without_pandas_a_frame_is_polars_and_without_both_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import gdcli.results.result as module

    report = gdcli.minimize("x^2", start=1)
    real = module.find_spec
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "pandas" else real(name))
    assert isinstance(report.to_frame(), pl.DataFrame)
    assert report.to_frame()["x"].to_list() == [step.x["x"] for step in report.path]
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install pandas"):
        report.to_frame()
