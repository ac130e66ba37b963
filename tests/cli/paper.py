"""Readers of what is printed as LaTeX, Markdown and CSV, which fail where it would not be read whole."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PDFLATEX = shutil.which("pdflatex")
_PREAMBLE = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
_MARK = re.compile(r"\\(begin|end)\{(\w+\*?)\}")


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV whose header has no name twice and whose rows are as wide as it."""
    header, *rows = list(csv.reader(io.StringIO(text), strict=True))
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} <= {len(header)}
    return [dict(zip(header, row, strict=True)) for row in rows]


def markdown_tables(text: str) -> list[list[list[str]]]:
    """The cells of every table as a reader of GitHub's Markdown finds them; nothing else may be read into the page."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(_without_formulas(text))
    lines = text.splitlines()
    starts = len(re.findall(r"^\|.*\n(?:\|.*\n?)*", text, re.MULTILINE))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "em_open", "strong_open", "link_open", "image", "code_inline"}
    tables = [_rows(tokens[i:]) for i, token in enumerate(tokens) if token.type == "table_open"]
    assert len(tables) == starts
    rows = sum(map(len, tables)) + len(tables)
    assert rows == sum(line.startswith("|") for line in lines)
    for table in tables:
        # A reader fills and cuts rows, so that their width is counted in the text.
        assert len({len(row) for row in table}) == 1
    widths = [len(re.sub(r"\\.", "", line).split("|")) for line in lines if line.startswith("|")]
    assert len(set(widths)) <= len(tables)
    return tables


def _without_formulas(text: str) -> str:
    """What is between dollar signs belongs to the formulas."""
    shown = re.sub(r"^\$\$\n.*?^\$\$$", "formula", text, flags=re.DOTALL | re.MULTILINE)
    found = re.sub(r"(?<!\\)\$([^$\n]*)(?<!\\)\$", "formula", shown)
    assert not re.search(r"(?<!\\)\$", found), "a dollar sign is left over"
    return found


def _rows(tokens: list[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def latex_is_whole(text: str) -> None:
    r"""Braces and environments are closed in order, dollar signs come in pairs, and rows have a & between columns."""
    bare = re.sub(r"\\[\\{}$&#%_]", lambda found: "\\\\" if found[0] == r"\\" else "", text)
    depth = 0
    for char in re.sub(r"\\\\", "", bare):
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert "#" not in bare
    assert "%" not in bare
    assert all(line.count("$") % 2 == 0 for line in bare.splitlines())
    open_: list[str] = []
    for mark, name in _MARK.findall(text):
        if mark == "begin":
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []
    for table in re.findall(r"\\begin\{tabular\}\{([^\n]*)\}\n(.*?)\\end\{tabular\}", bare, re.DOTALL):
        columns = len(re.sub(r"p\{[^}]*\}", "p", table[0]))
        for line in table[1].splitlines():
            assert re.search(r"\\\\( \\hline)?$", line), line
            assert line.count("&") == columns - 1, line


def compiled(pages: list[str], folder: Path) -> None:
    """A document of the pages, set by pdflatex, which stops at the first error."""
    document = _PREAMBLE + "\n\\newpage\n".join(pages) + "\n\\end{document}\n"
    (folder / "pages.tex").write_text(document, encoding="utf-8")
    assert PDFLATEX is not None
    done = subprocess.run(
        [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "pages.tex"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-3000:]
