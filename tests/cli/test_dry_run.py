"""`--dry-run`: the plan is the run's own, nothing is run, and R* is looked for only where the step size rests on it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.descent.method import names
from gdcli.risk import losses

# What the head of a run says and a dry run need not know.
RESTS_ON_R = {"optimum", "gap_target", "averaging", "constants"}
# What a run counts, and a plan foresees.
COUNTED = {"kind", "row_gradients", "warnings"}
# What each loss is tried on, and with what.
DATA = {
    "softmax": ["iris3"],
    "poisson": ["strikes", "--eta", "0.01"],
    **{loss: ["iris"] for loss in ("logistic", "hinge", "squared_hinge", "exponential")},
}


def gdcli(*args: str, stdin: bytes = b"", width: int = 80) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(list(args), Terminal(io.BytesIO(stdin), out, err, {}, width))
    return code, out.getvalue(), err.getvalue()


def document(*args: str) -> dict[str, Any]:
    code, out, _ = gdcli(*args, "--json")
    assert code == 0
    return dict(json.loads(out))


def agree(*args: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plan and the run, after a look at all that both say."""
    plan, run = document("descend", *args, "--dry-run"), document("descend", *args)
    for key in set(plan) & set(run) - RESTS_ON_R - COUNTED:
        assert plan[key] == run[key], key
    for key in ("L", "L_max", "mu", "kappa", "kappa_raw", "local", "lipschitz", "G"):
        assert plan["constants"][key] == run["constants"][key], key
    assert {"loss_derivative", "update", "schedule", "eta", "steps", "engine", "engine_reason", "theta0"} <= set(plan)
    return plan, run


@pytest.mark.parametrize("method", names())
def test_the_plan_of_a_method_is_what_its_run_says(method: str) -> None:
    plan, run = agree("diabetes", "--method", method, "--steps", "2", "--gap", "0")
    assert plan["dry_run"] is True
    assert run["reason"] == "steps" or method == "newton"
    if plan["besides"]:
        assert plan["row_gradients"] / 2 < run["row_gradients"] != plan["row_gradients"]
    else:
        assert run["row_gradients"] == plan["row_gradients"]
    assert plan["row_gradients"] == plan["passes"] * plan["rows"]


@pytest.mark.parametrize("loss", [*losses.LOSSES, losses.SOFTMAX])
def test_the_plan_of_a_loss_is_what_its_run_says(loss: str) -> None:
    agree(*DATA.get(loss, ["line"]), "--loss", loss, "--steps", "1", "--gap", "0")


@pytest.mark.parametrize(
    "args",
    [
        ["line", "--eta", "D/10"],
        ["line", "--raw", "--no-intercept", "--l2", "0.5"],
        ["diabetes", "--l1", "2"],
        ["diabetes", "--batch", "16", "--method", "sgd", "--sampling", "shuffle", "--averaging", "suffix"],
        ["diabetes", "--holdout", "0.2"],
        ["line", "--loss", "(p - y)^4"],
        ["big", "--method", "sgd", "--batch", "4"],
    ],
    ids=" ".join,
)
def test_the_plan_of_options_is_what_their_run_says(args: list[str]) -> None:
    agree(*args, "--steps", "3", "--gap", "0")


def test_no_step_is_taken_and_no_optimum_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a dry run ran")

    monkeypatch.setattr("gdcli.descent.plan.establish", never)
    monkeypatch.setattr("gdcli.descent.run.Run.__init__", never)
    for args in (["diabetes"], ["diabetes", "--method", "sgd"], ["iris3"], ["iris"], ["diabetes", "--l1", "1"]):
        plan = document("descend", *args, "--dry-run")
        assert (plan["optimum"], plan["gap_target"]) == (None, None)
        assert plan["optimum_reason"] == plan["gap_target_reason"] == "R* is not looked for in a dry run"
        assert plan["skipped"] == ["R* and its proof", "the bounds"]


@pytest.mark.parametrize(
    "args",
    [
        ["line", "--loss", "absolute"],  # eta = D/(G sqrt(T)), D the distance to the minimiser
        ["line", "--eta", "D/10"],
        ["line", "--model", "a*exp(b*x)"],  # eta from the curvature at the minimum found
    ],
    ids=" ".join,
)
def test_a_step_size_that_rests_on_the_optimum_has_it_found(args: list[str]) -> None:
    plan, run = agree(*args, "--steps", "1")
    assert plan["skipped"] == []
    assert plan["optimum"] == run["optimum"]
    assert plan["gap_target"] == run["gap_target"]


def test_text_says_what_would_run() -> None:
    code, out, err = gdcli("descend", "diabetes", "--method", "sgd", "--epochs", "3", "--max-gap", "5", "--dry-run")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    for part in (
        "442 rows x 10 features",
        "phi' = dphi/dp = p - y",
        "L = 4.02421 mu = 0.008561",
        "SGD: theta <- theta - eta_t grad phi_i(theta)",
        "eta_t = 1/(2*L_max*sqrt(1 + t/N)), eta_0 = 0.01004",
        "R* is not looked for in a dry run",
        "after 1 326 steps at the latest",
        "exit code 1 unless the gap ends certified below 5",
        # 11 parameters: 4 k flops for each row's gradient.
        "at most 1 326 gradients of a row = 3 passes over the rows, about 5.8e+04 flops",
        "the rows 42.4 kB",
        "engine interpret (1.33e+03 steps with 1 row of 11 numbers: little work)",
        "Dry run: no step was taken.",
    ):
        assert part in text, part
    assert "certified in" not in text


def test_the_gradient_of_a_model_is_shown() -> None:
    code, out, _ = gdcli("descend", "line", "--model", "a*exp(b*x)", "--eta", "0.001", "--dry-run")
    assert code == 0
    text = " ".join(out.split())
    assert "df/da = exp(b*x)" in text
    assert "df/db = a*x*exp(b*x)" in text
    assert "flops" not in text
    assert "R* is not looked for" in text


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("problem", ["diabetes", "breast_cancer", "iris3"])
def test_a_plan_fits_the_page(problem: str, width: int) -> None:
    out = gdcli("descend", problem, "--method", "sgd", "--dry-run", width=width)[1]
    assert all(len(line) <= width for line in out.splitlines())


def test_a_step_size_that_will_not_do_is_told_of_before_the_run() -> None:
    code, _, err = gdcli("descend", "diabetes", "--eta", "9", "--dry-run")
    assert code == 0
    assert err.startswith("gdcli: warning: eta = 9 is above 2/L = 0.497")
    assert document("descend", "diabetes", "--eta", "9", "--dry-run")["warnings"]


def test_full_gradients_by_a_matrix_cost_less_than_passes(tmp_path: Path) -> None:
    rows = [f"{i % 97},{i % 89},{i % 83},{i % 7}" for i in range(40_000)]
    (tmp_path / "long.csv").write_text("\n".join(["a,b,c,y", *rows]) + "\n", encoding="utf-8")
    plan = document("descend", str(tmp_path / "long.csv"), "--steps", "1000", "--dry-run")
    assert plan["engine_reason"].endswith("; after 7 passes by X^T X")
    # 7 passes with 4 parameters, X^T X, then 2 k^2 a step.
    assert plan["flops"] == 4 * 4 * 40_000 * 7 + 40_000 * 16 + 2 * 16 * 993


def test_ndjson_is_one_line() -> None:
    code, out, _ = gdcli("descend", "line", "--dry-run", "--format", "ndjson")
    (line,) = out.splitlines()
    assert (code, json.loads(line)["kind"]) == (0, "plan")


def test_standard_input_is_read() -> None:
    code, out, _ = gdcli("descend", "-", "--dry-run", "--json", stdin=b"x,y\n0,1\n1,3\n2,5\n")
    assert (code, json.loads(out)["rows"]) == (0, 3)


def test_save_is_checked_and_nothing_written(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    code, _, err = gdcli("descend", "line", "--save", str(folder), "--dry-run")
    assert (code, err) == (0, f"gdcli: note: --dry-run saves nothing in {folder}\n")
    assert not folder.exists()
    assert gdcli("descend", "line", "--save", str(folder), "--steps", "1")[0] == 0
    before = sorted(path.name for path in folder.iterdir())
    code, out, err = gdcli("descend", "line", "--save", str(folder), "--dry-run")
    assert (code, out) == (2, "")
    assert "holds a run already" in err
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["descend", "--resume", "run", "--dry-run"], "--dry-run is for a new run"),
        (["descend", "line", "--dry-run", "--format", "csv"], "--dry-run has no steps to write as csv"),
        (["descend", "line", "--dry-run", "--eta", "1/("], "1/("),
        (["descend", "nowhere.csv", "--dry-run"], "there is no such file"),
        (["minimize", "x^2", "--from", "1", "--dry-run", "--plot"], "--dry-run has no path to draw"),
        (["minimize", "x^2", "--from", "1", "--dry-run", "--format", "latex"], "no steps to write as latex"),
        (["minimize", "x^2", "--from", "1", "--dry-run", "--method", "sgd"], "a formula has none"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_has_no_plan_is_an_error(args: list[str], message: str) -> None:
    code, out, err = gdcli(*args)
    assert (code, out) == (2, "")
    assert message in err


def test_minimize_shows_the_gradient_of_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a dry run ran")

    monkeypatch.setattr("gdcli.descent.formula.run.Run.__init__", never)
    args = ["minimize", "(1-x)^2 + 100(y-x^2)^2", "--from", "-1,1", "--on", "-2..2", "--gap", "0", "--dry-run"]
    assert gdcli(*args)[0] == 2  # no mu > 0 is proven here
    del args[-3:-1]
    code, out, err = gdcli(*args)
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    assert "df/dx = -400*x*(y - x**2) + 2*x - 2" in text
    assert "df/dy = 200*y - 200*x**2" in text
    assert "eta = 0.000174883 (1/L, L proven on x in [-2, 2], y in [-2, 2])" in text
    assert "stops at |grad f| <= 1e-08; after 10 000 steps at the latest" in text
    assert out.endswith("Dry run: no step was taken.\n")


def test_a_plan_of_minimize_in_json_is_the_head_of_its_run() -> None:
    args = ["minimize", "x^2 + 3y^2", "--from", "1,2", "--gap", "1e-3", "--steps", "7"]
    plan, run = document(*args, "--dry-run"), document(*args)
    assert plan["partials"] == {"x": "2*x", "y": "6*y"}
    assert all(plan[key] == run[key] for key in set(plan) & set(run))
    assert {"L", "mu", "eta", "schedule", "steps", "gap_target"} <= set(plan) & set(run)
