"""The command line."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from dam_inventory.cli.main import main
from dam_inventory.server.auth import passwords

FILE = str(Path(__file__).parents[1] / "data" / "nid_2018.csv")


def test_a_wrong_setting_is_reported_in_one_sentence(capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAM_INVENTORY_MAX_DAMS", "many")

    assert main(["import", FILE]) == 1
    assert capsys.readouterr().err.startswith('DAM_INVENTORY_MAX_DAMS is "many", but must be')


@pytest.mark.parametrize(
    "arguments", [[], ["import"], ["import", "a", "b"], ["export"], ["password"]]
)
def test_wrong_arguments_print_the_usage(capsys, arguments: list[str]):
    with pytest.raises(SystemExit) as raised:
        main(arguments)

    assert raised.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m dam_inventory")


def test_a_password_is_read_and_hashed(capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))

    assert main(["password", "ann"]) == 0

    assert "ann can now log in" in capsys.readouterr().out
    assert passwords.is_right(passwords.read("passwords.json"), "ann", "correct horse")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("second", "code", "written"), [("correct horse", 0, True), ("correct house", 1, False)]
)
def test_a_terminal_asks_for_the_password_twice(
    capsys, monkeypatch: pytest.MonkeyPatch, second: str, code: int, written: bool
):
    typed = iter(["correct horse", second])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(typed))
    monkeypatch.setenv("DAM_INVENTORY_PASSWORDS_FILE", "who.json")

    assert main(["password", "ann"]) == code

    assert Path("who.json").exists() == written


def test_a_short_password_is_refused_in_one_sentence(capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))

    assert main(["password", "ann"]) == 1
    assert capsys.readouterr().err == "A password must have at least 8 characters.\n"
