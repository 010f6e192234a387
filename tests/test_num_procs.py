"""`panel serve --num-procs`: one port, several processes, which Tornado forks off."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.servers import PATIENCE
from tests.test_serving import expect_end, health
from tests.ui.server import ROOT, Server, serving, wait_until
from tests.ui.sessions import session, wait_for_message

pytestmark = pytest.mark.slow

# Since Python 3.12, where asyncio's event loops do not cross a fork, Panel runs the page before it
# forks; with older ones it only reads it.
REHEARSE = """
import asyncio, os
from panel.command.serve import Serve
warm = Serve.warm_applications
Serve.warm_applications = lambda *args, **more: warm(*args, **{**more, "initialize_session": True})
os.register_at_fork(after_in_child=lambda: asyncio.set_event_loop_policy(None))
"""

Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def serve(*options: str, **more: object) -> Server:
            many = ("--num-procs", "2", "--plugins", "tests.routes", *options)
            return stack.enter_context(serving(tmp_path, *many, **more))

        yield serve


@pytest.fixture(params=["as it comes", "rehearsed"])
def server(serve: Serve, tmp_path: Path, request: pytest.FixtureRequest) -> Server:
    if request.param == "as it comes":
        return serve("--warm", is_forked=False)
    (tmp_path / "sitecustomize.py").write_text(REHEARSE, "utf-8")
    server = serve(
        "--warm", is_forked=False, environment={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    )
    assert "subscribed; 1 are subscribed now" in server.log
    return server


def children(server: Server) -> set[int]:
    return {one.pid for one in psutil.Process(server.pid).children()}


def expect_all_to_serve(server: Server) -> None:
    """Wait until each child has answered."""
    answered = set()

    def have_all() -> bool:
        with urlopen(server.origin + "/pid", timeout=PATIENCE) as answer:
            answered.add(int(answer.read()))
        return len(children(server)) == 2 and children(server) <= answered

    wait_until(have_all, "an answer of both processes")


def test_two_processes_serve_and_hear_of_each_other(server: Server):
    expect_all_to_serve(server)
    with ExitStack() as stack:
        pages = [stack.enter_context(session(server)) for _ in range(6)]
        server.add_dams_unheard("Hoover")
        for page in pages:
            wait_for_message(page, "Hoover")

        assert health(server.origin)[0] == 200
        assert files(server.pid, server.database) == []
        expect_end(server)


def files(pid: int, database: Path) -> list[str]:
    return [
        one.path for one in psutil.Process(pid).open_files() if one.path.startswith(str(database))
    ]


def test_children_end_with_a_parent_that_is_killed(serve: Serve):
    server = serve()
    expect_all_to_serve(server)
    orphans = [psutil.Process(pid) for pid in children(server)]

    os.kill(server.pid, signal.SIGKILL)
    server.wait(PATIENCE)

    assert psutil.wait_procs(orphans, timeout=PATIENCE)[1] == []


def test_a_child_that_is_killed_is_replaced(serve: Serve):
    server = serve()
    expect_all_to_serve(server)
    victim = min(children(server))
    start = server.mark

    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in children(server), "the end of a child")

    expect_all_to_serve(server)
    server.expect_complaint(rf"child \d \(pid {victim}\) killed by signal 9, restarting", start)
    expect_end(server)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("max_dams", "many", "must be a whole number"),
        ("database_url", "sqlite:////nowhere/at/all.db", "can't be opened"),
    ],
)
def test_a_wrong_setting_stops_the_start_before_anything_is_forked(
    serve: Serve, setting: str, value: str, sentence: str
):
    with pytest.raises(AssertionError, match=f"(?s)does not start.*{sentence}"):
        serve(**{setting: value})
