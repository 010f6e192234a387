"""The reference of the Python package: its public names with their docstrings, as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import param

import dam_inventory

_ARGUMENTS = re.compile(r"^(\w+(?:, \w+)*): ", re.MULTILINE)


def public_names() -> str:
    """Return the headings, signatures and docstrings of all public names."""
    return "\n\n".join(_section(name) for name in dam_inventory.__all__)


def members(public: type) -> dict[str, Any]:
    """Return the public members of a class that this package defines, by name.

    Those of Settings are its variables, which have a page of their own.
    """
    found: dict[str, Any] = {}
    for owner in public.__mro__:
        if owner.__module__.startswith("dam_inventory."):
            for name, member in vars(owner).items():
                is_setting = public is dam_inventory.Settings and isinstance(
                    member, param.Parameter
                )
                is_slot = inspect.ismemberdescriptor(member)
                if not (name.startswith("_") or name == "name" or is_setting or is_slot):
                    found.setdefault(name, member)
    return found


def _section(name: str) -> str:
    public = getattr(dam_inventory, name)
    parts = [f"## {name}", _code(name, public), _markdown(public.__doc__)]
    if inspect.isclass(public):
        for title, member in members(public).items():
            parts += [f"### {name}.{title}", *_member(title, member)]
    return "\n\n".join(part for part in parts if part)


def _member(name: str, member: Any) -> Iterator[str]:
    match member:
        case param.Parameter():
            yield f"A parameter. {_markdown(member.doc)}"
        case property():
            yield f"A property. {_markdown(member.fget.__doc__)}"
        case cached_property():
            yield f"A property. {_markdown(member.func.__doc__)}"
        case classmethod() | staticmethod():
            yield _code(name, member.__func__)
            yield _markdown(member.__func__.__doc__)
        case _:
            yield _code(name, member)
            yield _markdown(member.__doc__)


def _code(name: str, function: Any) -> str:
    """Return the signature, one argument a line where it does not fit in one."""
    signature = inspect.signature(function)
    arguments: list[str] = []
    is_marked = False
    for one in signature.parameters.values():
        if one.name in ("self", "cls"):
            continue
        if one.kind is one.KEYWORD_ONLY and not is_marked:
            arguments.append("*")
        is_marked = is_marked or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        arguments.append(_argument(one))
    returned = signature.return_annotation
    ends = returned in (signature.empty, "None") or inspect.isclass(function)
    arrow = "" if ends else f" -> {returned}"
    line = f"{name}({', '.join(arguments)}){arrow}"
    if len(line) > 90:
        line = f"{name}(\n" + "".join(f"    {one},\n" for one in arguments) + f"){arrow}"
    return f"```text\n{line}\n```"


def _argument(one: inspect.Parameter) -> str:
    stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    text = f"{stars}{one.name}"
    if one.annotation is not one.empty:
        text += f": {one.annotation}"
    if one.default is one.empty:
        return text
    is_plain = one.default is None or isinstance(one.default, str | int | float | bool | tuple)
    return f"{text} = {one.default!r}" if is_plain else f"{text} = ..."


def _markdown(docstring: str | None) -> str:
    """Return a docstring with its descriptions of arguments as a list."""
    text = inspect.cleandoc(docstring or "")
    text = re.sub(r"(?<=[^\n])\n(?=Raises |Returns )", "\n\n", text)
    text = re.sub(r"(?<=\.) (\w+(?:, \w+)*): (?=[a-z])", r"\n\1: ", text)
    lines = _ARGUMENTS.sub(r"- `\1`: ", text).splitlines()
    return "\n".join(_in_lists(lines))


def _in_lists(lines: list[str]) -> Iterator[str]:
    """Indent what continues an item of a list, and set a list apart from the text around it."""
    in_item = False
    for before, line in zip(["", *lines], lines, strict=False):
        begins = line.startswith("- `")
        if begins and not in_item and before:
            yield ""
        in_item = begins or (in_item and bool(line))
        yield f"  {line}" if in_item and not begins else line
