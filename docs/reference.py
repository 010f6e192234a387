"""Write the tables of the reference again from the code: `make reference`.

They are kept in the pages, between two comments, so that the repository page shows them.
tests/test_reference.py compares them with the code.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from public_names import public_names

from dam_inventory.cli.main import parser
from dam_inventory.config.settings import PREFIX, Settings
from dam_inventory.domain.field import Field
from dam_inventory.domain.fields import FIELDS, GROUPS

FOLDER = Path(__file__).parent

_DEFAULTS: dict[object, str] = {None: "none", "": "empty", True: "true", False: "false"}
_KINDS = {
    "texts": "texts, separated by `;`",
    "category": "a category",
    "categories": "categories, separated by `;`",
    "date": "a year, a month or a day",
    "degrees": "degrees, WGS 84",
    "link": "a web address",
}


class _Options(argparse.HelpFormatter):
    """Collects the arguments of a command, in their order, while its help is formatted."""

    actions: list[argparse.Action]

    def add_argument(self, action: argparse.Action) -> None:
        if action not in self.actions and action.help != argparse.SUPPRESS:
            self.actions.append(action)


def arguments_of(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what a command takes, without `--help`."""
    found: list[argparse.Action] = []
    command.formatter_class = type("_Collector", (_Options,), {"actions": found})
    command.format_help()
    return [action for action in found if action.dest != "help"]


def settings() -> str:
    """Return the table of all settings."""
    return _table(
        ("variable", "default", "meaning"),
        (
            (f"`{PREFIX}{name.upper()}`", f"`{_default(name)}`", _meaning(name))
            for name in Settings.fields()
        ),
    )


def fields() -> str:
    """Return one table of fields for each group."""
    return "\n\n".join(
        f"## {group}\n\n"
        + _table(
            ("name", "on the page", "value", "meaning", "columns of a file", "source"),
            (_field(field) for field in FIELDS if field.group == group),
        )
        for group in GROUPS
    )  # fmt: skip


def options() -> str:
    """Return one table of arguments for each command."""
    [commands] = [action for action in arguments_of(parser()) if action.choices]
    found = {}
    for name, command in dict(commands.choices or {}).items():
        rows = [(_written(one), _cell(_help(one))) for one in arguments_of(command)]
        found[name] = _table(("argument", "meaning"), rows)
    return "\n\n".join(f"### Arguments of `{name}`\n\n{table}" for name, table in found.items())


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "fields": fields,
    "commands": options,
    "python": public_names,
}
"""What is written into a page of the same name."""


def written(page: str) -> str:
    """Return the text of a page with its part as the code has it now."""
    text = (FOLDER / f"{page}.md").read_text("utf-8")
    part = f"<!-- made by `make reference` -->\n\n{PARTS[page]()}\n\n<!-- end -->"
    new, count = re.subn(
        r"<!-- made by `make reference` -->.*?<!-- end -->", lambda _: part, text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{page}.md has {count} places for its table, but must have one.")
    return new


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = [*heads]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(name: str) -> str:
    default = Settings.param[name].default
    return _DEFAULTS.get(default, f"{default:g}" if isinstance(default, float) else str(default))


def _meaning(name: str) -> str:
    return _cell(f"{Settings.param[name].doc} Allowed: {Settings.allowed(name)}.")


def _field(field: Field) -> tuple[str, ...]:
    words = f" Known words: {'; '.join(field.categories)}." if field.categories else ""
    kind = _KINDS.get(field.kind, f"a {field.kind}") + (f", {field.unit}" if field.unit else "")
    names = ", ".join(f"`{name}`" for name in field.nid_names)
    return (
        f"`{field.name}`", field.label, kind, _cell(field.description + words), names, field.source,
    )  # fmt: skip


def _written(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"`{'`, `'.join(action.option_strings)}{value}`"


def _help(action: argparse.Action) -> str:
    return (action.help or "") % {**vars(action), "prog": "python -m dam_inventory"}


if __name__ == "__main__":
    for name in PARTS:
        (FOLDER / f"{name}.md").write_text(written(name), "utf-8")
