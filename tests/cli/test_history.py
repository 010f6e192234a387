"""`python -m dam_inventory history`: what it prints, and that it only reads."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from dam_inventory.cli.main import main
from dam_inventory.database import ground
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.models import ChangeRow
from dam_inventory.domain.change_json import as_json
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import User
from tests.importing import import_all
from tests.starting import ROOT

ANNA = User("anna", frozenset({"administer"}))


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Return the lines that the command prints."""

    def printed(*options: str) -> list[str]:
        assert main(["history", *options]) == 0
        return capsys.readouterr().out.splitlines()

    return printed


@pytest.fixture
def added(inventory: Inventory, draft: Callable[..., DamDraft]) -> int:
    """The id of a dam that Anna has added and edited, after the two example dams."""
    change = inventory.add(draft("Möhne"), ANNA)
    inventory.edit(change.dam_id, {"river": "Ruhr"}, change.seq, ANNA)
    return change.dam_id


def sentences(lines: list[str]) -> list[str]:
    form = re.compile(r" *\d+  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  (.*)")
    found = [form.fullmatch(line) for line in lines]
    return [match[1] if match else "" for match in found]


@pytest.mark.databases("sqlite", "postgresql")
def test_changes_are_sentences_with_author_and_time_the_newest_last(
    printed: Callable[..., list[str]], inventory: Inventory, added: int
):
    lines = printed()

    assert sentences(lines) == [
        'A new dam has been added: "Deer Creek".',
        'A new dam has been added: "Jordanelle".',
        'A new dam has been added by anna: "Möhne".',
        '"Möhne" has been edited by anna.',
    ]
    newest = inventory.history(most=1)[0]
    assert lines[-1].split()[:3] == [str(newest.seq), *f"{newest.at:%Y-%m-%d %H:%M:%S}".split()]


def test_one_dam_the_newest_ones_and_those_since_a_moment_are_chosen(
    printed: Callable[..., list[str]], inventory: Inventory, added: int, engine: Engine
):
    with engine.begin() as connection:
        old = dt.datetime(2024, 5, 1, 8, 30, tzinfo=dt.UTC)
        connection.execute(update(ChangeRow).where(ChangeRow.seq < 3).values(at=old))

    def seqs(*options: str) -> list[int]:
        return [int(line.split()[0]) for line in printed(*options)]

    assert seqs("--dam", str(added)) == [3, 4]
    assert seqs("--last", "3") == [2, 3, 4]
    assert seqs("--dam", str(added), "--last", "1") == [4]
    assert seqs("--since", "2024-05-01") == [1, 2, 3, 4]
    assert seqs("--since", "2024-05-01T10:30+02:00") == [1, 2, 3, 4]
    assert seqs("--since", "2024-05-01T08:31") == [3, 4]
    assert seqs("--since", "2999-01-01") == []


def test_an_import_is_one_line_and_the_beginning_of_the_history_of_its_dams(
    printed: Callable[..., list[str]], inventory: Inventory
):
    done = import_all(inventory, [{"dam_name": f"Dam {number}"} for number in range(3)], "a.csv")
    assert done.change is not None

    told = '3 dams have been imported from "a.csv".'
    assert sentences(printed())[2:] == [told]
    assert sentences(printed("--dam", str(done.change.first_id))) == [told]


def test_json_has_the_form_of_the_api(
    printed: Callable[..., list[str]], inventory: Inventory, added: int
):
    with inventory.reading() as connection:
        epoch = ground.read(connection).epoch

    found = [json.loads(line) for line in printed("--json")]

    assert found == [as_json(one, epoch) for one in inventory.changes_since(0)]
    assert found[3]["new"] == {"river": "Ruhr"}


def test_a_name_can_not_write_to_the_terminal(
    printed: Callable[..., list[str]], inventory: Inventory, engine: Engine
):
    evil = "\x1b]0;title\x07\x1b[2J\r\n\x9b\u202egnp"
    with engine.begin() as connection:
        connection.execute(update(ChangeRow).where(ChangeRow.seq == 1).values(dam_name=evil))

    assert sentences(printed("--dam", "1")) == [
        r'A new dam has been added: "\x1b]0;title\x07\x1b[2J\r\n\x9b\u202egnp".'
    ]
    assert evil[0] not in printed("--dam", "1", "--json")[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--dam", "99"], "No dam has the id 99.\n"),
        (["--dam", f"{10**30}"], f"No dam has the id {10**30}.\n"),
    ],
)
def test_a_dam_that_is_not_known_is_refused(
    capsys: pytest.CaptureFixture[str], inventory: Inventory, options: list[str], sentence: str
):
    assert main(["history", *options]) == 1
    assert capsys.readouterr() == ("", sentence)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--last", "0"], '"0" is no whole number of at least 1'),
        (["--last", "x"], '"x" is no whole number of at least 1'),
        (["--since", "May"], '"May" is no date like 2026-05-01'),
    ],
)
def test_wrong_options_are_named(
    capsys: pytest.CaptureFixture[str], options: list[str], words: str
):
    with pytest.raises(SystemExit) as ended:
        main(["history", *options])

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_database_that_does_not_exist_is_not_created(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert main(["history"]) == 1

    assert "dams.db does not exist. Set DAM_INVENTORY_DATABASE_URL" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_a_closed_pipe_ends_without_a_word(engine: Engine):
    removed = {"at": dt.datetime.now(dt.UTC), "kind": "DamRemoved", "dam_id": 1, "details": {}}
    with engine.begin() as connection:  # more than a pipe holds
        connection.execute(insert(ChangeRow), [{**removed, "dam_name": "x" * 100}] * 3000)
    command = f'"{sys.executable}" -W error -m dam_inventory history | head -n 1'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert sentences(done.stdout.splitlines()) == ['A new dam has been added: "Deer Creek".']
