"""`python -m dam_inventory token`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dam_inventory.cli.main import main
from dam_inventory.database import schema
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.tokens import Tokens
from dam_inventory.domain.tokens import hash_of
from tests.database.versions import migrate
from tests.servers import PostgreSQL
from tests.starting import ROOT


def test_a_token_is_printed_once_and_listed_without_its_secret(capsys, found):
    found()
    assert main(["token", "ann", "--label", "QGIS", "--expires", "30"]) == 0
    made = capsys.readouterr().out.strip()
    assert main(["token", "--list"]) == 0
    listed = capsys.readouterr().out

    assert Tokens(found()).find(hash_of(made)) is not None
    assert "ann, QGIS" in listed
    assert made not in listed
    assert hash_of(made) not in listed


@pytest.mark.parametrize("arguments", [["ann"], ["--list"], ["--revoke", "1"]])
def test_without_a_database_nothing_is_done_and_none_is_made(
    capsys, database_url: str, arguments: list[str]
):
    assert main(["token", *arguments]) == 1

    said = capsys.readouterr()
    assert "does not exist. Set DAM_INVENTORY_DATABASE_URL" in said.err
    assert said.out == ""
    assert not Path(database_url.removeprefix("sqlite:///")).exists()


def test_an_empty_postgresql_database_gets_an_inventory_with_the_token(
    capsys, postgresql: PostgreSQL, opened, monkeypatch: pytest.MonkeyPatch
):
    with postgresql.database() as url:
        monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", url)
        assert main(["token", "ann"]) == 0
        made = capsys.readouterr().out.strip()

        assert Tokens(Inventory(opened(url))).find(hash_of(made)) is not None


@pytest.mark.slow
def test_a_command_that_upgrades_the_tables_says_so(database_url: str):
    migrate(database_url, "0008")
    command = [sys.executable, "-m", "dam_inventory", "token", "ann"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    newest = schema.newest_version()
    assert done.stderr == f"Upgraded the tables of dams.db from version 0008 to {newest}.\n"
    assert done.stdout.startswith("dam_")


def test_a_token_is_revoked_by_its_id(capsys, found):
    found()
    main(["token", "ann"])
    made = capsys.readouterr().out.strip()

    assert main(["token", "--revoke", "1"]) == 0

    assert Tokens(found()).find(hash_of(made)) is None
    assert "Revoked token 1 of ann" in capsys.readouterr().out
    assert main(["token", "--list"]) == 0
    assert capsys.readouterr().out == "There are no tokens.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give one of NAME, --list and --revoke ID."),
        (["ann", "--list"], "Give one of NAME, --list and --revoke ID."),
        (["--list", "--label", "x"], "--label and --expires belong to a new token: give its NAME."),
        (["guest"], '"guest" is not a valid name. Choose another.'),
        (["ann", "--expires", "0"], "A token expires after 1 to 36,500 days, not 0."),
        (["--revoke", "7"], "There is no token 7. `token --list` shows all."),
    ],
)
def test_what_can_not_be_done_is_said(capsys, found, arguments: list[str], said: str):
    found()
    main(["token", "somebody"])
    capsys.readouterr()

    assert main(["token", *arguments]) == 1
    assert capsys.readouterr().err == f"{said}\n"
