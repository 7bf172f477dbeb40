"""The page of commands, from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer

from foreship.cli.commands import app
from foreship.cli.speaking import SHARED
from foreship.exit_codes import EXIT_CODES

__all__ = ["commands_page"]

WIDTH = 80

INTRODUCTION = """\
# Commands

Made from the program whenever this site is built; `foreship COMMAND --help` says the same in a
terminal. stdout carries data only, words go to stderr, and the [exit code](#exit-codes) says how
it ended.
"""


def commands_page() -> str:
    """Return the page in Markdown: each command with its options, then what all share."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    parts = [INTRODUCTION]
    parts += [_command(name, commands[name]) for name in commands]
    parts.append(_shared(next(iter(commands.values()))))
    parts.append(_exit_codes())
    return "\n".join(parts)


def _command(name: str, command: Any) -> str:
    own = [each for each in command.params if each.name not in SHARED]
    lines = [f"## foreship {name}", "", command.help, "", "```"]
    lines += [_usage(name, [_word(each) for each in own]), "```", ""]
    return "\n".join([*lines, *_table(own)])


def _usage(name: str, words: list[str]) -> str:
    """Return how a command is written, options never broken over two lines."""
    lines = [f"foreship {name}"]
    for word in words:
        if len(lines[-1]) + len(word) < WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(" " * (len(name) + 9) + f" {word}")
    return "\n".join(lines)


def _word(param: Any) -> str:
    """Return an argument or an option as a line of usage shows it."""
    if param.param_type_name == "argument":
        word = (param.metavar or param.name).upper()
    else:
        word = " ".join([param.opts[0], *_kind(param)])
    return word if param.required else f"[{word}]"


def _kind(param: Any) -> Iterator[str]:
    """Yield what is to be written behind an option, nothing behind a flag."""
    if param.param_type_name == "option" and not param.is_flag:
        yield param.metavar or _form(param.type_descriptor.annotation)


def _form(kind: Any) -> str:
    """Return the values of a choice, or the word for a type."""
    if issubclass(kind, Enum):
        return "|".join(str(each.value) for each in kind)
    return "N" if kind is int else str(kind.__name__).upper()


def _table(params: list[Any]) -> Iterator[str]:
    if not params:
        return
    yield "| | | default | meaning |"
    yield "|---|---|---|---|"
    for each in params:
        yield f"| {_names(each)} | {_values(each)} | {_default(each)} | {each.help or ''} |"
    yield ""


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{(param.metavar or param.name).upper()}`"
    return ", ".join(f"`{each}`" for each in (*param.opts, *param.secondary_opts))


def _values(param: Any) -> str:
    return " / ".join(f"`{value}`" for each in _kind(param) for value in each.split("|"))


def _default(param: Any) -> str:
    if param.required:
        return "required"
    if param.default in (None, False):
        return ""
    value = param.default.value if isinstance(param.default, Enum) else param.default
    return f"`{value}`"


def _shared(command: Any) -> str:
    params = [each for each in command.params if each.name in SHARED]
    lines = ["## Options of every command", "", *_table(params)]
    return "\n".join([*lines, "`foreship --version` prints the version.", ""])


def _exit_codes() -> str:
    rows = [f"| {code} | {words} |" for code, words in EXIT_CODES.items()]
    return "\n".join(["## Exit codes", "", "| code | meaning |", "|---|---|", *rows, ""])
