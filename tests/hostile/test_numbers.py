"""Numbers at the edge of the doubles: no nan or inf is printed silently, and exact symmetries of the data are kept."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gdcli.errors import Exit
from gdcli.schema.documents import schema
from tests.cli.inprocess import run

_SMALL = ["5e-324", "-5e-324", "1e-320", "2.2250738585072014e-308", "1e-200", "-1e-155", "1e-16"]
_LARGE = ["1e16", "9007199254740993", "1e100", "1e154", "-1e155", "1e200", "1e308", "-1e308"]
EDGES = ["0", "-0", "1", "-1", "2.5", "0.1", *_SMALL, *_LARGE, "1.7976931348623157e308", "-1.7976931348623157e308"]
CELLS = st.one_of(
    st.sampled_from(EDGES),
    st.integers(-3, 3).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
FORMS = {
    "descend": ("gd", "sgd", "lbfgs", "newton", "adam", "coordinate", "nesterov", "svrg", "adagrad", "armijo"),
    "rate": ("gd", "gd,sgd"),
}
LOSSES = ("squared", "absolute", "huber", "logistic", "hinge", "poisson", "(p-y)^4")
WORD = re.compile(r"(?<![\w.])[+-]?(nan|inf|infinity)(?!\w)", re.IGNORECASE)

# The words about a parameter that has no double in the file's units.
BEYOND = "too large for a double"


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A CSV file of up to 6 rows and 3 columns of numbers at the edges, the target maybe of two classes."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    classes = draw(st.booleans())
    lines = [",".join([*(f"x{j}" for j in range(columns)), "y"])]
    for i in range(rows):
        target = str(i % 2) if classes else draw(CELLS)
        lines.append(",".join([*(draw(CELLS) for _ in range(columns)), target]))
    return "\n".join(lines) + "\n"


@st.composite
def options(draw: st.DrawFn) -> list[str]:
    command = draw(st.sampled_from(["descend"] * 5 + ["rate"]))
    many = draw(st.sampled_from(FORMS[command]))
    found = ["--method", many, "--steps", "7"] if command == "descend" else ["--methods", many, "--steps", "20"]
    found += draw(st.sampled_from([[], ["--raw"], ["--no-intercept"], ["--l2", "1e-6"], ["--l2", "1e300"]]))
    found += draw(st.sampled_from([[], [], *(["--loss", loss] for loss in LOSSES)]))
    found += draw(st.sampled_from([[], [], [], ["--eta", "1e300"], ["--eta", "1e-300"]]))
    found += ["--seeds", "2"] if command == "rate" else []
    return [command, *found]


@functools.cache
def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator(schema(command))


def holds(table: str, args: list[str], path: Path) -> None:
    path.write_text(table, encoding="utf-8")
    command, *rest = args
    code, out, err = run(command, str(path), *rest, "--format", "ndjson")
    assert code in list(Exit)
    assert code != Exit.BUG, err
    assert code in (0, 3) or err, "a failure says why"
    for line in out.splitlines():
        document = json.loads(line, parse_constant=pytest.fail)
        missing(document)
        assert not list(validator(command).iter_errors(document)), line
    again, text, err = run(command, str(path), *rest)
    assert again == code
    assert code == Exit.DIVERGED or BEYOND in err or not WORD.search(text + err), text + err


def missing(value: Any) -> None:
    """No text in a document is a number that is none."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert not (isinstance(item, str) and WORD.search(item)), item
        missing(item)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(table=tables(), args=options())
def test_no_number_that_is_none_is_printed(
    table: str, args: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    holds(table, args, tmp_path_factory.getbasetemp() / "edge.csv")


@pytest.mark.nightly
@settings(max_examples=20_000, deadline=None)
@given(table=tables(), args=options())
def test_no_number_that_is_none_is_printed_at_length(
    table: str, args: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    holds(table, args, tmp_path_factory.getbasetemp() / "edges.csv")
