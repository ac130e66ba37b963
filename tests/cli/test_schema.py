"""`gdcli schema`: one document, or a command's, and what a wrong name is told."""

from __future__ import annotations

import json

import pytest

from gdcli import __version__
from gdcli.schema.documents import RESULTS
from tests.cli.inprocess import run
from tests.test_house import loaded


def test_the_whole_schema_is_one_document() -> None:
    code, out, err = run("schema")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["$id"] == f"urn:gdcli:schema:{__version__}"
    assert {"$ref": "#/$defs/StepReportLine"} in document["anyOf"]
    assert run("schema")[1] == out


@pytest.mark.parametrize("command", RESULTS)
def test_a_command_has_its_own(command: str) -> None:
    code, out, _ = run("schema", command)
    document = json.loads(out)
    assert (code, document["title"]) == (0, f"gdcli {command}")
    commands = document["$defs"]["Error"]["properties"]["command"]["enum"]
    assert commands == [command, "gdcli"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("descent", "did you mean descend?"), ("xyz", "choose grad, derive,"), ("\x1b[31mgrad", "did you mean grad?")],
)
def test_a_wrong_name_is_told_what_there_is(name: str, hint: str) -> None:
    code, out, err = run("schema", name)
    assert (code, out) == (2, "")
    assert "prints JSON" in err
    assert hint in err
    assert "\x1b" not in err


def test_only_this_command_pays_for_it() -> None:
    assert "gdcli.schema" not in loaded("problems", "--json")
    assert loaded("schema") & {"numpy", "sympy", "rich", "pydantic"} == set()
