"""What docs/ explains names code and tests that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import DOCS
from tests.starting import ROOT

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


def promises() -> dict[str, list[str]]:
    """Return the tests that prove each promise, as they are given to pytest."""
    text = (DOCS / "promises.md").read_text("utf-8")
    found = re.findall(r"^- \*\*(.+?)\*\*(.*(?:\n +.*)*)", text, re.MULTILINE)
    return {promise: re.findall(r"^  - `(.+)`$", rest, re.MULTILINE) for promise, rest in found}


PROMISES = promises()


def test_promises_are_found():
    assert "An import is all or nothing." in PROMISES
    assert len(PROMISES) > 20


@pytest.mark.parametrize("promise", PROMISES)
def test_each_test_of_a_promise_is_there(promise: str):
    assert PROMISES[promise]
    for test in PROMISES[promise]:
        file, _, name = test.partition("::")
        assert name in defined(ROOT / file), test
