"""Formulas out of a grammar, bent and whole: 10^4 in every run, 10^6 at night. None may crash, hang or end wordless."""

from __future__ import annotations

import time

import pytest

from gdcli.calculus.report import gradient_report
from gdcli.errors import FormulaError, GdcliError
from gdcli.language import parse
from gdcli.language.budget import Budget
from gdcli.language.worker import Worker
from tests.hostile.grammar import formulas

SECONDS, CHUNK, EVERY_RUN, NIGHT = 3.0, 1_000, 10, 1_000


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The calculus is loaded here, once, and not by each child that takes another's place."""
    gradient_report(parse("x"), None, None, False)


def fault(text: str, worker: Worker) -> str:
    """What is wrong with the way this formula ends; nothing if all is well."""
    try:
        report = worker.run(gradient_report, parse(text), None, None, False)
    except FormulaError as error:
        inside = 0 <= error.start <= error.end <= len(error.source)
        return wordless(error) if inside else "a span outside the formula"
    except GdcliError as error:
        return wordless(error)
    except Exception as error:
        return f"a bug: {error!r}"
    return "" if report.expression.text else "an empty answer"


def wordless(error: GdcliError) -> str:
    if not (error.message and error.message.isprintable()):
        return f"a message that cannot be shown: {error.message!r}"
    return "" if error.hint else f"no remedy: {error.message}"


def check(seed: int) -> None:
    with Worker(Budget(SECONDS)) as worker:
        for text in formulas(seed, CHUNK):
            began = time.monotonic()
            assert fault(text, worker) == "", text
            assert time.monotonic() - began < 2 * SECONDS + 10, f"beyond the deadline: {text!r}"


def test_the_same_seed_gives_the_same_formulas() -> None:
    assert list(formulas(7, 50)) == list(formulas(7, 50)) != list(formulas(8, 50))


def test_many_of_them_are_formulas() -> None:
    """A corpus that is only refused would test little."""
    with Worker(Budget(SECONDS)) as worker:
        ends = [kind(text, worker) for text in formulas(0, 400)]
    assert ends.count("answer") > 60
    assert ends.count("domain") > 3
    assert ends.count("formula") > 60


def kind(text: str, worker: Worker) -> str:
    try:
        worker.run(gradient_report, parse(text), None, None, False)
    except GdcliError as error:
        return error.kind
    return "answer"


@pytest.mark.parametrize("seed", range(EVERY_RUN))
def test_ten_thousand_formulas(seed: int) -> None:
    check(seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(EVERY_RUN, EVERY_RUN + NIGHT))
def test_a_million_formulas(seed: int) -> None:
    check(seed)
