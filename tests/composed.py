"""What Compose makes of deploy/compose.yaml: YAML, in which variables are replaced.

Source: Docker's "Compose file reference", "Interpolation".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.starting import ROOT

FILE = ROOT / "deploy/compose.yaml"
_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


def names() -> dict[str, str]:
    """Return each variable, and how it is used: "?" must be set, "-" has a default."""
    found = _VARIABLE.finditer(FILE.read_text("utf-8"))
    return {one[2]: one[3] or "" for one in found if one[2]}


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of the file. Raises KeyError for a variable that must be set."""

    def value(found: re.Match[str]) -> str:
        escaped, name, operator, default = found.groups()
        if escaped:
            return "$"
        if operator == "?" and not variables.get(name):
            raise KeyError(name)
        return variables.get(name) or default or ""

    def filled(node: Any) -> Any:
        match node:
            case str():
                return _VARIABLE.sub(value, node)
            case list():
                return [filled(one) for one in node]
            case dict():
                return {name: filled(one) for name, one in node.items()}
        return node

    content: dict[str, Any] = filled(yaml.safe_load(FILE.read_text("utf-8")))
    return content


def env_file(path: Path) -> dict[str, str]:
    """Return the variables of a file of them."""
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
