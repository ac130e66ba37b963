"""`gdcli config`: every option that can be set, with the truth about its value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gdcli.cli.settings.environment import variable
from gdcli.cli.settings.keys import KEYS
from tests.cli.settings.place import config, gdcli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return config(tmp_path, monkeypatch)


def test_every_option_of_every_command_is_listed(here: Path) -> None:
    document = json.loads(gdcli("config", "--json")[1])
    listed = [(item["for_command"], item["option"]) for item in document["settings"]]
    assert listed == [(command, key) for command, own in KEYS.items() for key in own]
    variables = [item["variable"] for item in document["settings"]]
    assert variables == [variable(key, command) for command, key in listed]


def test_text_shows_what_is_common_once_and_what_differs_by_command(here: Path) -> None:
    (here / "gdcli.toml").write_text('color = "never"\n\n[descend]\nmethod = "sgd"\n', encoding="utf-8")
    code, out, err = gdcli("config", GDCLI_RATE_SEEDS="3")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "project gdcli.toml"
    assert lines[1] == f"user {here}/user/gdcli/config.toml (there is none)"
    common, *parts = out.split("\n[")
    assert " ".join(common.split()).count("color never gdcli.toml, line 1") == 1
    own = {part.partition("]")[0]: " ".join(part.split()) for part in parts}
    assert "method sgd gdcli.toml, line 4" in own["descend"]
    assert "method gd default" in own["minimize"]
    assert "seeds 3 GDCLI_RATE_SEEDS" in own["rate"]
    assert own["predict"] == "predict] format csv default"
    assert all("color" not in part for part in own.values())


def test_one_command(here: Path) -> None:
    document = json.loads(gdcli("config", "cache", "--format", "ndjson")[1])
    assert document["kind"] == "config"
    assert [item["option"] for item in document["settings"]] == ["format", "color", "quiet", "verbose"]
    assert document["project_file"] is None
    assert document["user_file_exists"] is False
    assert "common" not in gdcli("config", "cache")[1]


def test_an_empty_file_of_settings_is_shown_as_read(here: Path) -> None:
    (here / "gdcli.toml").write_text("", encoding="utf-8")
    assert json.loads(gdcli("config", "--json")[1])["project_file"] == "gdcli.toml"


def test_a_command_that_is_none(here: Path) -> None:
    code, out, err = gdcli("config", "desend")
    assert (code, out) == (2, "")
    assert 'there is no command "desend"' in err
    assert 'did you mean "descend"?' in err


@pytest.mark.parametrize("width", [60, 80])
def test_the_page_fits(width: int, here: Path) -> None:
    lines = gdcli("config")[1].splitlines()
    assert all(len(line) <= width for line in lines[2:])
