"""What is set and cannot be: one message that names the place, exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.settings.place import config, gdcli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return config(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('[descend]\nmethd = "sgd"\n', 'gdcli.toml: line 2: [descend] has no "methd" to set', 'did you mean "method"?'),
        ("formt = 'json'\n", 'gdcli.toml: line 1: there is no "formt" to set', 'did you mean "format"?'),
        ("\n[descent]\nl2 = 1\n", "gdcli.toml: there is no command for the table [descent]", '"descend"?'),
        ("steps = 3\n", "line 1: steps means more than one thing", "[grad] or [derive] or [minimize] or [descend]"),
        ("save = 'run'\n", 'there is no "save" to set', "gdcli config lists all"),
        ("[descend]\nvalidate = 'x.csv'\n", '[descend] has no "validate" to set', "gdcli config descend lists all"),
        ("descend = 3\n", "gdcli.toml: descend is a table", "[descend]"),
        ("quiet = 1\n", "line 1: quiet is not true or false", "as behind its flag"),
        ("seed = true\n", "line 1: seed is not a whole number", "as behind its flag"),
        ("seed = 1.5\n", "line 1: seed is not a whole number", "as behind its flag"),
        ("l2 = '1'\n", "line 1: l2 is not a number", "as behind its flag"),
        ("method = ['gd']\n", "line 1: method is not text in quotes", "as behind its flag"),
        ("eta = 1979-05-27\n", "line 1: eta is not text in quotes", "as behind its flag"),
        ("seed = 1\nseed = 2\n", "gdcli.toml: line 2: is no TOML: Cannot overwrite a value", "[command]"),
        ("seed = 1\n[descend\n", "gdcli.toml: line 2: is no TOML", "[command]"),
        ('seed = "1', "gdcli.toml: line 1: is no TOML", "[command]"),
        ("a" + ".a" * 5000 + " = 1", "there is no command for the table [a]", "names of commands"),
        ("a = " + "[" * 5000, "gdcli.toml: is nested too deeply", "key"),
        ('"\\u001b[31m" = 1\n', 'there is no "\\x1b[31m" to set', "gdcli config lists all"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_cannot_be_used(text: str, message: str, hint: str, here: Path) -> None:
    (here / "gdcli.toml").write_text(text, encoding="utf-8")
    code, out, err = gdcli("grad", "x")
    cause, remedy = err.splitlines()
    assert (code, out) == (2, "")
    assert cause.startswith("gdcli: error: ")
    assert message in cause
    assert hint in remedy


@pytest.mark.parametrize("count", [-5, 10**20])
def test_nobody_says_so_much_more(count: int, here: Path) -> None:
    (here / "gdcli.toml").write_text(f"verbose = {count}\n", encoding="utf-8")
    code, out, err = gdcli("grad", "x")
    assert (code, out) == (2, "")
    assert "Invalid value for '--verbose'" in err
    assert f"(gdcli.toml, line 1: verbose = {count})" in err
    assert f"(GDCLI_VERBOSE = {count})" in gdcli("grad", "x", GDCLI_VERBOSE=str(count))[2]


def test_bytes_that_are_no_text(here: Path) -> None:
    (here / "gdcli.toml").write_bytes(b"seed = 1\n# caf\xe9\n")
    assert gdcli("grad", "x")[::2] == (
        2,
        "gdcli: error: gdcli.toml: line 2: is no UTF-8 text\n  hint: save it as UTF-8\n",
    )


def test_a_folder_and_a_file_without_end_are_refused(here: Path) -> None:
    (here / "gdcli.toml").mkdir()
    assert "gdcli.toml: is no file of at most 1 MiB" in gdcli("grad", "x")[2]
    (here / "gdcli.toml").rmdir()
    (here / "gdcli.toml").write_text("#" * ((1 << 20) + 1), encoding="utf-8")
    assert "gdcli.toml: is no file of at most 1 MiB" in gdcli("grad", "x")[2]


def test_a_file_that_may_not_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (here / "pyproject.toml").write_text("[tool.gdcli]\nseed = 'x'\n", encoding="utf-8")
    assert "pyproject.toml: line 2: seed is not a whole number" in gdcli("grad", "x")[2]
    monkeypatch.setattr(Path, "read_bytes", refused)
    # Other tools' file is no matter of ours.
    assert gdcli("grad", "x")[::2] == (0, "")
    (here / "gdcli.toml").write_text("", encoding="utf-8")
    assert "gdcli.toml: cannot be read: Permission denied" in gdcli("grad", "x")[2]


def test_a_users_file_is_named_in_full(here: Path) -> None:
    path = here / "user" / "gdcli" / "config.toml"
    path.write_text("sed = 1\n", encoding="utf-8")
    code, out, _ = gdcli("grad", "x", "--json")
    error = json.loads(out)["error"]
    assert (code, error["kind"], error["file"], error["line"]) == (2, "setting", str(path), 1)


@pytest.mark.parametrize(
    ("setting", "args", "message"),
    [
        ('[descend]\nmethod = "sdg"', "descend line", "unknown method 'sdg' (gdcli.toml, line 2: [descend] method"),
        ("l2 = -1", "descend line", "(gdcli.toml, line 1: l2 = -1.0)"),
        ('format = "jsn"', "grad x", "unknown format 'jsn' (gdcli.toml, line 1: format = \"jsn\")"),
        ('color = "blue"', "grad x", '(gdcli.toml, line 1: color = "blue")'),
        ('[descend]\neta = "1/Lx"', "descend line", '(gdcli.toml, line 2: [descend] eta = "1/Lx")'),
        ('target = "price"', "descend line", '(gdcli.toml, line 1: target = "price")'),
        ("[descend]\nbatch = 0", "descend line --method sgd", '(gdcli.toml, line 2: [descend] batch = "0")'),
        ("raw = true", "descend line --model a*x", "(gdcli.toml, line 1: raw = true)"),
        ('memory = "lots"', "grad x", '(gdcli.toml, line 1: memory = "lots")'),
        ("timeout = 0", "grad x", "(gdcli.toml, line 1: timeout = 0.0)"),
        ('engine = "fast"', "descend line", '(gdcli.toml, line 1: engine = "fast")'),
        ('at = "noon"', "rate line", '(gdcli.toml, line 1: at = "noon")'),
    ],
)
def test_a_value_that_a_command_refuses_is_traced_to_its_place(
    setting: str, args: str, message: str, here: Path
) -> None:
    (here / "gdcli.toml").write_text(setting, encoding="utf-8")
    code, out, err = gdcli(*args.split())
    assert (code, out) == (2, "")
    assert message in err.splitlines()[0]


def test_a_short_name_is_not_blamed_for_another_of_that_name(here: Path) -> None:
    (here / "gdcli.toml").write_text('target = "y"\n', encoding="utf-8")
    assert '(gdcli.toml, line 1: target = "y")' in gdcli("descend", "diabetes")[2]
    assert "gdcli.toml" not in gdcli("descend", "line", "--eta", "1/y")[2]


def test_a_typed_value_is_not_blamed_on_a_file(here: Path) -> None:
    (here / "gdcli.toml").write_text('[descend]\nmethod = "sgd"', encoding="utf-8")
    assert "gdcli.toml" not in gdcli("descend", "line", "--method", "sdg")[2]


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"GDCLI_METHOD": "sdg"}, "unknown method 'sdg' (GDCLI_METHOD = sdg)"),
        ({"GDCLI_DESCEND_L2": "much"}, "(GDCLI_DESCEND_L2 = much)"),
        ({"GDCLI_RAW": "maybe"}, 'GDCLI_RAW is "maybe"'),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(environ: dict[str, str], message: str, here: Path) -> None:
    code, out, err = gdcli("descend", "line", **environ)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("GDCLI_METOD", 'did you mean "GDCLI_METHOD"?'),
        ("GDCLI_STEPS", "GDCLI_DESCEND_STEPS"),
        ("GDCLI_GRAD_AT", "gdcli config lists all"),
    ],
)
def test_a_variable_that_is_none_of_ours_is_told_of(name: str, hint: str, here: Path) -> None:
    code, out, err = gdcli("grad", "x", "--json", **{name: "3"})
    assert (code, json.loads(out)["command"]) == (0, "grad")
    assert err.startswith(f"gdcli: warning: {name} is no variable of gdcli: ")
    assert hint in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_errors_in_the_options_come_in_the_format_that_is_set(form: str, here: Path) -> None:
    for out in (gdcli("grad", "x", "--bogus", GDCLI_FORMAT=form)[1], gdcli("frob", GDCLI_FORMAT=form)[1]):
        assert json.loads(out)["error"]["kind"] == "usage"
    (here / "gdcli.toml").write_text(f'format = "{form}"\n', encoding="utf-8")
    assert json.loads(gdcli("grad", "x", "--bogus")[1])["error"]["kind"] == "usage"
    assert gdcli("grad", "x", "--bogus", "--format", "text")[1] == ""


WORDS = [
    "[descend]",
    "[tool.gdcli]",
    "seed",
    "eta",
    "=",
    "1",
    "0.5",
    "nan",
    "true",
    "'x'",
    '"""',
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "#",
    "\\u0000",
    "é",
    "-",
    "1979-05-27",
]
PIECES = st.sampled_from([*WORDS, "\n", "\x1b", "1" * 5000])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_no_file_whatever_ends_in_a_bug(text: str, here: Path) -> None:
    for name in ("gdcli.toml", "pyproject.toml"):
        (here / name).write_text(text, encoding="utf-8", errors="surrogatepass")
        code, out, err = gdcli("config", "descend", "--format", "text")
        assert code in (0, 2)
        assert "\x1b" not in out + err
        (here / name).unlink()
