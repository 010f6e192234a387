"""The command line."""

from __future__ import annotations

import getpass
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from dam_inventory.cli import imports
from dam_inventory.cli.main import main
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamsImported
from dam_inventory.server.auth import passwords

DATA = Path(__file__).parents[1] / "data"
FILE = str(DATA / "nid_2018.csv")


def _packed(content: bytes) -> bytes:
    # Without the time of day: a test's name, made of it, must be the same in each worker.
    return gzip.compress(content, mtime=0)


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", database_url)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Provide bytes on standard input."""

    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    return give


@pytest.fixture
def found(database_url: str, opened: Callable[[str], Engine]) -> Callable[[], Inventory]:
    """Open the inventory that a command has changed."""
    return lambda: Inventory(opened(database_url))


def report(added: int, without_place: int, known: int, refused: int) -> str:
    return (
        f"{added:>9} added\n"
        f"{without_place:>9} of them without a location\n"
        f"{known:>9} already in the inventory\n"
        f"{refused:>9} refused\n"
    )


def test_an_import_prints_a_report(capsys, found: Callable[[], Inventory]):
    assert main(["import", FILE]) == 0

    output = capsys.readouterr()
    assert output.out == "Imported nid_2018.csv:\n" + report(7, 3, 0, 0)
    assert output.err == ""
    [change] = found().changes_since(2)
    assert isinstance(change, DamsImported)
    assert (change.count, change.source) == (7, "nid_2018.csv")


def test_importing_a_file_again_adds_nothing(capsys, found: Callable[[], Inventory]):
    main(["import", FILE])
    capsys.readouterr()

    assert main(["import", FILE]) == 0

    assert capsys.readouterr().out == "Imported nid_2018.csv:\n" + report(0, 0, 7, 0)
    assert (found().count(), len(found().changes_since(2))) == (9, 1)


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_dash_reads_standard_input(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory], compress
):
    typed(compress(Path(FILE).read_bytes()))

    assert main(["import", "-"]) == 0

    assert capsys.readouterr().out == "Imported standard input:\n" + report(7, 3, 0, 0)
    assert found().changes_since(2)[0].source == "standard input"


def test_a_gzipped_file_is_read_whatever_its_name(capsys, tmp_path: Path):
    (tmp_path / "dams.csv").write_bytes(gzip.compress(Path(FILE).read_bytes()))

    main(["import", "dams.csv"])

    assert capsys.readouterr().out.startswith("Imported dams.csv:\n        7 added\n")


def test_every_refused_row_is_reported_with_its_number_and_reason(
    capsys, typed: Callable[[bytes], None]
):
    typed(b"dam_name,latitude,longitude\n,99,0\nB,40,-111\n" + b",x,y\n" * 30)

    assert main(["import", "-"]) == 0

    output = capsys.readouterr()
    assert output.out == "Imported standard input:\n" + report(1, 0, 0, 31)
    lines = output.err.splitlines()
    assert len(lines) == 31
    assert lines[0] == (
        "Row 2 refused: Latitude must be between -90 and 90, not 99. "
        "A location needs both coordinates."
    )
    assert lines[30] == (
        'Row 33 refused: Latitude must be a number, not "x". Longitude must be a number, not "y".'
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"dam_name\0owner\nHeron Lake\0Anna\n", "The file is not a text file"),
        (_packed(Path(FILE).read_bytes())[:-20], "standard input can't be read: it is damaged"),
        (b"owner,river\nAnna,Heron Creek\n", "No column has a name, an ID"),
    ],
)
def test_a_broken_file_changes_nothing_and_is_reported_in_one_sentence(
    capsys,
    typed: Callable[[bytes], None],
    found: Callable[[], Inventory],
    content: bytes,
    sentence: str,
):
    typed(content)

    assert main(["import", "-"]) == 1

    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(sentence)
    assert output.err.count("\n") == 1
    assert (found().count(), len(found().changes_since(0))) == (2, 2)


def test_a_broken_file_does_not_create_a_database(tmp_path: Path):
    (tmp_path / "letter.csv").write_text("Dear Anna")

    assert main(["import", "letter.csv"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.csv"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("missing.csv", "missing.csv can't be read: No such file or directory.\n"),
        (".", ". can't be read: Is a directory.\n"),
    ],
)
def test_a_missing_file_is_reported_in_one_sentence(capsys, file: str, sentence: str):
    assert main(["import", file]) == 1
    assert capsys.readouterr().err == sentence


def test_a_file_with_too_many_dams_changes_nothing(
    capsys, monkeypatch: pytest.MonkeyPatch, found: Callable[[], Inventory]
):
    monkeypatch.setenv("DAM_INVENTORY_MAX_DAMS", "5")

    assert main(["import", FILE]) == 1

    assert capsys.readouterr().err == (
        "Unable to import 7 dams from nid_2018.csv, "
        "because the inventory has room for only 3 more.\n"
    )
    assert found().count() == 2


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


def test_interrupting_it_shows_no_traceback(
    capsys, monkeypatch: pytest.MonkeyPatch, found: Callable[[], Inventory]
):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(imports.dam_rows, "read", stop)

    assert main(["import", FILE]) == 130
    assert capsys.readouterr().err == "Stopped.\n"
    assert found().count() == 2


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


@pytest.mark.slow
def test_it_is_run_as_a_module():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "dam_inventory", "import", FILE],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Imported nid_2018.csv:\n" + report(7, 3, 0, 0)
