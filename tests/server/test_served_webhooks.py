"""Webhooks of real `panel serve` processes that share a database."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from dam_inventory.database.webhook_cursors import WebhookCursors
from tests.endpoint import SECRET, Endpoint
from tests.starting import wait_until
from tests.ui.server import Server, dam, serving

pytestmark = pytest.mark.slow


def holder(server: Server, url: str) -> str:
    cursor = WebhookCursors(server.inventory).read(url)
    return "" if cursor is None else cursor.holder


def settings(endpoint: Endpoint) -> dict[str, str]:
    return {"webhook_url": endpoint.url, "webhook_secret": SECRET}


def test_a_restarted_server_delivers_what_it_has_missed(tmp_path: Path):
    with ExitStack() as stack:
        endpoint = Endpoint()
        stack.callback(endpoint.close)
        with serving(tmp_path, "--warm", **settings(endpoint)) as server:
            wait_until(lambda: holder(server, endpoint.url))
            server.add_dams("First")
            wait_until(lambda: endpoint.heard)
        assert SECRET not in server.log
        assert "token=secret" not in server.log
        server.add_dams_unheard("While it is down")

        with serving(tmp_path, "--warm", **settings(endpoint)):
            wait_until(lambda: len(endpoint.heard) > 1)

        assert endpoint.names == ["First", "While it is down"]


@pytest.mark.long
def test_when_the_process_that_delivers_is_killed_another_takes_over(tmp_path: Path):
    with ExitStack() as stack:
        endpoint = Endpoint()
        stack.callback(endpoint.close)
        url = f"sqlite:///{tmp_path / 'dams.db'}"
        servers = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            own = settings(endpoint) | {"database_url": url}
            servers.append(stack.enter_context(serving(tmp_path / name, "--warm", **own)))
            wait_until(lambda: holder(servers[0], endpoint.url))
        one, two = servers
        for i in range(20):
            two.inventory.add(dam(f"Dam {i}"))
        wait_until(lambda: len(endpoint.heard) == 20)
        assert holder(two, endpoint.url).endswith(f"-{one.pid}")

        os.kill(one.pid, signal.SIGKILL)
        two.inventory.add(dam("The last one"))
        wait_until(lambda: "The last one" in endpoint.names, patience=90)

        assert list(dict.fromkeys(endpoint.names)) == [
            *(f"Dam {i}" for i in range(20)), "The last one"
        ]  # fmt: skip
