"""The progress line: for people on a terminal alone, after a second, and gone when it is done."""

from __future__ import annotations

import io
import itertools
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gdcli.cli.meter import Meter, duration, line
from gdcli.cli.progress import Progress
from gdcli.cli.terminal import Terminal
from tests.cli import tty

# Shows at once what takes a second otherwise, and as often as it can.
EAGER_PROGRAM = """
from gdcli.cli import progress
progress.PATIENCE, progress.BETWEEN, progress.BEAT = 0.0, 0.0, 0.001
from gdcli.__main__ import main
main()
"""
EAGER = ("-c", EAGER_PROGRAM)
ENDLESS = ("--steps", "100000000000", "--gap", "0")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def place(clock: Clock, **fields: object) -> Terminal:
    terminal = Terminal(io.BytesIO(), Screen(), Screen(), {"LANG": "C"}, 80, clock=clock)
    for name, value in fields.items():
        setattr(terminal, name, value)
    return terminal


def shown(terminal: Terminal) -> str:
    assert isinstance(terminal.stderr, io.StringIO)
    return terminal.stderr.getvalue()


def test_nothing_within_the_first_second_then_at_most_ten_lines_in_one() -> None:
    clock = Clock()
    terminal = place(clock)
    progress = Progress(terminal)
    progress.begin("descending", "steps")
    for tick in range(3000):
        clock.now = tick / 1000
        progress(tick, 3000)
        if clock.now < 1.0:
            assert shown(terminal) == ""
    assert 15 <= shown(terminal).count("descending") <= 20


def test_a_line_of_the_log_stands_where_the_progress_stood() -> None:
    clock = Clock()
    terminal = place(clock)
    terminal.stdout = terminal.stderr
    with Progress(terminal) as progress:
        progress.begin("descending", "steps")
        clock.now = 2.0
        progress(1, 4)
        assert tty.screen(shown(terminal))[-1].startswith("descending")
        terminal.write("a line")
        assert tty.screen(shown(terminal)) == ["a line", ""]
        clock.now = 2.2
        progress(2, 4)
        assert tty.screen(shown(terminal))[-1].startswith("descending  [###########")
        terminal.say("note", "a remark")
        progress(3, 4)
        assert tty.screen(shown(terminal)) == ["a line", "gdcli: note: a remark", ""]
        clock.now = 3.0
        progress(3, 4)
    assert tty.screen(shown(terminal)) == ["a line", "gdcli: note: a remark", ""]


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "json"},
        {"format": "ndjson"},
        {"quiet": True},
        {"environ": {"TERM": "dumb"}},
        {"stderr": io.StringIO()},
    ],
    ids=["json", "ndjson", "quiet", "dumb", "no terminal"],
)
def test_where_nobody_looks_nothing_is_shown(fields: dict[str, object]) -> None:
    clock = Clock()
    terminal = place(clock, **fields)
    before = signal.getsignal(signal.SIGALRM)
    with Progress(terminal) as progress:
        progress.begin("descending", "steps")
        clock.now = 9.0
        progress(1, 4)
        assert not progress.shows
        assert signal.getsignal(signal.SIGALRM) is before
    assert shown(terminal) == ""


def test_the_timer_and_its_handler_are_put_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with Progress(place(Clock())):
        assert signal.getitimer(signal.ITIMER_REAL)[1] > 0.0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_what_is_not_counted_shows_its_seconds_by_the_timer_alone() -> None:
    clock = Clock()
    terminal = place(clock)
    with Progress(terminal) as progress:
        progress.begin("proving R*")
        clock.now = 7.0
        signal.raise_signal(signal.SIGALRM)
    assert "\rproving R*  7 s\r" in shown(terminal).replace("\x1b[J", "")


QUARTER = f"[{'#' * 5}{'-' * 17}]"


def meter(doing: str, unit: str, done: int | None, whole: int | None, seconds: float) -> Meter:
    found = Meter(doing, unit, 10.0)
    if done is not None:
        found.at(0, whole, 10.0)
        found.at(done, whole, 10.0 + seconds)
    return found


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (
            meter("reading a", "B", 5 * 10**7, 2 * 10**8, 2.0),
            f"reading a  {QUARTER}  50.0 of 200 MB  25.0 MB/s  6 s left",
        ),
        (meter("reading a", "B", 1234567, None, 2.0), "reading a  1.23 MB  617 kB/s"),
        (
            meter("descending", "steps", 1, 4, 5e5),
            f"descending  {QUARTER}  1 of 4 steps  2e-06 steps/s  416 h 40 min left",
        ),
        (meter("descending", "runs", 3, 12, 6.0), f"descending  {QUARTER}  3 of 12 runs  0.5 runs/s  18 s left"),
        (meter("descending", "steps", 7, 7, 6.0), f"descending  [{'#' * 22}]  7 of 7 steps"),
        (meter("proving R*", "", None, None, 0.0), "proving R*  2 s"),
    ],
)
def test_how_much_how_fast_how_long(made: Meter, wanted: str) -> None:
    assert line(made, 12.0, 100, blocks=False) == wanted


@pytest.mark.parametrize("blocks", [False, True])
def test_no_line_is_wider_than_the_terminal(blocks: bool) -> None:
    counts = (0, 10**9), (123456789, 10**9), (10**9, 10**9), (5, None)
    for width, (done, whole) in itertools.product(range(5, 121), counts):
        shown = line(meter("descending", "steps", done, whole, 3.0), 13.0, width, blocks)
        assert len(shown) <= width
        assert shown.startswith("descending"[:width])


def test_a_run_that_goes_on_has_the_rate_of_this_process() -> None:
    found = Meter("descending", "steps", 0.0)
    found.at(10**6, 10**7, 0.0)
    found.at(10**6 + 50, 10**7, 10.0)
    assert found.rate == 5.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (99.0, "99 s"), (200.0, "3 min 20 s"), (2001.0, "34 min"), (7500.0, "2 h 5 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is read in pieces."""
    path = tmp_path_factory.mktemp("data") / "large.csv"
    rows = (f"{i % 97 / 7},{i % 89 / 3},{i % 83},{i % 2}\n" for i in range(150_000))
    path.write_text(f"a,b,c,y\n{''.join(rows)}", encoding="utf-8")
    return path


def saw(word: str) -> Callable[[str], bool]:
    """Until such a line was there; of steps one that counts, when all that is imported for them is there."""
    pattern = re.escape(tty.AWAY + word) + ("[^\r]*left" if word == "descending" else "")
    return lambda sent: re.search(pattern, sent) is not None


def timeless(text: str) -> str:
    return re.sub(r"\s+\d+\.\d+ s", " # s", text)


def test_over_a_second_there_is_a_line_and_at_the_end_none() -> None:
    done = tty.run(["descend", "diabetes", "--method", "sgd", *ENDLESS], stop=saw("descending"))
    assert done.code == 130
    pattern = r"descending  [█░ ]*[\d ]+ of 100 000 000 000 steps  ([\d ]+ steps/s  )?[\d hmins]+ left"
    assert any(re.fullmatch(pattern, shown) for shown in done.progress)
    assert not any("█" in row or "descending" in row for row in done.screen)
    assert any(row.endswith(": interrupted") for row in done.screen)


def test_a_short_run_shows_none() -> None:
    done = tty.run(["descend", "line"], program=("-c", EAGER_PROGRAM.replace("= 0.0,", "= 1e9,")))
    assert (done.code, done.progress) == (0, [])
    assert tty.AWAY not in done.sent


@pytest.mark.parametrize("args", [["-q"], ["--json"], ["--format", "csv"]], ids=str)
def test_none_where_it_is_not_wanted(args: list[str]) -> None:
    done = tty.run(["descend", "diabetes", *args], program=EAGER)
    assert (done.code, done.progress) == (0, [])


def test_none_on_a_dumb_terminal() -> None:
    assert tty.run(["descend", "diabetes"], program=EAGER, TERM="dumb").progress == []


def test_with_stdout_in_a_pipe_it_stays_on_stderr() -> None:
    done = tty.run(["descend", "diabetes"], program=EAGER, piped=True)
    assert done.progress
    assert "".join(done.screen) == ""
    assert "Risk gap" in done.piped
    assert "\x1b" not in done.piped


def test_the_log_on_the_same_terminal_is_whole() -> None:
    args = ["descend", "diabetes", "--every", "3", "--steps", "600", "--color", "never"]
    done = tty.run(args, program=EAGER)
    assert len(done.progress) > 5
    piped = tty.run(args, piped=True)
    assert list(map(timeless, done.screen)) == list(map(timeless, piped.piped.split("\n")))


def test_ascii_where_the_locale_is_c() -> None:
    done = tty.run(["descend", "diabetes", "--steps", "50"], program=EAGER, LANG="C")
    assert any("[#" in shown for shown in done.progress)
    assert all(shown.isascii() for shown in done.progress)


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_it_is_no_wider_than_the_terminal(columns: int) -> None:
    done = tty.run(["descend", "diabetes", "--steps", "50"], program=EAGER, columns=columns)
    assert done.progress
    assert max(map(len, done.progress)) < columns


@pytest.mark.parametrize("work", ["reading large.csv", "proving R*", "descending"])
def test_interrupted_at_any_work_no_half_line_is_left(work: str, large: Path, tmp_path: Path) -> None:
    args = ["descend", str(large), "--method", "sgd", *ENDLESS]
    done = tty.run(args, stop=saw(work), program=EAGER, GDCLI_CACHE_DIR=str(tmp_path))
    assert done.code == 130
    assert any(shown.startswith(work) for shown in done.progress)
    assert done.screen[-1] == ""
    assert not any(
        word in row for row in done.screen for word in ("reading", "proving", "descending", "█", "Traceback")
    )


def test_rates_interrupted() -> None:
    done = tty.run(
        ["rate", "diabetes", "--seeds", "5", "--steps", "200000"], stop=lambda sent: "of 6 runs" in sent, program=EAGER
    )
    assert done.code == 130
    assert any(" of 6 runs" in shown for shown in done.progress)
    assert any("interrupted: " in row for row in done.screen)
    assert not any("█" in row or "Traceback" in row for row in done.screen)
