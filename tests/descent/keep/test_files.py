"""A torn, cut, foreign or edited file is refused with its name; data that are others, too; never a traceback."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gdcli.descent.keep import keeper as keeping
from gdcli.descent.keep.files import seal, unseal
from gdcli.descent.keep.keeper import Keeper
from gdcli.descent.keep.manifest import Manifest, read
from gdcli.descent.loops import watched
from gdcli.errors import DataError, ExhaustedError, GdcliError, UsageError
from tests.descent.keep.runs import begin, content, go, go_on, write

SEALED = ("manifest.json", "checkpoint.json", "theta.json")


@pytest.fixture
def run(table: Path, tmp_path: Path) -> Path:
    go(begin(table, tmp_path / "run", method="saga", steps=40, gap=0.0))
    return tmp_path / "run"


def opened(name: str, folder: Path) -> Any:
    """Whatever reads the file."""
    if name == "theta.json":
        from gdcli.descent.unseen.predict import predict

        return predict(folder, str(folder.parent / "data.csv"))
    return go(go_on(folder))


def cut(text: str) -> str:
    return text[: len(text) // 2]


def empty(text: str) -> str:
    return ""


def edited(text: str) -> str:
    document = json.loads(text)
    key = next(key for key in ("goal", "seconds", "step") if key in document)
    return json.dumps({**document, key: document[key] + 1})


def other_format(text: str) -> str:
    return json.dumps({**json.loads(text), "format": 2})


def a_list(text: str) -> str:
    return "[1, 2]"


def binary(text: str) -> str:
    return "\x80\x04\x95pickle\x00"


def deep(text: str) -> str:
    return "[" * 100_000


@pytest.mark.parametrize("damage", [cut, empty, edited, other_format, a_list, binary, deep], ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", SEALED)
def test_a_file_that_cannot_be_trusted_is_named(name: str, damage: Callable[[str], str], run: Path) -> None:
    path = run / name
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        opened(name, run)
    assert refusal.value.file == str(path)
    assert refusal.value.hint
    # Nobody holds the folder after an error.
    with pytest.raises(DataError):
        opened(name, run)


@pytest.mark.parametrize("name", SEALED)
def test_one_byte_that_was_changed_is_noticed_or_means_the_same(name: str, run: Path) -> None:
    path, draw = run / name, random.Random(name)
    raw, before = path.read_bytes(), content(run)
    for _ in range(40):
        place = draw.randrange(len(raw))
        path.write_bytes(raw[:place] + bytes([raw[place] ^ (1 << draw.randrange(8))]) + raw[place + 1 :])
        error = None
        try:
            opened(name, run)
        except GdcliError as refusal:
            error = refusal
        assert content(run) == before if error is None else str(path) in str(error)
        path.write_bytes(raw)


@pytest.mark.parametrize("name", SEALED)
def test_a_file_with_its_checksum_right_and_its_content_wrong(name: str, run: Path) -> None:
    from gdcli.descent.keep.files import checksum

    path = run / name
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["checksum"]
    wrong: list[dict[str, Any]] = [{**document, key: {"?": 1}} for key in document if key != "format"]
    wrong += [{k: v for k, v in document.items() if k != key} for key in document if key != "format"]
    wrong += [{**document, "more": 1}]
    for other in wrong:
        path.write_text(json.dumps({**other, "checksum": checksum(other)}), encoding="utf-8")
        with pytest.raises(GdcliError):
            opened(name, run)


def test_parts_of_two_runs_do_not_go_together(run: Path, table: Path, tmp_path: Path) -> None:
    go(begin(table, tmp_path / "other", method="saga", steps=40, gap=0.0))
    (run / "checkpoint.json").write_bytes((tmp_path / "other" / "checkpoint.json").read_bytes())
    with pytest.raises(DataError, match="of another run"):
        go_on(run)


@pytest.mark.parametrize("damage", [lambda raw: raw[:-9], lambda raw: raw.replace(b"1", b"2", 1), lambda raw: b""])
def test_a_log_that_was_edited_is_refused(damage: Callable[[bytes], bytes], run: Path) -> None:
    log = run / "steps.ndjson"
    log.write_bytes(damage(log.read_bytes()))
    with pytest.raises(DataError, match="lines that the checkpoint vouches for"):
        go_on(run)


def test_lines_behind_the_checkpoint_are_cut_off(run: Path) -> None:
    before = content(run)
    with (run / "steps.ndjson").open("ab") as log:
        log.write(b'{"kind": "step", "step": 41}\nhalf a li')
    go(go_on(run))
    assert content(run) == before


def test_other_data_are_refused(run: Path, table: Path, tmp_path: Path) -> None:
    write(tmp_path / "other.csv", seed=6)
    with pytest.raises(DataError, match="not the data of the saved run") as refusal:
        go_on(run, data=str(tmp_path / "other.csv"))
    assert refusal.value.file == str(tmp_path / "other.csv")
    table.write_text(table.read_text(encoding="utf-8").replace("0.", "1.", 1), encoding="utf-8")
    with pytest.raises(DataError, match="SHA-256 is another"):
        go_on(run)


def test_data_that_were_moved_are_found_by_name(run: Path, table: Path, tmp_path: Path) -> None:
    before = content(run)
    table.rename(tmp_path / "moved.csv")
    with pytest.raises(DataError, match="no such file"):
        go_on(run)
    go(go_on(run, data=str(tmp_path / "moved.csv")))
    assert content(run) == before


def test_a_folder_in_use_is_left_alone(table: Path, tmp_path: Path) -> None:
    with begin(table, tmp_path / "run", steps=40):
        with pytest.raises(UsageError, match="another process is writing"):
            go_on(tmp_path / "run")
        program = (
            "import sys\nfrom pathlib import Path\nfrom gdcli.descent.keep.lock import Lock\nLock(Path(sys.argv[1]))\n"
        )
        other = [sys.executable, "-c", program, str(tmp_path / "run")]
        done = subprocess.run(other, capture_output=True, text=True, check=False)
        assert "another process is writing" in done.stderr
    go(go_on(tmp_path / "run"))


def test_a_folder_that_holds_a_run_or_other_files(run: Path, table: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds a run already") as refusal:
        begin(table, run)
    assert "--resume" in str(refusal.value.hint)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "result.json").write_text("precious", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds a file result\.json"):
        begin(table, tmp_path / "mine")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        begin(table, tmp_path / "file")
    assert (tmp_path / "mine" / "result.json").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("options", "more", "message"),
    [
        ({"eta": "0.1/sqrt(T)"}, {"steps": 90}, "depends on the number T of steps"),
        ({"eta": "cosine"}, {"epochs": 90.0}, "depends on the number T of steps"),
        ({"method": "sgd", "loss": "absolute"}, {"steps": 90}, "depends on the number T of steps"),
        ({"method": "sgd", "averaging": "suffix"}, {"steps": 90}, "average of the last half"),
        ({"eta": "0.01"}, {"steps": 10}, "has taken 40 steps"),
        ({}, {"gap": 1.0}, "is above the"),
        ({}, {"steps": 50, "epochs": 2.0}, "say the same thing twice"),
        ({}, {"gap": -1.0}, "--gap is -1"),
    ],
    ids=str,
)
def test_more_that_would_change_steps_already_taken(
    options: dict[str, Any], more: dict[str, Any], message: str, table: Path, tmp_path: Path
) -> None:
    go(begin(table, tmp_path / "run", **{"steps": 40, "gap": 0.0, **options}))
    before = content(tmp_path / "run")
    with pytest.raises(UsageError, match=message):
        go_on(tmp_path / "run", **more)
    go(go_on(tmp_path / "run"))
    assert content(tmp_path / "run") == before


def test_the_manifest_says_what_was_run(run: Path, table: Path) -> None:
    import hashlib
    import platform

    import numpy as np

    found = read(run)
    assert found.data.sha256 == hashlib.sha256(table.read_bytes()).hexdigest()
    assert (found.data.rows, found.data.columns, found.data.target) == (30, ("x1", "x2", "x3"), "y")
    assert (found.versions.python, found.versions.numpy) == (platform.python_version(), np.__version__)
    assert (found.options.method, found.options.steps, found.options.seed) == ("saga", 40, 0)
    assert found.ended is not None
    assert found.started <= found.ended
    assert (run / "manifest.json").read_text(encoding="utf-8") == seal(unseal(run / "manifest.json", Manifest))
    assert not list(run.glob("*.part"))


def test_other_versions_are_told_of(run: Path) -> None:
    from dataclasses import replace

    from gdcli.descent.keep.saved import warnings

    found = read(run)
    assert warnings(found) == []
    older = replace(found, versions=replace(found.versions, numpy="1.26.0"))
    assert "numpy 1.26.0, now" in warnings(older)[0]


def test_checkpoints_come_every_so_often_and_cost_little(table: Path, tmp_path: Path) -> None:
    """By a clock that jumps a second a look, and three more where one is written: these are a twentieth at most."""
    time, written = [0.0], []

    def clock() -> float:
        time[0] += 1.0
        return time[0]

    keeper = begin(table, tmp_path / "run", clock, steps=400, gap=0.0, eta="0.01")
    keep = keeper._keep

    def slow(*args: Any) -> None:
        keep(*args)
        written.append(time[0])
        time[0] += 3.0

    keeper._keep = slow  # type: ignore[method-assign]
    go(keeper)
    apart = [later - earlier for earlier, later in pairwise(written[:-1])]
    assert len(apart) > 3
    assert min(apart) >= 3.0 / 0.05


def test_a_full_disk_ends_the_run_and_leaves_what_is_there(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"method": "saga", "steps": 100, "gap": 0.0, "every": 10}
    go(begin(table, tmp_path / "whole", **options))
    monkeypatch.setattr(keeping, "EVERY", 0.0)
    monkeypatch.setattr(watched, "SHORT", -1.0)
    keeper, fsync, left = begin(table, tmp_path / "run", **options), os.fsync, [60]

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExhaustedError, match="No space left") as stopped:
        go(keeper)
    assert "--resume" in str(stopped.value.hint)
    monkeypatch.setattr(os, "fsync", fsync)
    assert 0 < json.loads((tmp_path / "run" / "checkpoint.json").read_bytes())["state"]["t"] < 100
    go(go_on(tmp_path / "run"))
    assert content(tmp_path / "run") == content(tmp_path / "whole")


def until(keeper: Keeper, t: int) -> None:
    with keeper:
        for step in keeper.run():
            if step.t == t:
                raise KeyboardInterrupt


def test_whatever_ends_a_run_leaves_a_checkpoint(table: Path, tmp_path: Path) -> None:
    """A reader of the output that went away, or ^C in a program that uses the library."""
    options = {"method": "adam", "steps": 100, "gap": 0.0}
    go(begin(table, tmp_path / "whole", **options))
    keeper = begin(table, tmp_path / "run", **options)
    with pytest.raises(KeyboardInterrupt):
        until(keeper, 50)
    assert json.loads((tmp_path / "run" / "checkpoint.json").read_bytes())["state"]["t"] == 50
    found = go(go_on(tmp_path / "run"))
    assert found
    assert content(tmp_path / "run")["state"] == content(tmp_path / "whole")["state"]
