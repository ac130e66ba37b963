"""The manual page gdcli(1), made of the same pages as --help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gdcli import __version__
from gdcli.cli import roff
from gdcli.cli.app import COMMANDS, root
from gdcli.cli.pages import Entry, Page, commands_of, page, told
from gdcli.cli.tree import command_of
from gdcli.errors import Exit

# Of the version that is told of.
DATE = "2026-11-27"
ENVIRONMENT = (
    ("NO_COLOR", "No colour, unless --color always."),
    ("FORCE_COLOR", "Colour also where the output is no terminal. NO_COLOR comes before it, --color before both."),
    ("TERM", "dumb: no colour, no progress line, pictures in ASCII."),
    ("COLUMNS", "How wide lines are, from 60 to 200: the terminal's width, 80 in a pipe."),
    ("GDCLI_FORMAT, GDCLI_DESCEND_METHOD", "Any option that can be set, for all commands or one; see gdcli config."),
    ("GITHUB_ACTIONS, GITHUB_STEP_SUMMARY", "In GitHub Actions: annotations, and where the job's summary is written."),
    ("GDCLI_CACHE_DIR", "The folder for what is kept of large data files."),
    ("XDG_CACHE_HOME", "Where that folder is unless GDCLI_CACHE_DIR names it (~/.cache)."),
    (
        "OPENBLAS_NUM_THREADS, MKL_NUM_THREADS, VECLIB_MAXIMUM_THREADS",
        "Threads of matrix products; 1 unless they are set, so that sums do not depend on the machine's cores.",
    ),
)
FILES = (
    ("./gdcli.toml, ./pyproject.toml, ~/.config/gdcli/config.toml", "Options that are set once; see gdcli config."),
    ("~/.cache/gdcli", "What is kept of data files of 4 MiB and more; see gdcli cache."),
    ("DIR/manifest.json", "In the folder of a saved run: what was asked for, of which data, with which seed."),
    ("DIR/steps.ndjson", "Its log, a JSON object a line."),
    ("DIR/checkpoint.json", "The state between two steps, from which --resume goes on."),
    ("DIR/theta.json", "The parameters, with all that gdcli predict needs."),
    ("DIR/result.json", "The report."),
)


def manual() -> str:
    """The page in troff."""
    pages = [_page(name) for name in COMMANDS]
    shared = _shared(pages)
    summary, examples, _ = told(root)
    lines = [
        f'.TH GDCLI 1 {DATE} "gdcli {__version__}" "User Commands"',
        *(
            roff.heading("NAME"),
            r"gdcli \- gradients, tangents, and gradient descent with a certified gap",
        ),
        *(roff.heading("SYNOPSIS"), rf"{roff.bold('gdcli')} \fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]"),
        *(roff.heading("DESCRIPTION"), roff.text(summary)),
        *roff.paragraph("The result goes to standard output, remarks and errors to standard error."),
        roff.heading("COMMANDS"),
        *(line for page in pages for line in _command(page, shared)),
        roff.heading('"COMMON OPTIONS"'),
        *roff.terms((entry.shown, entry.text) for entry in shared),
        roff.heading('"EXIT STATUS"'),
        *roff.terms((str(int(code)), code.meaning) for code in Exit),
        *(roff.heading("ENVIRONMENT"), *roff.terms(ENVIRONMENT)),
        *(roff.heading("FILES"), *roff.terms(FILES)),
        *(roff.heading("EXAMPLES"), *roff.terms(commands_of(examples))),
        *(roff.heading('"SEE ALSO"'), r"\fBgdcli help\fR \fICOMMAND\fR, \fBjq\fR(1)"),
    ]
    return "\n".join(lines) + "\n"


def _page(name: str) -> Page:
    command, context = command_of(name)
    return page(command, command.get_params(context))


def _shared(pages: Sequence[Page]) -> list[Entry]:
    """The options that most commands have, word for word: they are told of once."""
    every = Counter(
        entry for page in pages for title, entries in page.sections for entry in entries if title == "Output"
    )
    return [entry for entry, count in every.items() if count > len(pages) / 2]


def _command(page: Page, shared: Sequence[Entry]) -> Iterator[str]:
    """A command's part."""
    yield from (roff.part(page.usage), roff.text(page.summary))
    for note in page.notes:
        yield from roff.paragraph(note if isinstance(note, str) else " ".join(note))
    for _, entries in page.sections:
        yield from roff.terms((entry.shown, entry.text) for entry in entries if entry not in shared)
    if page.examples:
        yield from roff.paragraph("Examples:")
        yield from roff.terms(commands_of(page.examples))
