"""An environment of Python in which a part of what is required is not installed."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from venv import EnvBuilder

from packaging.requirements import Requirement

from tests.starting import ROOT

OF_THE_PAGE = ("bokeh", "cartopy", "geoviews", "holoviews", "panel", "panel-material-ui", "tornado")


def without_the_page(folder: Path) -> Path:
    """Make an environment with all requirements but those of the page; return its Python.

    Its packages are links to those of this environment: nothing is downloaded.
    """
    EnvBuilder(symlinks=True).create(folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [Requirement(text) for text in project["dependencies"]]
    for one in _with_requirements([one for one in needed if one.name not in OF_THE_PAGE]):
        for file in one.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (packages / top).exists():
                (packages / top).symlink_to(Path(str(one.locate_file(top))))
    return folder / "bin" / Path(sys.executable).name


def _with_requirements(needed: list[Requirement]) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    while needed:
        name = re.sub(r"[-_.]+", "-", needed.pop().name).lower()
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue  # of an extra, or of another system
            texts = found[name].requires or ()
            needed += [
                one
                for one in map(Requirement, texts)
                if one.marker is None or one.marker.evaluate({"extra": ""})
            ]
    return [*found.values()]
