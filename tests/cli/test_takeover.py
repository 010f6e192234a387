"""`python -m dam_inventory takeover`."""

from __future__ import annotations

import pytest

from dam_inventory.cli import takeover
from dam_inventory.cli.main import main
from dam_inventory.errors import DatabaseUnavailable
from tests.tethys_app import dam, make

APP = "sqlite:///app.sqlite"


def report(added: int, known: int, assigned: int, already: int, refused: int) -> str:
    def line(number: int, what: str, how: str) -> str:
        return f"{number:>9} {what}{'' if number == 1 else 's'} {how}\n"

    return (
        "Took over app.sqlite:\n"
        + line(added, "dam", "added")
        + line(known, "dam", "already in the inventory")
        + line(0, "dam", "removed from the inventory before")
        + line(assigned, "hydrograph", "assigned")
        + line(already, "hydrograph", "already assigned")
        + line(refused, "dam", "refused")
        + line(0, "hydrograph", "refused")
    )


def test_a_takeover_prints_a_report_and_does_nothing_twice(capsys, found):
    make(APP, [dam("Ouzel"), dam("Ibis Pond", latitude=1)], [(1, [(0, 1.0), (1, 2.0)])])

    assert main(["takeover", APP]) == 0
    assert capsys.readouterr().out == report(2, 0, 1, 0, 0)
    assert main(["takeover", APP]) == 0
    assert capsys.readouterr().out == report(0, 2, 0, 1, 0)

    assert found().count() == 4


def test_some_that_are_refused_are_named_and_the_code_is_3(capsys, found):
    make(APP, [dam("Ouzel"), dam("North", latitude=91.0)])

    assert main(["takeover", APP]) == 3

    output = capsys.readouterr()
    assert output.out == report(1, 0, 0, 0, 1)
    assert output.err == 'Dam 2 refused. "North": Latitude must be between -90 and 90, not 91.0.\n'


def test_the_code_is_1_when_nothing_was_done(capsys, found):
    make(APP, [dam("North", latitude=91.0)])

    assert main(["takeover", APP]) == 1

    assert found().count() == 2


def test_a_database_of_something_else_is_refused_in_one_sentence(capsys, found):
    found()

    assert main(["takeover", "sqlite:///dams.db"]) == 1

    assert capsys.readouterr().err == (
        "sqlite:///dams.db is no database of the Dam Inventory app: "
        'it has no column "name" in its table "dams". Nothing was changed.\n'
    )


def test_others_are_told_after_the_commit_and_what_fails_then_hides_no_report(
    capsys, found, monkeypatch: pytest.MonkeyPatch
):
    make(APP, [dam("Ouzel")])
    seen = []

    def wake_others(*_: object) -> None:
        seen.append(found().count())
        raise DatabaseUnavailable("The relay is away.")

    monkeypatch.setattr(takeover, "wake_others", wake_others)

    assert main(["takeover", APP]) == 0

    assert seen == [3]
    output = capsys.readouterr()
    assert output.out == report(1, 0, 0, 0, 0)
    assert output.err == "Other processes hear of this within a heartbeat: The relay is away.\n"


def test_a_relay_that_can_not_be_reached_stops_no_takeover(
    capsys, caplog, found, monkeypatch: pytest.MonkeyPatch
):
    make(APP, [dam("Ouzel")])
    monkeypatch.setenv("DAM_INVENTORY_RELAY_URL", "redis://127.0.0.1:1/0")

    assert main(["takeover", APP]) == 0

    assert capsys.readouterr().out == report(1, 0, 0, 0, 0)
    [sentence] = caplog.messages
    assert sentence.startswith("Can't announce a change through Redis at redis://127.0.0.1:1/0: ")
    assert found().count() == 3
