"""Data behind URLs, from an S3 server and an HTTP server of this machine: read as files are, and no secret is told."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gdcli.data import remote
from gdcli.data.readers import read
from gdcli.data.urls import scheme, shown
from gdcli.errors import DataError, Exit, UsageError

pytest.importorskip("s3fs")
moto = pytest.importorskip("moto.server")
SECRET = "s3cr3t"
GDCLI = (sys.executable, "-m", "gdcli")


def rows(number: int, count: int = 40) -> str:
    rng = np.random.default_rng(number)
    X = rng.normal(size=(count, 3))
    y = X @ [1.0, 2.0, -1.0] + rng.normal(size=count)
    lines = (",".join(map(repr, row)) for row in np.column_stack([X, y]).tolist())
    return "a,b,c,y\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    found = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    found.start()
    host, port = found.get_host_and_port()
    yield f"http://{host}:{port}"
    found.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A bucket with three files, and an environment that reaches it."""
    import s3fs

    environment = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "GDCLI_CACHE_DIR": str(tmp_path / "cache"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    system = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    name = f"rows-{abs(hash(tmp_path)) % 10**9}"
    system.mkdir(name)
    for number in range(3):
        system.pipe(f"{name}/part-{number}.csv", rows(number).encode())
        (tmp_path / f"part-{number}.csv").write_text(rows(number))
    yield f"s3://{name}"
    system.rm(name, recursive=True)


def test_an_object_is_what_the_file_is(bucket: str, tmp_path: Path) -> None:
    found, local = read(f"{bucket}/part-1.csv"), read(str(tmp_path / "part-1.csv"))
    assert found.X.tobytes() == local.X.tobytes()
    assert found.y.tobytes() == local.y.tobytes()
    assert found.origin.sha256 == local.origin.sha256
    assert found.origin.name == f"{bucket}/part-1.csv"


def test_a_pattern_names_objects_in_order(bucket: str, tmp_path: Path) -> None:
    found, local = read(f"{bucket}/part-*.csv"), read(str(tmp_path / "part-*.csv"))
    assert found.X.tobytes() == local.X.tobytes()
    assert found.origin.sha256 == local.origin.sha256
    with pytest.raises(DataError, match="no object matches"):
        read(f"{bucket}/none-*.csv")


def test_an_object_is_fetched_once_and_again_when_it_changed(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    url = f"{bucket}/part-0.csv"
    fetches: list[str] = []
    fetch = remote._fetch
    monkeypatch.setattr(remote, "_fetch", lambda *args: (fetches.append(args[1]), fetch(*args)))
    first = read(url)
    assert read(url).origin == first.origin
    assert len(fetches) == 1
    s3fs.S3FileSystem(skip_instance_cache=True).pipe(url.removeprefix("s3://"), rows(7).encode())
    assert read(url).origin.sha256 != first.origin.sha256
    assert len(fetches) == 2
    assert remote.size() > 0
    remote.clear()
    assert remote.size() == 0


def test_what_is_not_there_is_told(bucket: str) -> None:
    for url in (f"{bucket}/missing.csv", f"{bucket}-none/part-0.csv"):
        with pytest.raises(DataError, match="there is no such object") as error:
            read(url)
        assert error.value.file == url
        assert error.value.hint


def test_nobody_there_is_told_in_time(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(DataError, match="cannot be fetched") as error:
        read(f"{bucket}/part-0.csv")
    assert "127.0.0.1" not in str(error.value)


def test_half_an_object_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = remote._fetch

    def cut(system: object, path: str, file: Path, whole: int | None, progress: object) -> None:
        fetch(system, path, file, whole, progress)  # type: ignore[arg-type]
        file.write_bytes(file.read_bytes()[:-10])

    monkeypatch.setattr(remote, "_fetch", cut)
    with pytest.raises(DataError, match=r"only \d+ of \d+ bytes came"):
        read(f"{bucket}/part-0.csv")


REFUSED = {
    "ftp://host/a.csv": "URLs of ftp://",
    f"https://user:{SECRET}@host/a.csv": "holds no user and no password",
    f"s3://user:{SECRET}@bucket/a.csv": "holds no user and no password",
    "http://example.com/a.csv": "http:// lets anyone",
    "file:///etc/passwd": "URLs of file://",
}


@pytest.mark.parametrize("url", REFUSED)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(UsageError) as error:
        read(url)
    assert REFUSED[url] in str(error.value)
    assert error.value.hint
    assert SECRET not in f"{error.value} {error.value.hint}"


def test_what_of_a_url_may_be_shown() -> None:
    assert shown(f"https://a.b/c/d.csv?X-Amz-Signature={SECRET}#x") == "https://a.b/c/d.csv"
    assert shown(f"https://u:{SECRET}@a.b:1/c") == "https://a.b:1/c"
    assert shown("data/a?.csv") == "data/a?.csv"
    assert scheme("C:\\data.csv") == scheme("a/b.csv") == scheme("-") == ""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files for whoever knows the signature."""

    def do_GET(self) -> None:
        if f"sig={SECRET}" in self.path:
            super().do_GET()
        else:
            self.send_error(403)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "signed.csv").write_text(rows(3))
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(tmp_path))
    ) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()


def test_the_query_of_a_signed_url_is_nowhere(site: str, tmp_path: Path) -> None:
    url = f"{site}/signed.csv?sig={SECRET}"
    place = {"GDCLI_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    said = b""
    for args, code in (
        (("descend", url, "--steps", "3", "--save", str(tmp_path / "run"), "-v"), Exit.DONE),
        (("descend", url, "--steps", "3", "--json"), Exit.DONE),
        (("descend", f"{site}/missing.csv?sig={SECRET}"), Exit.USAGE),
        (("descend", f"{site}/signed.csv?wrong={SECRET}"), Exit.USAGE),
        (("rerun", str(tmp_path / "run"), url), Exit.DONE),
        (("cache",), Exit.DONE),
    ):
        done = subprocess.run([*GDCLI, *args], cwd=Path(__file__).parents[2], capture_output=True, env=place)
        assert done.returncode == code, done.stderr.decode()
        said += done.stdout + done.stderr
    kept = [path for top in ("run", "cache") for path in (tmp_path / top).rglob("*")]
    said += b"".join(str(path).encode() + (path.read_bytes() if path.is_file() else b"") for path in kept)
    assert SECRET.encode() not in said
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())


@pytest.mark.slow
def test_a_cluster_reads_objects(bucket: str, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    found = []
    for source, engine in ((f"{bucket}/part-*.csv", "dask"), (str(tmp_path / "part-*.csv"), "interpret")):
        args = ["descend", source, "--engine", engine, "--threads", "2", "--steps", "50", "--gap", "0", "--json"]
        done = subprocess.run([*GDCLI, *args], capture_output=True, check=True)
        assert SECRET.encode() not in done.stdout + done.stderr
        found.append(json.loads(done.stdout))
    assert found[0]["theta"] == pytest.approx(found[1]["theta"], rel=1e-12)
    assert found[0]["sha256"] == found[1]["sha256"]
