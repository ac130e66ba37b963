"""The budget: results and errors cross the pipe, limits hold inside C code, nothing is left behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from gdcli.errors import DataError, ExhaustedError, FormulaError
from gdcli.language import budget, parse
from gdcli.language.budget import Budget, within


def power(exponent: int) -> int:
    return (3**exponent).bit_length()


def fail_with_data() -> None:
    raise DataError("bad cell", file="a.csv", line=3, column="2 (x)", hint="mend it")


class OddError(Exception):
    def __init__(self, first: int, second: int) -> None:
        super().__init__("odd")


def raise_odd() -> None:
    raise OddError(1, 2)


def descend_forever(n: int = 0) -> int:
    return descend_forever(n + 1) + 1


def overflow() -> float:
    return float(10**400)


def test_a_number_beyond_all_bounds_is_no_bug() -> None:
    with pytest.raises(ExhaustedError, match="too large to compute with"):
        within(overflow)


def test_the_result_comes_back() -> None:
    assert within(power, 10) == (3**10).bit_length()
    assert within(lambda: b"x" * 5_000_000) == b"x" * 5_000_000
    assert within(os.getpid) != os.getpid()


def test_gdcli_errors_come_back_whole() -> None:
    with pytest.raises(DataError, match="bad cell") as caught:
        within(fail_with_data)
    assert (caught.value.line, caught.value.column, caught.value.hint) == (3, "2 (x)", "mend it")
    with pytest.raises(FormulaError) as formula:
        within(parse, "x +")
    assert (formula.value.source, formula.value.start) == ("x +", 3)


def test_other_errors_come_back_as_themselves_with_the_traceback() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        within(int, "abc")
    assert "Traceback" in "".join(caught.value.__notes__)
    with pytest.raises(RuntimeError, match="raise_odd"):
        within(raise_odd)
    with pytest.raises(TypeError):
        within(lambda: (n for n in ()))


def test_the_deadline_holds_inside_c_code() -> None:
    start = time.monotonic()
    with pytest.raises(ExhaustedError, match=r"not done within 0\.3 s") as caught:
        within(power, 10**9, budget=Budget(seconds=0.3))
    assert time.monotonic() - start < 2
    assert "--timeout" in str(caught.value.hint)


@pytest.mark.parametrize("allocate", [bytearray, lambda n: [0] * n, lambda n: 1 << (8 * n)])
def test_memory_is_limited(allocate: object) -> None:
    with pytest.raises(ExhaustedError, match="memory") as caught:
        within(allocate, 2**31, budget=Budget(memory=2**28))  # type: ignore[arg-type]
    assert caught.value.hint


def test_recursion_without_end() -> None:
    with pytest.raises(ExhaustedError):
        within(descend_forever)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGXCPU])
def test_a_crash_of_the_child(number: int) -> None:
    with pytest.raises(ExhaustedError) as caught:
        within(lambda: os.kill(os.getpid(), number))
    assert caught.value.hint


def test_nothing_is_left_behind() -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0

    before = open_files()
    for _ in range(20):
        within(power, 3)
        with pytest.raises(ExhaustedError):
            within(time.sleep, 5, budget=Budget(seconds=0.01))
        with pytest.raises(ValueError, match="invalid"):
            within(int, "x")
    assert open_files() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_interrupt_ends_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(budget, "_read", interrupt)
    with pytest.raises(KeyboardInterrupt):
        within(time.sleep, 60)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_without_fork_the_function_runs_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert within(os.getpid) == os.getpid()


def test_no_process_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(ExhaustedError, match="no further process"):
        within(power, 3)
