"""Did you mean: whatever is named wrongly, the nearest right name is told, and all of them where none is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdcli.cli.app import COMMANDS
from tests.cli.inprocess import run

WRONG = [
    ("gard x^2", "there is no command gard", "did you mean grad?"),
    ("GRAD x^2", "there is no command GRAD", "did you mean grad?"),
    ("help descent", "there is no command descent", "did you mean descend?"),
    ("zzz", "there is no command zzz", f"the commands are {', '.join(COMMANDS)}"),
    ("descend data.csv --metod gd", "there is no option --metod", "did you mean --method? see gdcli descend --help"),
    ("grad x --stps", "there is no option --stps", "did you mean --steps? see gdcli grad --help"),
    ("grad x --qqqqq", "there is no option --qqqqq", "see gdcli grad --help"),
    ("--verzion", "there is no option --verzion", "did you mean --version? see gdcli --help"),
    ("descend data.csv --method sdg", "unknown method 'sdg'", 'did you mean "sgd"? the methods are adagrad, adam'),
    ("descend data.csv --method qqqq", "unknown method 'qqqq'", "the methods are adagrad, adam"),
    ("rate data.csv --methods gd,nestrov", "unknown method 'nestrov'", 'did you mean "nesterov"?'),
    ("minimize x^2 --from 1 --method nestrov", "unknown method 'nestrov'", 'did you mean "nesterov"?'),
    ("descend data.csv --method adam(beta=0.8)", "adam has no parameter for 'beta=0.8'", 'did you mean "beta1"? write'),
    ("descend data.csv --method adam(q=0.8)", "adam has no parameter for 'q=0.8'", "write adam(beta1=0.9"),
    ("descend data.csv --loss sqared", "unknown loss 'sqared'", 'did you mean "squared"? the losses are squared'),
    ("descend data.csv --loss hubr(0.5)", "unknown loss 'hubr(0.5)'", 'did you mean "huber"? the losses are'),
    ("descend data.csv --averaging polayk", "unknown averaging 'polayk'", 'did you mean "polyak"? the averagings are'),
    ("descend data.csv --sampling shufle", "unknown sampling 'shufle'", 'did you mean "shuffle"? the samplings are'),
    ("rate data.csv --sampling shufle", "unknown sampling 'shufle'", 'did you mean "shuffle"? the samplings are'),
    ("descend data.csv --engine compil", "unknown engine 'compil'", 'did you mean "compile"? the engines are auto'),
    ("descend data.csv --eta inverse_sqr", "no step size 'inverse_sqr'", 'did you mean "inverse_sqrt"? by name'),
    ("descend data.csv --eta etaO/2", "there is no variable etaO", "did you mean eta0?"),
    ("descend data.csv --format jsn", "unknown format 'jsn'", 'did you mean "json"? descend offers text, json'),
    ("grad x --format latx", "unknown format 'latx'", 'did you mean "latex"? grad offers text'),
    ("descend data.csv --color nver", "unknown value 'nver' for --color", 'did you mean "never"? --color auto, always'),
    ("rate data.csv --at tme", "unknown axis 'tme' for --at", 'did you mean "time"? the axes are evaluations'),
    ("descend data.csv --target prise", 'there is no column "prise"', 'did you mean "price"? the columns are x1, x2'),
    ("descend data.csv --features x1,prise", 'there is no column "prise"', 'did you mean "price"? the columns are x1'),
    ("descend data.csv --features q", 'there is no column "q"', "the columns are x1, x2, price"),
    ("predict run data.csv --target prise", 'there is no column "prise"', 'did you mean "price"?'),
    ("descend diabtes", "no bundled problem of that name", 'did you mean "diabetes"? the problems are anes96'),
    ("rate diabtes", "no bundled problem of that name", 'did you mean "diabetes"?'),
    ("problems longly", 'no bundled problem is called "longly"', 'did you mean "longley"? the problems are anes96'),
    ("descend ./dta.csv", "./dta.csv: there is no such file", "did you mean data.csv?"),
    ("descend data.csv --validate dat.csv", "dat.csv: there is no such file", "did you mean data.csv?"),
    ("check --file claim.txt", "claim.txt: the file cannot be read", "did you mean claims.txt?"),
    ("plot rnu", "no run is saved here", 'did you mean "run"? name the folder'),
    ("rerun rnu", "no run is saved here", 'did you mean "run"?'),
    ("predict rnu data.csv", "no run is saved here", 'did you mean "run"?'),
    ("descend --resume rnu", "no run is saved here", 'did you mean "run"?'),
    ("cache claer", 'there is no action "claer"', 'did you mean "clear"?'),
    ("completion bsh", "no completion for 'bsh'", 'did you mean "bash"? there are scripts for bash, zsh, fish'),
    ("grad price^2 --at prise=1", "there is no variable prise", "did you mean price?"),
    ("grad price^2 --wrt prise", "no variable prise", 'did you mean "price"? its variables are price'),
    ("grad price^2 --vars prise", "there is no variable price", "did you mean prise?"),
    ("curvature price^2 --on prise=0..1", "there is no variable prise", "did you mean price?"),
    ("minimize price^2 --from prise=1", "there is no variable prise", "did you mean price?"),
    ("steepest price*x --at 1,2 --along prise=1,x=2", "there is no variable prise", "did you mean price?"),
    ("check price^2 --grad prise=2*price", "there is no variable prise", "did you mean price?"),
    ("grad sni(x)", "there is no function sni", "did you mean sin?"),
    ("descend data.csv --model slope*x1+b --theta0 slpe=1", "there is no variable slpe", "did you mean slope?"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data, claims and a saved run."""
    found = tmp_path_factory.mktemp("user")
    (found / "data.csv").write_text("x1,x2,price\n1,2,3\n2,3,5\n4,1,4\n5,2,8\n", encoding="utf-8")
    (found / "claims.txt").write_text("x^2 => 2*x\n", encoding="utf-8")
    assert run("descend", str(found / "data.csv"), "--save", str(found / "run"), "-q")[0] == 0
    return found


@pytest.mark.parametrize(("line", "message", "hint"), WRONG, ids=[line for line, _, _ in WRONG])
def test_a_wrong_name(line: str, message: str, hint: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    code, out, err = run(*line.split(" "))
    assert (code, out) == (2, "")
    assert err.startswith("gdcli: error: ")
    assert message in err.splitlines()[0]
    assert f"\n  hint: {hint}" in err


def test_a_name_is_shown_not_interpreted() -> None:
    _, _, err = run("gr\x1b[31mad")
    assert r"there is no command gr\x1b[31mad" in err
    assert "\x1b" not in err
    _, _, err = run("grad", "x", "--at\x1b[31m")
    assert "\x1b" not in err
