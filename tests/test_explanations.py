"""What docs/ explains names code and tests that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import DOCS

_LINKED = re.compile(r"\[`([^`]+)`\]\((\.\./[^)]+)\)")


def linked(page: str) -> list[tuple[str, Path]]:
    """Return the names of code that a page links to, each with its file."""
    text = (DOCS / page).read_text("utf-8")
    return [(name, (DOCS / path).resolve()) for name, path in _LINKED.findall(text)]


def defined(path: Path) -> set[str]:
    """Return the functions, classes and methods that a module defines, such as "Inbox.put"."""

    def names(body: list[ast.stmt], owner: str) -> Iterator[str]:
        for one in body:
            if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield owner + one.name
            if isinstance(one, ast.ClassDef):
                yield from names(one.body, f"{owner}{one.name}.")

    return {*names(ast.parse(path.read_text("utf-8")).body, "")}


@pytest.mark.parametrize(
    "concept",
    ["consumer", "websocket connection", "channel name", "group", "channel layer", "layer backend",
     "message box", "base template"],
)  # fmt: skip
def test_each_concept_of_the_tutorial_has_a_file_to_read(concept: str):
    text = (DOCS / "concepts.md").read_text("utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| {concept} |")]

    assert _LINKED.search(row.split(" | ")[-1])


@pytest.mark.parametrize(("name", "path"), linked("concepts.md"))
def test_code_of_a_concept_is_in_the_file_that_the_page_names(name: str, path: Path):
    assert path.is_file()
    assert name in defined(path) if path.suffix == ".py" else name == path.name
