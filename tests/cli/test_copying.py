"""`python -m dam_inventory copy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from dam_inventory.cli.main import main
from dam_inventory.database import copying
from tests.servers import PostgreSQL


def test_a_copy_is_told_and_found_at_its_url(capsys, found, opened):
    found()

    assert main(["copy", "--to", "sqlite:///new.db"]) == 0

    assert capsys.readouterr().out == "Copied 2 dams and 2 changes to sqlite:///new.db.\n"
    assert main(["copy", "--to", "sqlite:///new.db"]) == 1
    assert "only the two example dams" in capsys.readouterr().err


def test_no_password_is_printed(capsys, found, postgresql: PostgreSQL):
    found()

    with postgresql.database() as url:
        codes = [main(["copy", "--to", url]), main(["copy", "--to", url])]

    output = capsys.readouterr()
    assert codes == [0, 1]
    assert output.out.startswith("Copied 2 dams and 2 changes to postgresql+psycopg://anna:***@")
    assert "anna:***@127.0.0.1" in output.err
    assert "%2F" not in output.out + output.err


def test_a_copy_that_is_stopped_says_that_nothing_was_copied(
    capsys, found, monkeypatch: pytest.MonkeyPatch
):
    found()

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying.counters, "skip", stop)

    assert main(["copy", "--to", "sqlite:///new.db"]) == 130

    assert capsys.readouterr().err == "Nothing was copied.\nStopped.\n"
    assert not Path("new.db").exists()


def test_the_help_has_an_example(capsys):
    with pytest.raises(SystemExit):
        main(["copy", "--help"])

    assert "Example: python -m dam_inventory copy --to postgresql://" in capsys.readouterr().out
