"""Runs that last: the files of a saved run, going on from them to the same bits, and running it again to compare.

A folder holds manifest.json (what was asked for, of which data, where), steps.ndjson (the log), checkpoint.json (the
state between two steps), theta.json (the parameters, with all that a prediction needs) and result.json (the report).
All but the log, which grows by lines, are replaced as a whole or not at all.
"""
