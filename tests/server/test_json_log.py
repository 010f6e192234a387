"""The server's log: one line for each record, whatever visitors send, and as JSON if asked."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from dam_inventory.domain.visible import escaped
from dam_inventory.server.auth import passwords
from dam_inventory.server.limits.server_log import (
    MAX_CHARACTERS,
    MAX_CHARACTERS_OF_TRACEBACK,
    MAX_COMPLAINTS,
)
from tests.ui.server import Server, serving
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor

pytestmark = pytest.mark.slow

FORGED = "2026-01-01 00:00:00,000 CRITICAL dam_inventory: forged"
NAME = f"ann\n{FORGED}\r\n\x1b[2J\x85\u2028{FORGED}\u202e"


def started(folder: Path, log_format: str) -> Any:
    passwords.set_password(folder / "passwords.json", "ann", "correct horse")
    options = ("--warm", "--plugins", "tests.routes", *WITH_PASSWORDS)
    return serving(folder, *options, environment=SAFE, log_format=log_format)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("json"), "json") as server:
        yield server
        server.forgive()


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("text"), "text") as server:
        yield server
        server.forgive()


def log(server: Server, text: str, logger: str = "dam_inventory.told", times: int = 1) -> str:
    """Let the server log a text, and return what was added to its log."""
    start = server.mark
    Visitor(server).open("/log?" + urlencode({"text": text, "logger": logger, "times": times}))
    return server.log[start:]


def records(lines: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.splitlines()]


def test_every_line_is_an_object_from_the_first_on(server: Server):
    Visitor(server).log_in("ann", "correct horse")
    Visitor(server).open("/api")
    server.expect_log('"logger": "tornado')  # It is written after the answer.

    told = records(server.log)

    loggers = {one["logger"].partition(".")[0] for one in told}
    assert {"dam_inventory", "bokeh", "tornado"} <= loggers
    assert "Opened an inventory of 2 dams." in [one["message"] for one in told]
    for one in told:
        assert one.keys() - {"exception"} == {"time", "level", "logger", "message"}
        at = dt.datetime.fromisoformat(one["time"])
        assert at.utcoffset() == dt.timedelta(0)
        assert abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=10)
    assert {"level": "INFO", "logger": "dam_inventory.server.auth.login_page"} in [
        {key: one[key] for key in ("level", "logger")} for one in told
    ]


def test_exceptions_and_warnings_are_objects_too(server: Server):
    told = records(log(server, "wrong"))

    [raised] = [one for one in told if one["message"] == "Raised"]
    assert raised["level"] == "ERROR"
    assert raised["exception"].startswith("Traceback (most recent call last):\n")
    assert raised["exception"].endswith("\nValueError: wrong")
    [warning] = [one for one in told if one["logger"] == "py.warnings"]
    assert "UserWarning: wrong" in warning["message"]


def test_the_limits_of_the_log_hold_for_objects(server: Server):
    text = "x" * 10_000
    told = records(log(server, text, "somebody.elses", MAX_COMPLAINTS + 5))

    complaints = [one for one in told if one["message"].startswith("Told xxx")]
    assert len(complaints) == MAX_COMPLAINTS
    assert all(len(one["message"]) < MAX_CHARACTERS + 100 for one in complaints)
    [raised] = [one for one in told if one["message"] == "Raised"]
    assert len(raised["exception"]) < MAX_CHARACTERS_OF_TRACEBACK + 200


def test_a_name_forges_no_object(server: Server):
    for logger in ("dam_inventory.told", "a.library"):
        lines = log(server, NAME, logger)

        assert lines.isascii()
        assert "\x1b" not in lines
        told = records(lines)
        assert "CRITICAL" not in {one["level"] for one in told}
        assert [one for one in told if one["message"].startswith("Told ann")]


def test_a_name_forges_no_line_of_text(texts: Server):
    for logger in ("dam_inventory.told", "a.library"):
        lines = log(texts, NAME, logger)

        assert "forged" in lines
        assert not re.search(r"^.{0,3}2026-01-01", lines, re.MULTILINE)
        assert not set(lines) & set("\r\x1b\x85\u2028\u202e")


def test_a_warning_of_python_forges_no_line_of_text(texts: Server):
    lines = log(texts, f"Warned\n{FORGED}")

    assert re.search(
        rf"^\S+ \S+ WARNING py\.warnings: .*UserWarning: Warned\n    {FORGED}$", lines, re.MULTILINE
    )


def test_a_message_of_ours_is_one_line(texts: Server):
    lines = log(texts, NAME)

    [told] = [line for line in lines.splitlines() if "Told ann" in line]
    assert told.endswith(rf"Told ann\n{FORGED}\r\n\x1b[2J\x85\u2028{FORGED}\u202e")


def test_a_login_name_forges_no_line(texts: Server, server: Server):
    for one in (texts, server):
        start = one.mark
        assert not Visitor(one).log_in(NAME, "a guess")
        one.expect_log("was refused a login", start)

        assert "forged" not in one.log[start:]


@pytest.mark.parametrize(
    ("text", "keep", "shown"),
    [
        ("Ouzel", "", "Ouzel"),
        ("Embalse Ñandú 水庫", "", "Embalse Ñandú 水庫"),
        ("a\nb", "", r"a\nb"),
        ("a\nb\x1b[31m", "\n", "a\nb\\x1b[31m"),
        ("a\udc80", "", r"a\udc80"),
    ],
)
def test_only_what_can_not_be_printed_is_escaped(text: str, keep: str, shown: str):
    assert escaped(text, keep) == shown
