"""The JSON Schema (draft 2020-12) of all that `--format json` and `--format ndjson` print, made from the results.

A new result needs its name in `documents`, words for its keys in `words`, and, if `as_json` prints other keys than the
fields, `json_changes` beside it. The tests hold every printed document against the schema.
"""
