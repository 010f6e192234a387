"""The command line."""

from __future__ import annotations

import getpass
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dam_inventory.cli.main import main
from dam_inventory.server.auth import passwords
from tests.database.versions import migrate
from tests.starting import ROOT

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


@pytest.mark.parametrize("command", [("import",), ("backup",), ("restore",), ("export",)])
def test_a_name_that_is_too_long_is_refused_in_one_sentence(capsys, command: tuple[str, ...]):
    main(["import", FILE])
    capsys.readouterr()

    assert main([*command, f"{'x' * 300}.csv"]) == 1

    error = capsys.readouterr().err
    assert error.endswith("File name too long.\n")
    assert len(error.splitlines()) == 1


def test_a_full_disk_behind_the_output_is_told():
    main(["import", FILE])
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dam_inventory", "history"],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=60,
        )  # fmt: skip

    sentence = "A file or the output can't be read or written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


@pytest.mark.parametrize("version", ["0001", "0008"])
@pytest.mark.parametrize("command", [("history",), ("export", "dams.csv"), ("token", "--list")])
def test_a_command_that_only_reads_does_not_upgrade_an_older_database(
    capsys, tmp_path: Path, database_url: str, command: tuple[str, ...], version: str
):
    migrate(database_url, version)
    before = (tmp_path / "dams.db").read_bytes()

    assert main([*command]) == 1

    assert "was created by an older version" in capsys.readouterr().err
    assert (tmp_path / "dams.db").read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["dams.db"]


NOBODY_READ = "The report was not read to its end. What it tells is done.\n"


@pytest.mark.slow
@pytest.mark.parametrize("output", [">&-", "| true"])
@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        ("--help", 0, ""),
        ("check", 0, ""),
        ("history", 0, ""),
        (f'import "{FILE}"', 1, NOBODY_READ),
        ("export dams.csv", 1, NOBODY_READ),
        ("export -", 1, "The export was not read to its end.\n"),
    ],
)
def test_an_output_that_nobody_reads_ends_in_order(
    command: str, code: int, sentence: str, output: str
):
    main(["import", FILE])

    done = run_in_shell(f"{command} {output}")

    assert (done.returncode, done.stderr) == (code, sentence)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("output", "reason"), [(">&-", "Broken pipe"), (">/dev/full", "No space left on device")]
)
def test_a_token_that_nobody_can_read_is_revoked(capsys, output: str, reason: str):
    main(["import", FILE])
    capsys.readouterr()

    done = run_in_shell(f"token ann {output}")

    sentence = f"The token can't be printed, and is revoked: {reason}.\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    assert main(["token", "--list"]) == 0
    assert capsys.readouterr().out == "There are no tokens.\n"


@pytest.mark.slow
def test_all_streams_may_be_closed():
    main(["import", FILE])

    assert run_in_shell("backup copy.db <&- >&- 2>&-").returncode == 1
    assert main(["restore", "copy.db"]) == 0


def run_in_shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"{sys.executable}" -W error -m dam_inventory {command}'],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )


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
