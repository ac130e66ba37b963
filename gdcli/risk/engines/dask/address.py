"""Where a scheduler is said to be."""

from __future__ import annotations

import re

from gdcli.errors import UsageError

_SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")
_ADDRESS = re.compile(
    rf"(?:(?:{'|'.join(_SCHEMES)})://)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{{1,5}})/?"
)
_HINT = f"write HOST:PORT or SCHEME://HOST:PORT with a scheme of {', '.join(_SCHEMES)}"


def checked(address: str) -> str:
    """The address, if it is one. Never shows one that holds a password."""
    if "@" in address:
        message = "an address of a scheduler holds no user and no password"
        raise UsageError(message, hint="TLS keys belong in Dask's own configuration (distributed.comm.tls)")
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 2**16:
        raise UsageError(f"{address!r} is no address of a scheduler", hint=_HINT)
    return address.removesuffix("/")
