"""Objects behind URLs, through fsspec (the extra `remote`): fetched once into the cache, and read there as files are.

Credentials are those that the providers' own libraries find in the environment and in their files. Nothing of them is
printed or kept, nor is the query of a signed URL.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from gdcli.data.folders import cache_folder
from gdcli.data.progress import BYTES, Progress
from gdcli.data.urls import scheme, shown
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible

# The packages that know a scheme.
_PACKAGES = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "https": "aiohttp",
    "http": "aiohttp",
}
_HERE = ("localhost", "127.0.0.1", "[::1]")
# Seconds to be connected within, and to wait for further bytes; bytes of a piece.
_CONNECT, _WAIT, _PIECE = 10, 60, 1 << 20


def expand(url: str) -> list[str]:
    """Return the objects that a URL names: a pattern's in the order of their names."""
    path = shown(url)
    if path != url or not set(url) & set("*["):
        return [url]
    with _told(url):
        system, pattern = _opened(url)
        found = sorted(system.unstrip_protocol(name) for name in system.glob(pattern))
    if not found:
        raise DataError("no object matches this pattern", file=_named(url), hint="check the bucket and the folder")
    return found


def fetched(url: str, progress: Progress) -> Path:
    """Return the file of the cache that holds the object as it is now. Raises DataError where it cannot be had.

    It is fetched anew where the provider's tag or time is another, or where there is neither.
    """
    with _told(url):
        system, path = _opened(url)
        before = _state(system, path)
        name = PurePosixPath(shown(url)).name or "data"
        folder = cache_folder() / "remote" / hashlib.sha256(repr((shown(url), before)).encode()).hexdigest()[:16]
        file = folder / name
        if file.is_file() and before[1] and file.stat().st_size == before[0]:
            return file
        progress.begin(f"fetching {visible(name, 30)}", BYTES)
        _fetch(system, path, file, before[0], progress)
        if _state(system, path) != before:
            file.unlink()
            raise DataError("this object changed while it was fetched", file=_named(url), hint="run again")
        size = file.stat().st_size
    if before[0] is not None and size != before[0]:
        file.unlink()
        message = f"only {size} of {before[0]} bytes came"
        raise DataError(message, file=_named(url), hint="run again; check the connection")
    return file


def size() -> int:
    """Return how many bytes the fetched objects take."""
    return sum(path.stat().st_size for path in (cache_folder() / "remote").glob("*/*") if path.is_file())


def clear() -> None:
    """Remove the fetched objects: they are fetched again when they are asked for."""
    shutil.rmtree(cache_folder() / "remote", ignore_errors=True)


def _named(url: str) -> str:
    return visible(shown(url), 4096)


def _opened(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    kind = scheme(url)
    if kind not in _PACKAGES:
        known = ", ".join(_PACKAGES)
        raise UsageError(f"URLs of {kind}:// are not read", hint=f"the schemes are {known}; a file needs no scheme")
    rest = url.partition("://")[2]
    if "@" in rest.partition("/")[0]:
        message = "a URL holds no user and no password: they would stand in logs and in the history of the shell"
        raise UsageError(message, hint="give them as the provider's library reads them, such as AWS_ACCESS_KEY_ID")
    if kind == "http" and rest.partition("/")[0].rpartition(":")[0] not in _HERE:
        raise UsageError("http:// lets anyone on the way read and change the data", hint="write https://")
    try:
        import fsspec

        system, path = fsspec.url_to_fs(url, **_options(kind))
    except ImportError:
        package = _PACKAGES[kind]
        hint = f'pip install "gdcli[remote]"; {kind}:// takes {package} (pip install {package})'
        raise UsageError(f"{kind}:// needs the packages fsspec and {package}", hint=hint) from None
    return system, path


def _options(kind: str) -> dict[str, Any]:
    """No wait without an end; what was listed once may be another now."""
    options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
    if kind == "s3":
        options["config_kwargs"] = {
            "connect_timeout": _CONNECT,
            "read_timeout": _WAIT,
            "retries": {"max_attempts": 2},
        }
    if kind in ("https", "http"):
        import aiohttp

        options["client_kwargs"] = {
            "timeout": aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_WAIT)
        }
    return options


def _state(system: Any, path: str) -> tuple[int | None, str]:
    """How many bytes the object has, and what tells this content from another, if the provider says so."""
    info = system.info(path)
    tags = (info.get(name) for name in ("ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime"))
    return info.get("size"), " ".join(str(tag) for tag in tags if tag)


def _fetch(system: Any, path: str, file: Path, whole: int | None, progress: Progress) -> None:
    """The object as a file that is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    try:
        done = 0
        ways = {"block_size": _PIECE, "cache_type": "readahead"}
        with os.fdopen(handle, "wb") as out, system.open(path, "rb", **ways) as given:
            while piece := given.read(_PIECE):
                out.write(piece)
                done += len(piece)
                progress(done, whole)
        Path(part).replace(file)
    finally:
        with contextlib.suppress(OSError):
            Path(part).unlink(missing_ok=True)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """What goes wrong inside, in words of ours: those of libraries may quote a signed URL."""
    from gdcli.errors import GdcliError

    try:
        yield
    except (GdcliError, MemoryError):
        raise
    except FileNotFoundError:
        raise DataError("there is no such object", file=_named(url), hint="check the bucket and the name") from None
    except PermissionError:
        hint = "check the credentials in the environment, or that the object is public"
        raise DataError("access to this object is denied", file=_named(url), hint=hint) from None
    except Exception as error:
        message = f"this object cannot be fetched ({type(error).__name__})"
        hint = "check the name, the connection, and the credentials in the environment"
        raise DataError(message, file=_named(url), hint=hint) from None
