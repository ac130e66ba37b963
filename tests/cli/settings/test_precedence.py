"""A flag over GDCLI_* over the project's file over the user's over the default: for an option of each type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.settings.place import config, gdcli, settings_of, write

# (key, as a flag, in the environment and what it reads as, in the project's file, in the user's, the default)
CASES: dict[str, tuple[list[str], tuple[str, Any], Any, Any, Any]] = {
    "sampling": (["--sampling", "order"], ("shuffle", "shuffle"), "order", "shuffle", "uniform"),
    "seed": (["--seed", "1"], ("2", 2), 3, 4, 0),
    "l2": (["--l2", "1"], ("0.5", 0.5), 0.25, 2.0, None),
    "raw": (["--raw"], ("no", False), True, True, False),
    "eta": (["--eta", "0.1"], ("1/L", "1/L"), "0.2", "0.3", None),
    "verbose": (["-v"], ("2", 2), 1, 2, 0),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return config(tmp_path, monkeypatch)


@pytest.mark.parametrize("key", CASES)
def test_every_layer_wins_over_those_below_it(key: str, here: Path) -> None:
    _, (text, read), project, user, default = CASES[key]
    assert settings_of("descend")[key] == (default, "default")
    write(here / "user" / "gdcli" / "config.toml", key, user)
    assert settings_of("descend")[key] == (user, "user")
    write(here / "gdcli.toml", key, project)
    assert settings_of("descend")[key] == (project, "project")
    assert settings_of("descend", **{f"GDCLI_{key.upper()}": text})[key] == (read, "environment")


@pytest.mark.parametrize("key", [key for key in CASES if key != "verbose"])
def test_a_flag_wins_over_all(key: str, here: Path) -> None:
    flag, (text, _), *_ = CASES[key]
    common = ["descend", "line", "--method", "sgd", "--steps", "4", "--gap", "0", "--json"]
    plain = gdcli(*common, *flag)[1]
    write(here / "gdcli.toml", key, CASES[key][2] if key != "raw" else False)
    assert _timeless(gdcli(*common, *flag, **{f"GDCLI_{key.upper()}": text})[1]) == _timeless(plain)


@pytest.mark.parametrize("key", ["sampling", "seed", "l2", "raw", "eta"])
def test_a_value_does_what_its_flag_does(key: str, here: Path) -> None:
    common = ["descend", "line", "--method", "sgd", "--steps", "4", "--gap", "0", "--json"]
    flag = ["--raw"] if key == "raw" else [f"--{key}", str(CASES[key][2])]
    typed, bare = gdcli(*common, *flag)[1], gdcli(*common)[1]
    write(here / "gdcli.toml", key, CASES[key][2])
    assert _timeless(gdcli(*common)[1]) == _timeless(typed) != _timeless(bare)


def _timeless(text: str) -> dict[str, Any]:
    document = json.loads(text)
    for key in ("seconds", "times", "row_gradients_per_second", "row_gradients_per_second_reason"):
        document.pop(key, None)
    return dict(document)


def test_a_table_wins_over_the_top_of_its_file_and_no_more(here: Path) -> None:
    (here / "gdcli.toml").write_text('eta = 0.1\n[descend]\neta = "1/L"\n', encoding="utf-8")
    assert settings_of("descend")["eta"] == ("1/L", "project")
    assert settings_of("rate")["eta"] == ("0.1", "project")
    assert settings_of("descend", GDCLI_ETA="0.3")["eta"] == ("0.3", "environment")
    assert settings_of("descend", GDCLI_ETA="0.3", GDCLI_DESCEND_ETA="0.4")["eta"] == ("0.4", "environment")
    assert settings_of("rate", GDCLI_ETA="0.3", GDCLI_DESCEND_ETA="0.4")["eta"] == ("0.3", "environment")


def test_gdcli_toml_stands_in_front_of_pyproject(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.gdcli]\nseed = 1\n[tool.gdcli.rate]\nseeds = 3\n", encoding="utf-8")
    assert settings_of("rate")["seed"] == (1, "project")
    assert settings_of("rate")["seeds"] == (3, "project")
    (here / "gdcli.toml").write_text("seed = 2\n", encoding="utf-8")
    assert settings_of("rate")["seed"] == (2, "project")
    assert settings_of("rate")["seeds"] == (10, "default")


@pytest.mark.parametrize("text", ["[tool.ruff]\nline-length = 9\n", "no toml at all", "[tool]\nname = 'gdcli'\n"])
def test_a_pyproject_that_says_nothing_of_gdcli_is_no_matter(text: str, here: Path) -> None:
    (here / "pyproject.toml").write_text(text, encoding="utf-8")
    assert gdcli("grad", "x")[::2] == (0, "")


def test_an_empty_variable_is_none(here: Path) -> None:
    assert settings_of("descend", GDCLI_SEED="")["seed"] == (0, "default")


def test_numbers_may_stand_for_text_that_is_one(here: Path) -> None:
    (here / "gdcli.toml").write_text("eta = 0.1\nbatch = 2\nl2 = 1\n", encoding="utf-8")
    found = settings_of("descend")
    assert (found["eta"][0], found["batch"][0], found["l2"][0]) == ("0.1", "2", 1.0)


def test_a_file_from_windows_is_read(here: Path) -> None:
    (here / "gdcli.toml").write_bytes(b"\xef\xbb\xbfseed = 1\r\n[descend]\r\neta = '1/L'\r\n")
    assert settings_of("descend")["seed"] == (1, "project")
    assert settings_of("descend")["eta"] == ("1/L", "project")


def test_a_page_of_help_is_the_same_for_everybody(here: Path) -> None:
    plain = gdcli("descend", "--help")
    (here / "gdcli.toml").write_text("this is [no toml", encoding="utf-8")
    assert gdcli("descend", "--help", GDCLI_SEED="7") == plain
    assert plain[0] == 0


def test_a_saved_run_goes_on_as_it_was_saved(here: Path) -> None:
    assert gdcli("descend", "line", "--steps", "3", "--gap", "0", "--save", "run")[0] == 0
    (here / "gdcli.toml").write_text('[descend]\nsteps = 2\ngap = 1\nmethod = "sgd"\n', encoding="utf-8")
    code, out, err = gdcli("descend", "--resume", "run", "--steps", "5", "--json")
    assert (code, err) == (0, "gdcli: note: goes on from step 3\n")
    assert (json.loads(out)["step"], json.loads(out)["method"]) == (5, "gd")


def test_a_process_finds_the_files_of_its_folder_and_its_user(here: Path) -> None:
    write(here / "user" / "gdcli" / "config.toml", "format", "json")
    write(here / "gdcli.toml", "timeout", 5)
    environment = {**os.environ, "XDG_CONFIG_HOME": str(here / "user"), "GDCLI_DESCEND_METHOD": "sgd"}
    args = [sys.executable, "-m", "gdcli", "config", "descend"]
    done = subprocess.run(args, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found = {item["option"]: item for item in json.loads(done.stdout)["settings"]}
    assert (found["method"]["value"], found["method"]["source"]) == ("sgd", "GDCLI_DESCEND_METHOD")
    assert (found["timeout"]["value"], found["timeout"]["source"], found["timeout"]["line"]) == (5.0, "gdcli.toml", 1)
    assert found["format"]["source"] == str(here / "user" / "gdcli" / "config.toml")


def test_a_plain_start_reads_no_toml(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    program = "import sys; from gdcli.__main__ import run; run(['grad', 'x']); print('tomllib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=here, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
