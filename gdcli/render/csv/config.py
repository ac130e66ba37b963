"""The options that can be set: a line an option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

from gdcli.results.config import ConfigReport, OptionSetting


def columns(result: ConfigReport) -> Sequence[str]:
    """What is known of an option."""
    return [field.name for field in fields(OptionSetting)]


def rows(result: ConfigReport) -> Iterator[Sequence[object]]:
    """Command by command."""
    yield from map(astuple, result.settings)
