"""Where on a command line the cursor stands: behind which command, in the value of which option or argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gdcli.cli import picture
from gdcli.cli.options import is_option
from gdcli.cli.tree import command_of, program


@dataclass
class Place:
    """The command (None: its name is being typed) and the parameter whose value comes next, if one does.

    `word` is the value so far and `before` what stands before it in the same word, `--target=`; `given` holds the
    values of the words before, by the names of their parameters.
    """

    command: Any
    parameters: Sequence[Any]
    parameter: Any = None
    word: str = ""
    before: str = ""
    given: dict[str, str] = field(default_factory=dict)

    @property
    def at_option(self) -> bool:
        """An option's name is being typed."""
        return self.parameter is None and self.word.startswith("-")


def find(words: Sequence[str]) -> Place:
    """The place at the end of the last word. Raises UsageError behind a word that is no command."""
    *past, word = words
    start = next((i for i, earlier in enumerate(past) if not earlier.startswith("-")), None)
    if start is None:
        group, context = program()
        return Place(None, group.get_params(context), word=word)
    command, context = command_of(past[start])
    place = Place(command, command.get_params(context))
    _walk(place, past[start + 1 :], word)
    return place


def _walk(place: Place, past: Sequence[str], word: str) -> None:
    """Give each word to its parameter, and see which one is left for the last."""
    options = {spelling: p for p in place.parameters if p.param_type_name == "option" for spelling in p.opts}
    arguments = [p for p in place.parameters if p.param_type_name == "argument"]
    known = place.command.spellings()
    waiting, ended = None, False
    for earlier in past:
        name, equals, value = earlier.partition("=")
        if waiting is not None and not (waiting == "--plot" and not picture.is_file(earlier)):
            place.given[options[waiting].name] = earlier
            waiting = None
        elif not ended and is_option(earlier, known):
            ended = earlier == "--"
            waiting = earlier if known.get(earlier) else None
            if name in options:
                place.given[options[name].name] = value
        elif arguments:
            place.given[arguments[0].name] = earlier
            del arguments[: arguments[0].nargs == 1]
    name, equals, value = word.partition("=")
    # The value of --plot may be left out, and where data are still to come they are files, too.
    if waiting == "--plot" and arguments and arguments[0].name == "data" and not picture.is_file(word):
        waiting = None
    if waiting is not None:
        place.parameter, place.word = options[waiting], word
    elif equals and not ended and name in options:
        place.parameter, place.word, place.before = options[name], value, f"{name}="
    else:
        place.parameter, place.word = None if word.startswith("-") and not ended else next(iter(arguments), None), word
