"""Five hundred logins at once, while pages are open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from dam_inventory.server.auth import passwords
from dam_inventory.server.auth.attempts import MAX_IN_LINE
from tests.attacker import Attacker
from tests.guess import Guess
from tests.ui.server import Server, serving, wait_until
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.long]

LOGINS = 500
PAGES = 5


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Where ann can log in, and passwords are checked while there is no file `held`."""
    passwords.set_password(tmp_path / "passwords.json", "ann", "correct horse")
    options = ("--warm", "--use-xheaders", *WITH_PASSWORDS, "--plugins", "tests.held")
    with serving(tmp_path, *options, environment=SAFE) as server:
        yield server


def checks(server: Server) -> dict[str, object]:
    return json.loads(Visitor(server).open("/checks")[2])


def test_open_pages_go_on_while_five_hundred_logins_wait(server: Server, tmp_path: Path):
    ann = Visitor(server)
    assert ann.log_in("ann", "correct horse")
    assert checks(server)["checks"] == 1
    with ExitStack() as stack:
        pages = [stack.enter_context(ann.connected(ann.token())) for _ in range(PAGES)]
        readers = [Attacker(page) for page in pages]
        process = psutil.Process(server.pid)
        memory, start = process.memory_info().rss, server.mark
        (tmp_path / "held").touch()

        guesses = [Guess(server, f"203.0.{n // 250}.{n % 250}", str(n)) for n in range(LOGINS)]
        wait_until(
            lambda: sum(one.is_answered for one in guesses) >= LOGINS - MAX_IN_LINE - 1,
            "all for whom there is no place are refused",
        )
        waiting = [one for one in guesses if not one.is_answered]
        # While no password at all is checked, so nobody waits for one.
        server.add_dams("Heard meanwhile")
        for reader in readers:
            reader.wait_for_text("Heard meanwhile")
            reader.set("DamTable", "clicked", 1)
        assert checks(server)["checks"] == 2
        assert not any(one.is_answered for one in waiting)

        (tmp_path / "held").unlink()
        answers = [one.answer().status for one in guesses]

    told = checks(server)
    assert told["threads"] == ["passwords_0"]
    assert told["at once"] == 1
    assert told["checks"] == 1 + len(waiting)
    assert 1 <= len(waiting) <= MAX_IN_LINE + 1
    assert sorted(set(answers)) == [303, 503]
    assert answers.count(303) == len(waiting)
    assert process.memory_info().rss - memory < 50e6
    assert len(server.log) - start < 1_000_000
    assert ann.log_in("ann", "correct horse")
    server.forgive()
