"""One file a part of the report: `measure(Size) -> list[Section]`."""
