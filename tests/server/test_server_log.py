"""The log stays short whatever visitors send."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from dam_inventory.server.limits.server_log import (
    MAX_CHARACTERS,
    MAX_CHARACTERS_OF_TRACEBACK,
    MAX_COMPLAINTS,
    WINDOW,
    Restraint,
)


class Log:
    """A library's logger, and its output."""

    def __init__(self, name: str) -> None:
        self.now = 1000.0
        self._written = io.StringIO()
        self._handlers = [logging.StreamHandler(self._written)]
        self._handlers[0].addFilter(Restraint(lambda: self.now))
        self.logger = logging.getLogger(name)
        self.logger.propagate = False
        self.logger.setLevel(logging.INFO)
        self.logger.addHandler(self._handlers[0])

    @property
    def text(self) -> str:
        return self._written.getvalue()

    def close(self) -> None:
        self.logger.removeHandler(self._handlers[0])
        self.logger.propagate = True


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log("somebody.elses")
    yield log
    log.close()


def test_a_long_record_is_cut(log: Log):
    log.logger.error("Not understood: %r", "x" * 5_000_000)

    assert log.text.startswith("Not understood: 'xxx")
    assert len(log.text) < MAX_CHARACTERS + 100
    assert "more characters)" in log.text


def test_a_short_record_is_left_as_it_is(log: Log):
    log.logger.error("%d pages from %s", 3, "ann")

    assert log.text == "3 pages from ann\n"


def test_a_traceback_is_cut_in_its_middle(log: Log):
    try:
        raise ValueError("y" * 5_000_000 + " the end")
    except ValueError:
        log.logger.exception("Failed")

    assert len(log.text) < MAX_CHARACTERS_OF_TRACEBACK + 200
    assert "Traceback" in log.text
    assert log.text.rstrip().endswith("the end")


def complain(log: Log, number: int) -> None:
    log.logger.error("Different each time: %d", number)


def test_repeated_records_are_counted(log: Log):
    for number in range(1234 + MAX_COMPLAINTS):
        complain(log, number)
    log.logger.error("Something else")
    assert len(log.text.splitlines()) == MAX_COMPLAINTS + 1

    log.now += WINDOW + 1
    log.logger.info("Later")

    assert "... 1,234 more like this." in log.text
    assert log.text.endswith("Later\n")


def test_a_repeated_record_appears_again_in_the_next_window(log: Log):
    for _ in range(3):
        complain(log, 7)
        log.now += WINDOW + 1

    assert log.text.splitlines() == ["Different each time: 7"] * 3


def test_our_own_warnings_have_a_higher_limit_than_those_of_libraries():
    log = Log("dam_inventory.somewhere")
    for number in range(5 * MAX_COMPLAINTS):
        complain(log, number)
    log.close()

    assert len(log.text.splitlines()) == 5 * MAX_COMPLAINTS
