"""One file a library, named as it is imported: TITLE, and JOBS, what it can run.

A job is made from what is `Given` and run many times: it returns an `Outcome`. A library is imported where a job is
made, so that the list of what there is costs nothing.
"""
