"""The reference page of the settings, made from the settings class itself."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from tools.cli_reference import UndocumentedError

HEAD = """# Settings

Written by `make docs` from the settings themselves. They stand in `liner.toml` of the home; a variable of the
environment overrides the file, an option of a command overrides both. Secrets are better kept in variables.
"""


_NAMED = {False: (), True: ("<name>",)}
"""What stands in a heading for the name of a section of which there are several."""


def render(settings: type[BaseModel], *, prefix: str, delimiter: str) -> str:
    """The whole page in Markdown: one table per section of `liner.toml`.

    Raises:
        UndocumentedError: A setting has no description, or a section no docstring.
    """
    silent = list(_silent(settings, ()))
    if silent:
        raise UndocumentedError("\n".join(f"no description: {each}" for each in silent))
    return "\n".join([HEAD, *_sections(settings, (), prefix, delimiter)])


def _is_section(field: FieldInfo) -> bool:
    return isinstance(_section(field), type) and issubclass(_section(field), BaseModel)


def _section(field: FieldInfo) -> Any:
    """The type of a section, or of each of several sections that have names."""
    return get_args(field.annotation)[-1] if _is_named(field) else field.annotation


def _is_named(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is Mapping


def _sections(model: type[BaseModel], path: tuple[str, ...], prefix: str, delimiter: str) -> Iterator[str]:
    plain = {name: field for name, field in model.model_fields.items() if not _is_section(field)}
    if plain:
        yield f"## `[{'.'.join(path)}]`\n\n{_first_line(model)}\n" if path else "## Outside a section\n"
        yield "| Setting | Meaning | Default | Variable |\n| --- | --- | --- | --- |"
        for name, field in plain.items():
            variable = prefix + delimiter.join((*path, name)).upper()
            meaning = f"{(field.description or '').rstrip('.')}{_limits(field)}."
            yield f"| `{name}` | {meaning} | {_default(field)} | `{variable}` |"
        yield ""
    for name, field in model.model_fields.items():
        if _is_section(field):
            yield from _sections(_model(field), (*path, name, *_NAMED[_is_named(field)]), prefix, delimiter)


def _silent(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[str]:
    if path and not _first_line(model):
        yield f"[{'.'.join(path)}]"
    for name, field in model.model_fields.items():
        if _is_section(field):
            yield from _silent(_model(field), (*path, name))
        elif not field.description:
            yield ".".join((*path, name))


def _model(field: FieldInfo) -> type[BaseModel]:
    section = _section(field)
    assert isinstance(section, type)
    assert issubclass(section, BaseModel)
    return section


def _first_line(model: type[BaseModel]) -> str:
    line = (model.__doc__ or "").strip().split("\n")[0]
    said = line.partition(": ")[2] if line.startswith("`[") else line
    return said[:1].upper() + said[1:]


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True) if not field.is_required() else PydanticUndefined
    if value is PydanticUndefined:
        return "required"
    return "" if value is None or value in ({}, []) else f"`{value}`"


def _limits(field: FieldInfo) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    told = [
        f"{word} {value}"
        for constraint in field.metadata
        for name, word in words.items()
        if (value := getattr(constraint, name, None)) is not None
    ]
    if get_origin(field.annotation) is Literal:
        told.append(f"one of {', '.join(f'`{choice}`' for choice in get_args(field.annotation))}")
    return f" ({', '.join(told)})" if told else ""
