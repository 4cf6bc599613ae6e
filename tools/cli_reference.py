"""The reference page of the command line, made from the commands themselves."""

from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

HEAD = """# Commands

Written by `make docs` from the program itself. Exit status of every command: 0 done, 1 failed, 2 wrong usage,
3 done but a person is needed, 75 try later.
"""


class UndocumentedError(Exception):
    """A command, an option or a setting says nothing about itself; the message lists them."""


def render(app: typer.Typer, *, name: str) -> str:
    """The whole page in Markdown: one section per command, in the order of the program's own help.

    Raises:
        UndocumentedError: A command or an option has no help text.
    """
    root = get_command(app)
    context = typer.Context(root, info_name=name)
    sections, silent = [HEAD], []
    for command in _walk(context):
        sections.append(_section(command))
        silent += _silent(command)
    if silent:
        raise UndocumentedError("\n".join(f"no help text: {each}" for each in silent))
    return "\n".join(sections)


def _walk(context: typer.Context) -> Iterator[typer.Context]:
    yield context
    command = context.command
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child and not child.hidden:
                yield from _walk(typer.Context(child, info_name=name, parent=context))


def _shown(context: typer.Context) -> list[TyperArgument | TyperOption]:
    params = [p for p in context.command.params if isinstance(p, (TyperArgument, TyperOption))]
    return [p for p in params if not p.hidden and p.name not in ("install_completion", "show_completion")]


def _silent(context: typer.Context) -> list[str]:
    path = context.command_path
    told = [] if context.command.help else [path]
    return told + [f"{path} {'/'.join(param.opts)}" for param in _shown(context) if not param.help]


def _section(context: typer.Context) -> str:
    path, help_text = context.command_path, (context.command.help or "").strip()
    usage = " ".join([path, *context.command.collect_usage_pieces(context)])
    lines = [f"## `{path}`", "", help_text, "", "```text", usage, "```", ""]
    records = [record for param in _shown(context) if (record := param.get_help_record(context))]
    if records:
        lines += ["| | |", "| --- | --- |"]
        lines += [f"| `{_cell(term)}` | {_cell(meaning)} |" for term, meaning in records]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
