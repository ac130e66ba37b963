"""Every JSON document that any command prints is what `gdcli schema` says."""

from __future__ import annotations

import io
import json
import math
from contextlib import suppress
from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import gdcli.results
from gdcli.cli.app import COMMANDS, main
from gdcli.errors import BugError, Exit, GdcliError, SettingError, SignalError, Stopped, UsageError
from gdcli.results.common import KINDS
from gdcli.schema.documents import LINES, RESULTS, result, schema
from gdcli.schema.shapes import shape
from gdcli.schema.words import KEYS, words
from tests.cli.inprocess import run, terminal
from tests.schema.cases import CASES

# Commands whose output is no result.
NO_RESULT = {"schema", "help", "man", "completion"}
# What stands before the lines of a page or a table, and in no JSON.
HEADS = {"RunHead", "MinimizeHead", "PredictHead", "ClaimsHead"}
# A StepReport by another name, for people.
ALIKE = {"DrawnStepReport"}
EXITS = {
    "usage": 2,
    "setting": 2,
    "formula": 2,
    "data": 2,
    "domain": 2,
    "not met": 1,
    "diverged": 3,
    "exhausted": 4,
}


def cases() -> list[tuple[str, ...]]:
    return [(command, *args) for command, many in CASES.items() for args in many]


def documents(out: str, form: str) -> list[dict[str, Any]]:
    """The documents on stdout: one of JSON, one a line of NDJSON."""
    texts = out.splitlines() if form == "ndjson" else [out]
    return [json.loads(text, parse_constant=pytest.fail) for text in texts]


def check(document: dict[str, Any], validator: Draft202012Validator) -> None:
    found = sorted(validator.iter_errors(document), key=lambda error: error.path)
    causes = [cause for error in found for cause in _of_its_own(error, document)]
    assert not found, "\n".join(causes)


def _of_its_own(error: Any, document: dict[str, Any]) -> list[str]:
    """Of an `anyOf`, the complaints of the alternative that comes nearest."""
    each: dict[Any, list[Any]] = {}
    for cause in error.context:
        each.setdefault(cause.schema_path[0], []).append(cause)
    nearest = min(each.values(), key=lambda causes: sum(len(str(cause.message)) for cause in causes), default=[error])
    return [f"{'/'.join(map(str, cause.path))}: {cause.message[:300]}" for cause in nearest]


@pytest.mark.parametrize("form", ["json", "ndjson"])
@pytest.mark.parametrize("case", cases(), ids=" ".join)
def test_a_document_is_what_the_schema_says(
    case: tuple[str, ...], form: str, files: dict[str, str], validator: Draft202012Validator
) -> None:
    args = [files[word[1:-1]] if word[1:-1] in files and word[0] == "{" else word for word in case]
    code, out, _ = run(args[0], "--format", form, *args[1:])
    found = documents(out, form)
    for document in found:
        check(document, validator)
        assert ("kind" in document) == (form == "ndjson")
    *lines, last = found
    assert last["command"] == case[0]
    assert last["version"]
    assert all("command" not in line for line in lines)
    if code != 0:
        assert "error" in last or last.get("right") is not None or last.get("equal") is False
    if "error" in last:
        assert last["error"]["exit"] == code == EXITS[last["error"]["kind"]]


def test_every_command_has_a_schema_and_cases() -> None:
    assert set(COMMANDS) - NO_RESULT == set(RESULTS) == set(CASES)


@pytest.mark.parametrize("command", RESULTS)
def test_every_result_of_a_command_is_in_its_schema(command: str) -> None:
    names = [f"gdcli.results.{file.name}" for file in iter_modules(gdcli.results.__path__)]
    found = {
        value
        for name in names
        for value in vars(import_module(name)).values()
        if is_dataclass(value) and getattr(value, "command", None) == command and value.__name__ not in HEADS | ALIKE
    }
    assert found == {result(command, name) for name in (*RESULTS[command], *LINES.get(command, ()))}


@pytest.mark.parametrize("command", [None, *RESULTS])
def test_a_schema_is_a_schema_in_which_every_key_is_described(command: str | None) -> None:
    document = schema(command)
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"].startswith("urn:gdcli:schema:")
    assert all(property.get("description") for property in properties(document))
    json.loads(json.dumps(document, allow_nan=False))


def properties(part: Any) -> list[dict[str, Any]]:
    """Every described property anywhere in a schema; those of conditions describe nothing."""
    if isinstance(part, list):
        return [found for item in part for found in properties(item)]
    if not isinstance(part, dict):
        return []
    own = list(part.get("properties", {}).values())
    return own + [found for key, item in part.items() if key != "allOf" for found in properties(item)]


def test_every_reference_leads_somewhere_and_every_definition_is_used() -> None:
    for command in (None, *RESULTS):
        document = schema(command)
        text = json.dumps(document)
        assert all(f'"#/$defs/{name}"' in text for name in document["$defs"])
        assert not Draft202012Validator(document).is_valid({"command": "none"})


def test_no_words_are_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    used = set()

    def noted(owner: str, key: str) -> str:
        used.add(f"{owner}.{key}" if f"{owner}.{key}" in KEYS else key)
        return words(owner, key)

    monkeypatch.setattr("gdcli.schema.shapes.words", noted)
    monkeypatch.setattr("gdcli.schema.documents.words", noted)
    schema()
    assert set(KEYS) - used == set()


def test_a_key_without_words_and_a_type_without_json_are_told() -> None:
    with pytest.raises(KeyError, match='"novel" of Novel has no words'):
        words("Novel", "novel")
    with pytest.raises(TypeError, match="for which there is no JSON"):
        shape(set[int], {})


@pytest.mark.parametrize("change", [{"surprise": 1}, {"risk": "1"}, {"rows": None}, {"gap": None}, {"risk": None}])
def test_a_document_that_is_otherwise_is_refused(change: dict[str, Any], validator: Draft202012Validator) -> None:
    document = json.loads(run("descend", "line", "--json")[1])
    check(document, validator)
    assert not validator.is_valid(document | change)


def test_a_missing_number_needs_its_reason(validator: Draft202012Validator) -> None:
    document = json.loads(run("descend", "line", "--json")[1]) | {"risk": None}
    assert not validator.is_valid(document)
    check(document | {"risk_reason": "infinite"}, validator)


def test_reasons_stand_beside_the_mapping_that_lacks_numbers(files: dict[str, str]) -> None:
    from gdcli.render.json import encode
    from gdcli.results.findings import Averaged

    document = encode(Averaged(math.inf, 0.0, math.inf, {"a": math.nan, "a_reason": 1.0}))
    assert document["theta"] == {"a": None, "a_reason": 1.0}
    assert document["theta_reason"] == {"a": "not a number"}
    assert document["gap_reason"] == "infinite"


@pytest.mark.parametrize("error", sorted(GdcliError.__subclasses__(), key=lambda error: error.__name__))
def test_every_error_has_a_kind_that_the_schema_knows(error: type[GdcliError]) -> None:
    assert error.kind in KINDS


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_bug_is_told_in_the_envelope(
    form: str, monkeypatch: pytest.MonkeyPatch, validator: Draft202012Validator, tmp_path: Any
) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("gdcli.data.problems.listing", broken)
    code, out, err = run("problems", "--format", form)
    (document,) = documents(out, form)
    check(document, validator)
    assert (code, document["error"]["kind"], document["error"]["exit"]) == (70, BugError.kind, 70)
    assert document["error"]["message"] == "RuntimeError: broken"
    assert "send us the report" in err


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_signal_before_there_is_a_result_is_told(
    form: str, monkeypatch: pytest.MonkeyPatch, validator: Draft202012Validator
) -> None:
    def stopped() -> None:
        raise Stopped(Exit.TERMINATED)

    monkeypatch.setattr("gdcli.data.problems.listing", stopped)
    place = terminal()
    with pytest.raises(Stopped):
        main(["problems", "--format", form], place)
    assert isinstance(place.stdout, io.StringIO)
    (document,) = documents(place.stdout.getvalue(), form)
    check(document, validator)
    assert (document["error"]["kind"], document["error"]["exit"]) == (SignalError.kind, 143)


@pytest.mark.parametrize("form", ["json", "ndjson"])
@pytest.mark.parametrize("name", ["plot", "minimize", "descend"])
@pytest.mark.parametrize(
    "error", [Stopped(Exit.INTERRUPTED), UsageError("a.svg cannot be written"), RuntimeError("no")]
)
def test_a_failure_behind_the_result_is_no_second_document(
    error: BaseException,
    name: str,
    form: str,
    files: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    validator: Draft202012Validator,
    tmp_path: Any,
) -> None:
    def broken(*args: Any) -> None:
        raise error

    args = {
        "plot": ["plot", files["run"], files["picture.svg"]],
        "minimize": ["minimize", "x^2", "--from", "1", "--plot", files["picture.svg"]],
        "descend": ["descend", files["growth"], "--steps", "3", "--plot", files["picture.svg"]],
    }
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("gdcli.cli.picture.show", broken)
    place = terminal()
    with suppress(Stopped):
        assert main([*args[name], "--format", form], place) != 0
    assert isinstance(place.stdout, io.StringIO)
    *_, last = documents(place.stdout.getvalue(), form)
    check(last, validator)
    assert (last["command"], "error" in last) == (name, False)


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_settings_that_cannot_be_used_are_told(
    form: str, monkeypatch: pytest.MonkeyPatch, validator: Draft202012Validator, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gdcli.toml").write_text("[descend]\nnovel = 1\n", encoding="utf-8")
    code, out, _ = run("descend", "line", "--format", form)
    (document,) = documents(out, form)
    check(document, validator)
    assert (document["error"]["kind"], document["error"]["exit"]) == (SettingError.kind, code)
    assert (document["error"]["file"], document["error"]["line"]) == ("gdcli.toml", 2)


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_settings_in_force_are_told(
    form: str, monkeypatch: pytest.MonkeyPatch, validator: Draft202012Validator, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gdcli.toml").write_text('[descend]\nmethod = "sgd"\nl2 = 0.1\nraw = true\n', encoding="utf-8")
    place = terminal()
    place.environ = {"GDCLI_SEED": "7"}
    assert main(["config", "descend", "--format", form], place) == 0
    assert isinstance(place.stdout, io.StringIO)
    (document,) = documents(place.stdout.getvalue(), form)
    check(document, validator)
    values = {setting["option"]: setting["value"] for setting in document["settings"]}
    assert (values["method"], values["l2"], values["raw"], values["seed"]) == ("sgd", 0.1, True, 7)


@pytest.mark.parametrize("form", ["json", "ndjson"])
@pytest.mark.parametrize("args", [["descend", "diabetes"], ["minimize", "x^2 + 10y^2", "--from", "10,1"]])
def test_a_partial_result_says_so(
    args: list[str], form: str, monkeypatch: pytest.MonkeyPatch, validator: Draft202012Validator
) -> None:
    module = "gdcli.descent.report.step_report" if args[0] == "descend" else "gdcli.descent.formula.report.step_report"
    owner, name = module.rsplit(".", 1)
    real, seen = getattr(import_module(owner), name), []

    def interrupting(*given: Any) -> Any:
        seen.append(given)
        if len(seen) == 4:
            raise Stopped(Exit.INTERRUPTED)
        return real(*given)

    monkeypatch.setattr(module, interrupting)
    place = terminal()
    with pytest.raises(Stopped):
        main([*args, "--format", form], place)
    assert isinstance(place.stdout, io.StringIO)
    *_, last = documents(place.stdout.getvalue(), form)
    check(last, validator)
    assert (last["error"]["kind"], last["error"]["exit"]) == ("interrupted", 130)
    assert last["step"] > 0


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_batch_answers_in_lines(form: str, validator: Draft202012Validator) -> None:
    place = terminal()
    place.stdin = io.BytesIO("x^2\n|x|\nx^(\n\xff\n".encode("latin-1"))
    code = main(["grad", "-", "--at", "0", "--format", form], place)
    assert isinstance(place.stdout, io.StringIO)
    found = documents(place.stdout.getvalue(), "ndjson")
    for document in found:
        check(document, validator)
    assert [document["kind"] for document in found] == ["grad", "grad", "error", "error"]
    assert code == 2


def test_floats_read_back_to_the_same_double() -> None:
    from gdcli.render.json import dumps, encode
    from gdcli.results.setting import Scale

    for value in (0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 123456789.12345678):
        read = json.loads(dumps(encode(Scale(value, value))))
        assert math.copysign(1.0, read["mean"]) == math.copysign(1.0, value)
        assert read["mean"].hex() == value.hex()


def test_a_result_has_its_fields_in_the_schema_by_itself() -> None:
    from gdcli.results.cache import KeptTable

    definitions: dict[str, Any] = {}
    shape(KeptTable, definitions)
    assert set(definitions["KeptTable"]["properties"]) == {field.name for field in fields(KeptTable)}
