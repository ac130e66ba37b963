"""A folder and a user of one test's own, and a command in them."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal


def config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, as the present one and with a user's folder in it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "user"))
    (folder / "user" / "gdcli").mkdir(parents=True)
    return folder


def gdcli(*args: str, **environ: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of one command line in an environment."""
    out, err = io.StringIO(), io.StringIO()
    cache = {"GDCLI_CACHE_DIR": os.environ["GDCLI_CACHE_DIR"]}
    code = main(list(args), Terminal(io.BytesIO(), out, err, cache | environ, 80))
    return code, out.getvalue(), err.getvalue()


def write(path: Path, key: str, value: Any) -> None:
    """One line of settings; JSON's texts, numbers and booleans are TOML's."""
    path.write_text(f"{key} = {json.dumps(value)}\n", encoding="utf-8")


def settings_of(command: str, **environ: str) -> dict[str, tuple[Any, str]]:
    """What `gdcli config` says of a command: each option's value and layer."""
    code, out, err = gdcli("config", command, "--format", "json", **environ)
    assert (code, err) == (0, "")
    return {item["option"]: (item["value"], item["layer"]) for item in json.loads(out)["settings"]}
