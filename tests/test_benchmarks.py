"""The benchmarks, which no test runs, find the parts that they share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
FILES = {file.stem: ast.parse(file.read_text("utf-8")) for file in FOLDER.glob("*.py")}


def named(tree: ast.Module) -> set[str]:
    """Return the names that a file gives to others."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {
                one.id for part in targets for one in ast.walk(part) if isinstance(one, ast.Name)
            }
    return names


def taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that a file takes from another one of the folder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in FILES:
            yield from ((str(node.module), one.name) for one in node.names)


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_benchmark_takes_from_the_others_what_they_have(file: str):
    wanted = set(taken(FILES[file]))

    assert [one for one in wanted if one[1] not in named(FILES[one[0]])] == []
    assert [one for one in wanted if one[1].startswith("_")] == []


def test_the_benchmarks_share_parts():
    assert {module for tree in FILES.values() for module, _ in taken(tree)} >= {
        "_servers",
        "_client",
    }
