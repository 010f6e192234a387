"""The package as people install it: built, in an environment of its own, far from the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.starting import (
    ROOT,
    answers_http,
    clean_environment,
    free_port,
    start,
    stop,
    wait_until_up,
)

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv*", "*_cache", ".hypothesis", ".secrets", "__pycache__", "*.egg-info", "*.db"
)
DAMS = "Dam Name,Latitude,Longitude,State\nHERON,36.7,-106.7,New Mexico\nNAVAJO,36.8,-107.6,\n"


def far_environment() -> dict[str, str]:
    """The variables of this process, without the way to the checkout."""
    return {name: value for name, value in clean_environment().items() if name != "PYTHONPATH"}


def build(what: str, tree: Path, folder: Path) -> Path:
    """Build a "wheel" or an "sdist" of a source tree, and return the file."""
    folder.mkdir()
    code = f"from setuptools import build_meta; build_meta.build_{what}({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=tree, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, folder / "tree", ignore=LEFT_BEHIND)
    return build("sdist", folder / "tree", folder / "built")


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        # Debian's Python 3.11.2 knows no filters yet; 3.14 uses this one by itself.
        known = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **known)
    (tree,) = folder.iterdir()
    return tree


@pytest.fixture(scope="module")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built of the sdist."""
    return build("wheel", unpacked, tmp_path_factory.mktemp("wheel") / "built")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel; what the wheel needs is lent to it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    packages = Path(found.stdout.strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    options = ["--no-deps", "--no-index", "--force-reinstall", "--quiet", str(wheel)]
    subprocess.run([*install, *options], check=True, capture_output=True)
    return python


def run(python: Path, folder: Path, *words: str) -> str:
    return subprocess.run(
        [python, *words],
        cwd=folder,
        env=far_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def address(python: Path, tmp_path: Path) -> Iterator[str]:
    """The page of `python -m dam_inventory serve`, after an import."""
    (tmp_path / "dams.csv").write_text(DAMS, "utf-8")
    run(python, tmp_path, "-m", "dam_inventory", "import", "dams.csv")
    port, log = free_port(), tmp_path / "log"
    command = [python, "-m", "dam_inventory", "serve", "--port", str(port)]
    process = start(command, tmp_path, log, far_environment())
    address = f"http://localhost:{port}"
    wait_until_up(process, lambda: answers_http(f"{address}/health"), log)
    yield f"{address}/dashboard"
    stop(process)


def test_the_wheel_is_what_the_new_environment_imports(python: Path, tmp_path: Path):
    code = "import dam_inventory; print(dam_inventory.__file__)"

    found = Path(run(python, tmp_path, "-c", code).strip())

    assert found.is_relative_to(python.parent.parent)


def test_the_wheel_shows_its_page_in_a_browser(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address)

    page.wait_for_selector("td.name")
    names = page.locator("td.name").all_inner_texts()
    page.close()

    assert {"HERON", "NAVAJO"} <= {name.strip() for name in names}


def test_the_console_script_is_the_command(python: Path, tmp_path: Path):
    script = python.parent / "dam-inventory"

    assert "serve" in run(script, tmp_path, "--help")


def test_the_wheel_holds_every_file_of_the_package(wheel: Path):
    package = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "dam_inventory").rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    }

    assert "dam_inventory/py.typed" in package
    assert package - {*zipfile.ZipFile(wheel).namelist()} == set()


def test_the_sdist_has_all_that_its_tests_and_its_documents_need(unpacked: Path):
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("This is no checkout of git.")
    names = {name for name in tracked.stdout.split("\0") if name and not name.startswith(".git")}

    missing = {name for name in names if not (unpacked / name).exists()}

    assert missing == set()
