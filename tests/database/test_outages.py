"""What a failed statement means to a person."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from dam_inventory.database import outages
from dam_inventory.database.outages import Outages
from dam_inventory.errors import DamInventoryError, DatabaseMissing, DatabaseUnavailable

_HOST = 'connection to server at "10.1.2.3", port 5432 failed: SSL error'


def of_sqlite(code: int, words: str = "oops") -> sqlite3.Error:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


class Lost(psycopg.OperationalError):
    sqlstate = None


class Denied(psycopg.OperationalError):
    sqlstate = "42501"


class Full(psycopg.OperationalError):
    sqlstate = "53100"


class Crowded(psycopg.OperationalError):
    sqlstate = "53300"


class NoTable(psycopg.ProgrammingError):
    sqlstate = "42P01"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("INSERT INTO dams", {}, Lost(_HOST)), outages.SILENT),
        (OperationalError("INSERT INTO dams", {}, Denied("permission denied")), outages.READ_ONLY),
        (OperationalError("INSERT INTO dams", {}, Full("/var/lib/x")), outages.FULL),
        (OperationalError("INSERT INTO dams", {}, Crowded("too many")), outages.CROWDED),
        (ProgrammingError("SELECT", {}, NoTable("no dams")), outages.MISSING),
        (OperationalError("BEGIN", {}, of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)), outages.LOCKED),
        (OperationalError("BEGIN", {}, of_sqlite(sqlite3.SQLITE_READONLY)), outages.READ_ONLY),
        (OperationalError("BEGIN", {}, of_sqlite(sqlite3.SQLITE_NOTADB)), outages.DAMAGED),
        (OperationalError("BEGIN", {}, of_sqlite(sqlite3.SQLITE_IOERR_READ)), outages.SILENT),
        (OperationalError("", {}, of_sqlite(1, "no such table: dams")), outages.MISSING),
    ],
)
def test_an_outage_is_told_by_its_kind_without_host_file_or_statement(
    error: Any, sentence: str, caplog: pytest.LogCaptureFixture
):
    told = Outages().told(error)

    assert isinstance(told, DatabaseUnavailable)
    assert isinstance(told, DatabaseMissing) is (sentence == outages.MISSING)
    assert str(told) == sentence
    assert str(error.orig) in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE failed: dams.federal_id")),
        DataError("INSERT", {}, psycopg.DataError("value too long")),
        ProgrammingError("SELEC", {}, psycopg.ProgrammingError("syntax error")),
    ],
)
def test_an_error_of_the_program_is_no_outage_and_is_logged_with_its_traceback(
    error: Any, caplog: pytest.LogCaptureFixture
):
    told = Outages().told(error)

    assert type(told) is DamInventoryError
    assert str(told) == outages.UNEXPECTED
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].exc_info


def test_an_outage_that_lasts_is_logged_once(caplog: pytest.LogCaptureFixture):
    told = Outages()
    error = OperationalError("SELECT", {}, Lost(_HOST))

    sentences = [str(told.told(error)) for _ in range(50)]

    assert sentences == [outages.SILENT] * 50
    assert len(caplog.records) == 1
