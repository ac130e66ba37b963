"""`gdcli completion SHELL`: the script that lets a shell complete gdcli's command lines."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import terminal


def command(
    ctx: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- WORD...]", help="A command line so far: print what may come, as the scripts ask."),
    ] = None,
) -> None:
    """Print the script that lets a shell complete commands, options, problems, columns and saved runs.

    \b
    gdcli completion bash       for ~/.bashrc: eval "$(gdcli completion bash)"
    gdcli completion zsh        for ~/.zshrc:  eval "$(gdcli completion zsh)"
    gdcli completion fish > ~/.config/fish/completions/gdcli.fish

    \b
    In zsh the line stands behind: autoload -Uz compinit && compinit
    """
    from gdcli.cli.complete import candidates, script

    found = script(shell)
    terminal(ctx).write(candidates(shell, words) if words else found)
