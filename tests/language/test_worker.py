"""The worker: one child for many calls, each under the limits, and never an answer to another question."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from gdcli.errors import DataError, ExhaustedError
from gdcli.language import parse, worker
from gdcli.language.budget import Budget
from gdcli.language.worker import Worker
from tests.language.test_budget import descend_forever, fail_with_data, power


def allocate(size: int) -> int:
    return len([0] * size)


KEPT: list[bytes] = []


def keep(size: int) -> int:
    """What a leak would be: memory that later calls find taken."""
    KEPT.append(b"x" * size)
    return sum(map(len, KEPT))


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def test_one_child_answers_many_questions() -> None:
    with Worker() as one:
        pids = {one.run(os.getpid) for _ in range(5)}
        assert one.run(power, 10) == (3**10).bit_length()
        assert one.run(parse, "x^2").variables == ("x",)
        assert len(one.run(bytes, 3_000_000)) == 3_000_000
        assert one.run(len, b"x" * 3_000_000) == 3_000_000
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_an_error_comes_back_and_the_child_goes_on() -> None:
    with Worker() as one:
        before = one.run(os.getpid)
        with pytest.raises(DataError, match="bad cell"):
            one.run(fail_with_data)
        with pytest.raises(ValueError, match="invalid literal"):
            one.run(int, "abc")
        assert one.run(os.getpid) == before


def test_the_deadline_is_for_each_call_and_holds_inside_c_code() -> None:
    with Worker(Budget(seconds=0.4)) as one:
        for _ in range(4):
            one.run(time.sleep, 0.2)
        start = time.monotonic()
        with pytest.raises(ExhaustedError, match=r"not done within 0\.4 s"):
            one.run(power, 10**9)
        assert time.monotonic() - start < 2
        assert one.run(power, 10) == (3**10).bit_length()


def test_memory_is_limited() -> None:
    with Worker(Budget(memory=2**28)) as one:
        with pytest.raises(ExhaustedError, match="memory"):
            one.run(allocate, 2**28)
        assert one.run(allocate, 1000) == 1000


def test_no_formula_pays_for_those_before_it() -> None:
    with Worker(Budget(memory=2**28)) as one:
        first = one.run(os.getpid)
        assert one.run(keep, 2**27) == 2**27
        assert one.run(keep, 3 * 2**26) == 3 * 2**26
        assert one.run(os.getpid) != first


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_is_an_error_and_the_next_call_works(number: int) -> None:
    with Worker() as one:
        one.run(power, 3)
        with pytest.raises(ExhaustedError):
            one.run(die, number)
        assert one.run(power, 3) == (3**3).bit_length()


def test_recursion_without_end() -> None:
    with Worker() as one:
        with pytest.raises(ExhaustedError):
            one.run(descend_forever)
        assert one.run(power, 3) == (3**3).bit_length()


def test_an_interrupt_leaves_no_stale_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with Worker() as one:
        assert one.run(int, "1") == 1
        with monkeypatch.context() as patched:
            patched.setattr(worker, "_received", interrupt)
            with pytest.raises(KeyboardInterrupt):
                one.run(int, "2")
        assert one.run(int, "3") == 3


def test_a_child_that_died_between_two_calls_is_replaced() -> None:
    with Worker() as one:
        os.kill(one.run(os.getpid), signal.SIGKILL)
        time.sleep(0.05)
        assert one.run(int, "7") == 7


def test_nothing_is_left_behind() -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0

    before = open_files()
    for _ in range(5):
        with Worker(Budget(seconds=0.05)) as one:
            one.run(int, "1")
            with pytest.raises(ExhaustedError):
                one.run(time.sleep, 5)
    assert open_files() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_without_fork_the_call_runs_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with Worker() as one:
        assert one.run(os.getpid) == os.getpid()


def test_no_process_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    with Worker() as one, pytest.raises(ExhaustedError, match="no further process"):
        one.run(power, 3)
