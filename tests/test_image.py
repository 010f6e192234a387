"""The image of deploy/Dockerfile, made without Docker, and what Compose starts in it."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import make_url

from dam_inventory.server.auth import passwords
from tests.composed import compose
from tests.dockerfile import Ignored, Image
from tests.starting import PATIENCE, ROOT, answers_http, free_port, stop, wait_until_up

DOCKERFILE = ROOT / "deploy/Dockerfile"
PORT = 5006
PASSWORD = "pass/of@anna"
FILLED = {"ORIGIN": "dams.example.org", "POSTGRES_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Image(DOCKERFILE, ROOT, tmp_path_factory.mktemp("image"))


@pytest.fixture
def state(image: Image) -> Path:
    """Return the empty folder /state of the image, as a new volume has it."""
    folder = image.place("/state")
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    return folder


@contextmanager
def started(
    image: Image, command: Sequence[str], log: Path, environment: dict[str, str]
) -> Iterator[str]:
    """Start the image's program on a free port, check that it stops, and return its address."""
    port = free_port()
    process = image.start(
        [*image.entrypoint, *command, "--port", str(port)],
        log,
        {"HOME": str(log.parent)} | environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, lambda: answers_http(f"{address}/health"), log)
        yield address
        stop(process, signal.SIGTERM)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text("utf-8")


def is_healthy(image: Image, address: str) -> bool:
    """Return what the image's own check says."""
    words = [word.replace(f"http://localhost:{PORT}", address) for word in image.health]
    assert words != image.health
    return image.run(words).returncode == 0


@pytest.mark.slow
def test_it_holds_the_package_and_no_more(image: Image):
    told = image.run(["python", "-c", "import dam_inventory; print(dam_inventory.__file__)"])

    assert "/venv/lib/" in told.stdout, told.stderr
    assert {one.name for one in image.place("/source").iterdir()} - {"build"} == {
        *("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "dam_inventory"),
        "dam_inventory.egg-info",
    }


@pytest.mark.slow
def test_who_runs_it_may_write_where_it_writes(image: Image):
    assert image.user != "root"
    assert image.owners[image.working_directory] == image.user
    assert image.volumes == [image.working_directory]
    assert image.ports == [PORT]


@pytest.mark.slow
def test_without_compose_it_needs_a_password_and_no_more(image: Image, state: Path, tmp_path: Path):
    refused = image.run([*image.entrypoint, *image.command])
    assert refused.returncode != 0
    assert "passwords.json can't be read" in refused.stderr

    named = image.run([*image.entrypoint, "password", "anna"], said="correct horse\n")
    assert named.returncode == 0, named.stderr

    with started(image, image.command, tmp_path / "log", {}) as address:
        assert is_healthy(image, address)
        with urlopen(f"{address}/dashboard", timeout=PATIENCE) as page:
            assert page.url == f"{address}/login?next=%2Fdashboard"
        assert {one.name for one in state.iterdir()} >= {"dams.db", "passwords.json", ".secrets"}
    assert not is_healthy(image, address)


@pytest.mark.slow
@pytest.mark.parametrize("password", ["""it's "$HOME" & p@ss:w/rd""", "back\\slash %s %n `id`"])
def test_the_first_start_of_compose_lets_the_first_person_in(
    image: Image, state: Path, password: str
):
    def start_first(**variables: str) -> subprocess.CompletedProcess[str]:
        service = compose(FILLED | variables)["services"]["first-person"]
        given = {name: service["environment"][name] for name in ("FIRST_NAME", "FIRST_PASSWORD")}
        return image.run([*service["entrypoint"], *service["command"]], given)

    first = start_first(FIRST_PASSWORD=password)
    assert first.returncode == 0, first.stderr
    assert passwords.is_right(passwords.read(state / "passwords.json"), "admin", password)

    again = start_first(FIRST_NAME="mallory", FIRST_PASSWORD="another one")
    assert again.returncode == 0
    assert list(passwords.read(state / "passwords.json")) == ["admin"]


@pytest.mark.slow
def test_a_first_password_that_is_too_short_stops_the_start_with_the_reason(
    image: Image, state: Path
):
    service = compose(FILLED | {"FIRST_PASSWORD": "short"})["services"]["first-person"]
    first = image.run(
        [*service["entrypoint"], *service["command"]],
        {"FIRST_NAME": "admin", "FIRST_PASSWORD": "short"},
    )

    assert first.returncode == 1
    assert "at least 8 characters" in first.stderr
    assert list(state.iterdir()) == []


@pytest.mark.slow
@pytest.mark.databases("postgresql")
def test_compose_reaches_its_database_whatever_the_password_contains(
    image: Image, state: Path, tmp_path: Path, database_url: str
):
    real = make_url(database_url)
    assert real.password == PASSWORD
    passwords.set_password(state / "passwords.json", "anna", "correct horse")
    service = compose(FILLED | {"FIRST_PASSWORD": "correct horse"})["services"]["app1"]
    environment = service["environment"]
    written = make_url(environment["DAM_INVENTORY_DATABASE_URL"])
    assert (written.username, written.host, written.database) == ("dams", "database", "dams")
    there = written.set(
        username=real.username, host=real.host, port=real.port, database=real.database
    )
    environment["DAM_INVENTORY_DATABASE_URL"] = there.render_as_string(hide_password=False)

    with started(image, service["command"], tmp_path / "log", environment) as address:
        assert is_healthy(image, address)
        with urlopen(f"{address}/health", timeout=PATIENCE) as answer:
            health = json.load(answer)
        assert (health["status"], health["relay"]) == ("ok", "connected")
    assert PASSWORD not in (tmp_path / "log").read_text("utf-8")
    assert not (state / "dams.db").exists()


@pytest.mark.parametrize(
    "path",
    [
        *("dam_inventory.db", "passwords.json", ".secrets/sessions", "deploy/.env", ".git/config"),
        *("dam_inventory/__pycache__/errors.cpython-312.pyc", ".venv/bin/python", "tests/pages.py"),
    ],
)
def test_what_is_secret_or_of_no_use_does_not_reach_docker(path: str):
    assert path in Ignored((ROOT / ".dockerignore").read_text("utf-8"))


@pytest.mark.parametrize("path", ["pyproject.toml", "dam_inventory/views/layout/page.html"])
def test_what_the_image_needs_reaches_docker(path: str):
    assert (ROOT / path).is_file()
    assert path not in Ignored((ROOT / ".dockerignore").read_text("utf-8"))
