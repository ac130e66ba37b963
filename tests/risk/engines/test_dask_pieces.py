"""What needs no workers: addresses, shares of the parts, the tree, versions, and a package that is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcli.data.partitions.parts import folded
from gdcli.errors import ExhaustedError, UsageError
from gdcli.risk.engines.dask import cluster as door
from gdcli.risk.engines.dask.address import checked
from gdcli.risk.engines.dask.cluster import Cluster
from gdcli.risk.engines.dask.facts import check_alike, facts
from gdcli.risk.engines.dask.holder import absent, runs
from gdcli.risk.engines.dask.shares import WorkerInfo, check_room, shares
from gdcli.risk.engines.dask.tree import Node, arranged


@pytest.mark.parametrize(
    "address",
    ["localhost:8786", "tcp://10.0.0.1:8786", "tls://head.cluster.example:1", "[::1]:8786", "tcp://[fe80::1]:65535"],
)
def test_an_address(address: str) -> None:
    assert checked(address) == address
    assert checked(address + "/") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "h",
        "h:",
        "h:0",
        "h:65536",
        "http://h:1",
        "inproc://h:1",
        "h:1/path",
        "h:1?q",
        "tcp://:1",
        " h:1",
        "h:1\n",
        "h:1,i:2",
    ],
)
def test_no_address(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a scheduler"):
        checked(address)


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        checked("tcp://me:secret@host:8786")
    assert "secret" not in f"{caught.value}{caught.value.hint}"


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60), st.integers(1, 12))
def test_shares_hold_every_part_once_and_are_fair(sizes: list[int], count: int) -> None:
    found = shares(sizes, count)
    assert [index for share in found for index in share] == list(range(len(sizes)))
    assert len(found) <= count
    assert all(found)
    sizes = [max(1, size) for size in sizes]
    fair = sum(sizes) / count + max(sizes)
    assert all(sum(sizes[index] for index in share) <= fair for share in found)


def test_equal_parts_go_to_all_workers() -> None:
    assert [len(share) for share in shares([8] * 12, 4)] == [3, 3, 3, 3]
    assert [len(share) for share in shares([8] * 3, 5)] == [1, 1, 1]


@given(st.integers(0, 300), st.integers(1, 9))
def test_the_tree_holds_every_member_once(count: int, arity: int) -> None:
    heads = arranged(range(count), arity)
    nodes = [node for head in heads for node in head.walk()]
    assert [node.member for node in nodes] == list(range(count))
    assert len(heads) <= arity
    assert all(len(node.below) <= arity for node in nodes)


def test_the_tree_is_as_flat_as_it_can_be() -> None:
    def depth(node: Node[int]) -> int:
        return 1 + max(map(depth, node.below), default=0)

    for arity, count in ((8, 8), (8, 72), (8, 584), (2, 6)):
        levels = 1
        while sum(arity**level for level in range(1, levels + 1)) < count:
            levels += 1
        assert max(map(depth, arranged(range(count), arity))) == levels


@given(st.sets(st.integers(0, 70), min_size=1), st.data())
def test_parts_that_take_no_part_are_left_out_of_the_sum(held: set[int], data: st.DataObject) -> None:
    """In segments that hold each of them once, and that fold as single parts would."""
    named = sorted(data.draw(st.sets(st.sampled_from(sorted(held)))))
    segments = absent(runs(sorted(held)), named)
    covered = [index << level | low for level, index in segments for low in range(1 << level)]
    assert sorted(covered) == sorted(held - set(named))
    values: dict[tuple[int, int], object] = {(0, index): str(index) for index in named}
    single: dict[tuple[int, int], object] = {(0, index): None for index in held - set(named)}
    count = max(held) + 1
    assert folded(values | segments, count, _both) == folded(values | single, count, _both)


def _both(first: str, second: str) -> str:
    return f"({first} {second})"


def test_room() -> None:
    check_room(WorkerInfo("tcp://h:1", 1, None), 2**60)
    check_room(WorkerInfo("tcp://h:1", 1, 1000), 600)
    with pytest.raises(ExhaustedError, match=r"tcp://h:1 is too small: its partitions take 3 MiB, and of its 4 MiB"):
        check_room(WorkerInfo("tcp://h:1", 1, 4 * 2**20), 3 * 2**20)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (ModuleNotFoundError("No module named 'gdcli'"), "worker w has no gdcli, or one without this engine"),
        (("0.0.1", facts()[1]), f"worker w has gdcli 0.0.1 under Python {facts()[1]}; here it is gdcli {facts()[0]}"),
        ((facts()[0], "3.1"), f"worker w has gdcli {facts()[0]} under Python 3.1; here it is gdcli {facts()[0]}"),
        (Exception("ModuleNotFoundError(\"No module named 'gdcli.risk'\")"), "worker w has no gdcli, or one without"),
        (ValueError("what"), r"worker w cannot tell its version of gdcli: ValueError\('what'\)"),
        ("what", "worker w has gdcli . under Python ."),
    ],
)
def test_a_worker_that_does_not_fit(said: object, message: str) -> None:
    check_alike({"v": facts(), "gone": OSError("nobody there")})
    with pytest.raises(UsageError, match=message) as caught:
        check_alike({"v": facts(), "w": said})
    assert f"install gdcli {facts()[0]} under Python {facts()[1]}" in (caught.value.hint or "")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="--engine dask needs the package distributed") as caught:
        Cluster.opened()
    assert caught.value.hint == 'pip install "gdcli[cluster]"'


def test_the_door_is_light() -> None:
    code = "import sys, gdcli.risk.engines.dask.cluster; print({'distributed', 'dask', 'tornado'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
