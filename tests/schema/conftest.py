"""The files that the commands of `cases` read, and a validator for what they print."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gdcli.schema.documents import schema
from tests.cli.inprocess import run

GROWTH = "x,y\n" + "".join(f"{i},{i * i}\n" for i in range(1, 9))
SEPARABLE = "x,label\n1,no\n2,no\n3,yes\n4,yes\n"
CLASSES = "x,z,label\n1,0,a\n2,1,a\n3,0,b\n4,2,b\n5,1,c\n6,3,c\n2,2,c\n5,0,a\n"
ODD = "a,a_reason,\x1b[31m,y\n1,2,1,1\n2,1,3,3\n3,5,2,2\n4,1,1,8\n5,2,2,1\n"


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("schema")
    texts = {
        "growth": GROWTH,
        "separable": SEPARABLE,
        "classes": CLASSES,
        "odd": ODD,
        "bad": "x,y\n1,2\n1_0,3\n",
        "claims": "x^2 => 2*x\n# a comment\nx^2 => x\nx^( => 1\n",
        "nothing": "# nothing\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "items.json").write_text('[{"expr": "x^2", "grad": "2*x"}, {"expr": 3}]', encoding="utf-8")
    found = {name: str(folder / f"{name}.csv") for name in texts}
    found |= {name: str(folder / name) for name in ("run", "kinds", "missing", "picture.svg")}
    assert run("descend", found["growth"], "--save", found["run"], "--steps", "20")[0] == 0
    assert run("descend", found["classes"], "--save", found["kinds"], "--steps", "20")[0] == 0
    assert Path(found["run"]).is_dir()
    return found | {"items": str(folder / "items.json")}
