"""--features by formula and --model: what is computed from a file, and every way to get it wrong."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from gdcli.data.dataset import Dataset
from gdcli.descent.load import Source, open_problem
from gdcli.descent.models.features import split
from gdcli.descent.options import Chosen
from gdcli.descent.plan import Plan, prepare
from gdcli.errors import DataError, FormulaError, GdcliError, UsageError
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.models.linear import LinearRisk

FILE = """color,body mass,x_1,e,y
red,1,2,3,4
blue,2,-1,5,6
red,5,4,7,9
blue,6,1,2,1
red,3,4,3,2
"""
MASS, X1, E, Y = np.array([[1, 2, 3, 4], [2, -1, 5, 6], [5, 4, 7, 9], [6, 1, 2, 1], [3, 4, 3, 2]], dtype=float).T
RED = np.array([1.0, 0.0, 1.0, 0.0, 1.0])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "some.csv"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def opened(file: str, features: str | None = None, target: str | None = None, **chosen: object) -> Dataset:
    return open_problem(Source(file, target, features), Chosen(**chosen))[0]  # type: ignore[typeddict-item]


def planned(file: str, **chosen: object) -> Plan:
    return prepare(*open_problem(Source(file), Chosen(**chosen)))  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x1, x1*x2, log(x3)", ["x1", "x1*x2", "log(x3)"]),
        ("max(a, b), x[1, 2], c", ["max(a, b)", "x[1, 2]", "c"]),
        ("a,,b,", ["a", "b"]),
        (" ", []),
        ("f((a, b), c), d", ["f((a, b), c)", "d"]),
        ("a), b", ["a)", "b"]),
    ],
)
def test_features_are_split_at_the_commas_outside_brackets(text: str, parts: list[str]) -> None:
    assert split(text) == parts


COLUMNS = {
    "x_1": {"x_1": X1},
    "2-3": {"body mass": MASS, "x_1": X1},
    "4, 2": {"e": E, "body mass": MASS},
    "x_1, x1^2, x1^3": {"x_1": X1, "x1^2": X1**2, "x1^3": X1**3},
    "x1^2": {"x1^2": X1**2},
    "max(x1, x2), 2 x1 x4": {"max(x1, x2)": np.maximum(X1, MASS), "2 x1 x4": 2 * X1 * E},
    "x2*x_1, color, |x1|, x_1": {"x2*x_1": MASS * X1, "color=red": RED, "|x1|": np.abs(X1), "x_1": X1},
    "log(x2), body mass": {"log(x2)": np.log(MASS), "body mass": MASS},
    "1 if x1 > 1 else 0": {"1 if x1 > 1 else 0": (X1 > 1).astype(float)},
    "x1 - x1 + 3": {"x1 - x1 + 3": np.full(5, 3.0)},
    "e^x1": {"e^x1": np.exp(X1)},
    "erf(x1) + Gamma(x2)": {
        "erf(x1) + Gamma(x2)": [math.erf(a) + math.gamma(m) for a, m in zip(X1, MASS, strict=True)]
    },
}


@pytest.mark.parametrize("features", COLUMNS)
def test_features_by_formula(file: str, features: str) -> None:
    dataset = opened(file, features)
    assert dataset.columns == tuple(COLUMNS[features])
    np.testing.assert_allclose(dataset.X, np.column_stack(list(COLUMNS[features].values())), rtol=1e-15)
    assert dataset.X.flags.c_contiguous
    assert not dataset.X.flags.writeable
    np.testing.assert_array_equal(dataset.y, Y)


def test_the_report_says_which_column_goes_by_its_number(file: str) -> None:
    assert 'x2 is column 2 "body mass"' in opened(file, "x2^2").choices
    assert 'x4 is column 4 "e"' in opened(file, model="a*x4").choices


def test_a_file_without_a_header_calls_its_columns_x1_x2(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("1,2,3\n4,5,6\n7,8,1\n", encoding="utf-8")
    np.testing.assert_array_equal(opened(str(path), "x1*x2").X[:, 0], [2.0, 20.0, 56.0])


def test_a_column_of_formula_like_name_stays_a_column(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('"x^2","a,b",x,y\n1,2,3,4\n5,6,8,8\n9,1,2,3\n', encoding="utf-8")
    assert opened(str(path), "x^2").X[:, 0].tolist() == [1.0, 5.0, 9.0]
    assert opened(str(path), "a,b").X[:, 0].tolist() == [2.0, 6.0, 1.0]


def test_features_are_standardised_as_columns_are(file: str) -> None:
    plan = planned_features(file, "x1, x1^2")
    assert isinstance(plan.risk, LinearRisk)
    np.testing.assert_allclose(plan.risk.X[:, :2].mean(axis=0), 0.0, atol=1e-15)
    theirs = np.linalg.lstsq(np.column_stack([X1, X1**2, np.ones(5)]), Y, rcond=None)[0]
    found = plan.problem.coordinates.in_file_units(plan.certificate.optimum.theta)
    assert list(found.values()) == pytest.approx(theirs, rel=1e-12)
    assert list(found) == ["x1", "x1^2", "intercept"]


def planned_features(file: str, features: str) -> Plan:
    return prepare(*open_problem(Source(file, None, features), Chosen()))


@pytest.mark.parametrize(
    ("features", "kind", "message", "hint"),
    [
        ("log(x1)", DataError, "the feature log(x1) is nan in data row 2, where x1 = -1", "a number in every row"),
        ("x1, 1/(x1 - 4)", DataError, "1/(x1 - 4) is inf in data row 3, where x1 = 4", "take another formula"),
        ("x2^500", DataError, "is inf in data row", ""),
        ("color^2", DataError, 'column "color" holds text, and a formula needs numbers', "leave it out"),
        ("foo", DataError, 'there is no column "foo" for the features', "the columns are color"),
        ("body mas", DataError, 'there is no column "body mas"', 'did you mean "body mass"?'),
        ("9", DataError, "there is no column 9 for the features", "the columns are"),
        ("x1, foo*x1", FormulaError, "there is no variable foo", "the variables are color, x2, x1, x4"),
        ("x1, sinn(x1)", FormulaError, "there is no function sinn", "did you mean sin?"),
        ("x1*", FormulaError, "", ""),
        ("y^2", UsageError, 'the feature y^2 uses column 5 "y", which is the target', "name another --target"),
        ("y", UsageError, 'column 5 "y" is the target and among the features', "leave it out"),
        ("1 + 1", UsageError, "the feature 1 + 1 uses no column of the file", "x2 (body mass)"),
        ("x1^2, x1^2", UsageError, "the feature x1^2 is asked for twice", "name it once"),
        ("x_1, x_1", UsageError, "among the features twice", "name it once"),
        (" , ", DataError, "there are no features", ""),
    ],
)
def test_features_that_cannot_be(file: str, features: str, kind: type[GdcliError], message: str, hint: str) -> None:
    with pytest.raises(kind) as caught:
        opened(file, features)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_two_columns_of_one_symbol_are_no_symbol(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("x_1,x1,y\n1,2,3\n4,5,6\n", encoding="utf-8")
    assert opened(str(path), "x_1").X[:, 0].tolist() == [1.0, 4.0]
    with pytest.raises(FormulaError, match="there is no variable x1"):
        opened(str(path), "x1^2")


def test_a_model_reads_the_columns_it_uses_alone(file: str) -> None:
    plan = planned(file, model="a*exp(b*x_1) + c*x2", theta0="a=1, b=1/10, c=sqrt(4)")
    assert isinstance(plan.risk, ModelRisk)
    assert plan.dataset.columns == ("x1", "x2")
    assert plan.problem.coordinates.names == ("a", "b", "c")
    np.testing.assert_array_equal(plan.theta0, [1.0, 0.1, 2.0])
    np.testing.assert_array_equal(plan.risk.X, np.column_stack([X1, MASS]))
    assert plan.risk.value(plan.theta0) == pytest.approx(np.mean((np.exp(X1 / 10) + 2 * MASS - Y) ** 2) / 2)
    assert (plan.options.standardise, plan.options.intercept) == (False, False)
    assert plan.certificate.optimum.rank == 3
    assert "df/da = exp(b*x1)" in plan.problem.notes
    assert not plan.convex


def test_every_parameter_begins_at_1_without_theta0(file: str) -> None:
    plan = planned(file, model="a*exp(-b*x1)")
    np.testing.assert_array_equal(plan.theta0, [1.0, 1.0])
    assert "theta0: 1 for every parameter (choose with --theta0)" in plan.problem.notes


@pytest.mark.parametrize(
    ("model", "design", "offset"),
    [
        ("a*x1 + b", [X1, np.ones(5)], 0.0),
        ("a + b*x2 + c*log(x2)", [np.ones(5), MASS, np.log(MASS)], 0.0),
        ("a*x1 + 3*x2 + 1", [X1], 3 * MASS + 1),
        ("(a + b)*x1 + b*x4", [X1, X1 + E], 0.0),
    ],
)
def test_a_model_linear_in_its_parameters_has_a_proven_optimum(
    file: str, model: str, design: list[np.ndarray], offset: float | np.ndarray
) -> None:
    plan = planned(file, model=model, loss="squared")
    A = np.column_stack(design)
    theta, *_ = np.linalg.lstsq(A, Y - offset, rcond=None)
    optimum = plan.certificate.optimum
    assert isinstance(plan.risk, LinearRisk)
    assert plan.convex
    assert math.isfinite(plan.certificate.omega)
    np.testing.assert_allclose(optimum.theta, theta, rtol=1e-11)
    assert optimum.risk_optimum == pytest.approx(np.mean((A @ theta + offset - Y) ** 2) / 2, rel=1e-12)
    assert "the model is linear in its parameters, so R* can be proven" in plan.problem.notes


def test_an_offset_that_no_target_can_take_stays_in_the_model(file: str) -> None:
    plan = planned(file, model="a*x1/10 + x2/10", loss="poisson")
    assert isinstance(plan.risk, ModelRisk)
    assert "has a part without parameters" in plan.risk.loss.reason
    assert plan.certificate.optimum.converged


def test_the_penalty_holds_for_every_parameter(file: str) -> None:
    plan = planned(file, model="a*x1 + b", l2=0.5, loss="squared")
    A = np.column_stack([X1, np.ones(5)])
    theta = np.linalg.solve(A.T @ A / 5 + 0.5 * np.eye(2), A.T @ Y / 5)
    np.testing.assert_allclose(plan.certificate.optimum.theta, theta, rtol=1e-12)


@pytest.mark.parametrize("method", ["gd", "sgd"])
def test_the_default_step_size_is_an_estimate_and_says_so(file: str, method: str) -> None:
    plan = planned(file, model="a*exp(b*x1)", theta0="a=1, b=0.1", method=method)
    eta = float(plan.schedule.etas(0, 1)[0])
    assert isinstance(plan.risk, ModelRisk)
    if method == "gd":
        both = (plan.theta0, plan.certificate.optimum.theta)
        assert eta == pytest.approx(
            1 / max(np.abs(np.linalg.eigvalsh(plan.risk.curvature(t))).max() for t in both), 0.01
        )
    assert any("not proven safe" in note for note in plan.problem.notes)
    assert not math.isfinite(plan.constants.L)


MODELS = [
    ({"model": "b1"}, UsageError, "the model b1 uses no column of the file", "the columns are color, x2 (body mass)"),
    ({"model": "x1*x2"}, UsageError, "has no parameters: all its symbols are columns", "symbols that are no columns"),
    ({"model": "b*y + x1"}, UsageError, 'uses column 5 "y", which is the target', "name another --target"),
    ({"model": "b*x2 + color"}, DataError, "this column holds text, and a model needs numbers", "leave it out"),
    ({"model": "sinn(x1)*b"}, FormulaError, "there is no function sinn", "did you mean sin?"),
    ({"model": "b*(x1"}, FormulaError, "", ""),
    ({"model": "a*log(x1)"}, UsageError, "the model is nan at theta0 (a=1) in data row 2, where x1 = -1", "--theta0"),
    ({"model": "a*x2^(b*10^6)"}, UsageError, "the model is inf at theta0 (a=1, b=1) in data row 2", "--theta0"),
    ({"model": "sqrt(a - 1)*x2"}, UsageError, "df/da is inf at theta0 (a=1) in data row 1", "with other numbers"),
    ({"model": "a*exp(b*x1)", "theta0": "a=1"}, FormulaError, "no value for b", "give every variable"),
    ({"model": "a*exp(b*x1)", "theta0": "a=1, c=2"}, FormulaError, "there is no variable c", "the variables are a, b"),
    ({"model": "a*exp(b*x1)", "theta0": "1, 2, 3"}, FormulaError, "3 coordinates for 2 variables (a, b)", ""),
    ({"model": "a*exp(b*x1)", "theta0": "a=1, b=x1"}, FormulaError, "x1 is a variable", ""),
    ({"model": "a*exp(b*x1)", "theta0": "a=1, b=1/0"}, UsageError, "b = 1/0 is no number", "a finite number"),
    ({"model": "a*exp(b*x1)", "theta0": "a=1, b=10^400"}, UsageError, "is no number that a double", "a finite number"),
    ({"model": "a*exp(b*x1)", "standardise": False}, UsageError, "--raw is for the linear model", "leave --raw away"),
    ({"model": "a*x1", "intercept": False}, UsageError, "--no-intercept is for the linear model", "constant terms"),
    ({"model": "a*x1", "penalise_intercept": True}, UsageError, "--penalise-intercept is for the linear", "leave"),
    ({"model": "a*x1", "loss": "softmax"}, UsageError, "softmax predicts a number for each class", "another --loss"),
    ({"theta0": "a=1"}, UsageError, "--theta0 is where a --model begins", "leave it away"),
    ({"intercept": False, "penalise_intercept": True}, UsageError, "contradict each other", "leave one of them"),
]


@pytest.mark.parametrize(("chosen", "kind", "message", "hint"), MODELS, ids=lambda value: str(value)[:40])
def test_models_that_cannot_be(
    file: str, chosen: dict[str, object], kind: type[GdcliError], message: str, hint: str
) -> None:
    with pytest.raises(kind) as caught:
        planned(file, **chosen)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_model_names_its_columns_itself(file: str) -> None:
    with pytest.raises(UsageError, match="--features is for the linear model"):
        open_problem(Source(file, None, "x1"), Chosen(model="a*x1"))


def test_a_misspelt_column_is_asked_about(file: str) -> None:
    dataset = opened(file, model="colour*x1")
    assert "colour is no column, so it is a parameter; did you mean color?" in dataset.choices


def test_a_bundled_problem_keeps_its_loss_and_leaves_its_penalty() -> None:
    dataset, options = open_problem(Source("diabetes"), Chosen(model="a + b*bmi"))
    assert dataset.columns == ("bmi",)
    assert (options.loss, options.l2) == ("squared", 0.0)
    plan = prepare(dataset, options)
    theirs = np.polyfit(dataset.X[:, 0], dataset.y, 1)
    assert plan.certificate.optimum.theta == pytest.approx(theirs[::-1], rel=1e-10)
