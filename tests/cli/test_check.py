"""`python -m dam_inventory check`: what it finds, and that it changes nothing."""

from __future__ import annotations

import io
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from dam_inventory.cli import check
from dam_inventory.cli.check_database import LITTLE_ROOM, NO_ROOM
from dam_inventory.cli.findings import Finding, show
from dam_inventory.cli.main import main
from dam_inventory.config.settings import PREFIX
from dam_inventory.database import condition
from dam_inventory.database.inventory import Inventory
from dam_inventory.server.auth.passwords import set_password
from tests import servers
from tests.database.versions import migrate
from tests.servers import role
from tests.starting import (
    ROOT,
    answers_http,
    clean_environment,
    free_port,
    start,
    stop,
    wait_until_up,
)  # fmt: skip

NOBODY = pwd.getpwnam("nobody").pw_uid

Found = dict[str, list[tuple[str, str]]]
Check = Callable[..., tuple[int, Found]]


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Check:
    """Check this directory; return the exit code, and levels and messages by name."""

    def checked(*options: str) -> tuple[int, Found]:
        port = ["--port", str(free_port())]
        code = main(["check", "--json", *port, *options])
        answer = json.loads(capsys.readouterr().out)
        found: Found = {}
        for one in answer["findings"]:
            found.setdefault(one["name"], []).append((one["level"], one["message"]))
        levels = {level for some in found.values() for level, _ in some}
        worst = next(one for one in ("error", "warning", "ok") if one in levels)
        assert answer["status"] == worst
        assert code == (1 if worst == "error" else 0)
        return code, found

    return checked


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_an_empty_folder_is_well_and_stays_empty(checked: Check, tmp_path: Path):
    code, found = checked()

    assert code == 0
    assert {level for some in found.values() for level, _ in some} == {"ok"}
    assert [*found] == [
        "settings", "folder", "disk", "database", "relay", "permissions", "passwords", "secrets",
        "packages", "port",
    ]  # fmt: skip
    assert "does not exist yet. It is created at the first start." in found["database"][0][1]
    assert contents(tmp_path) == {}


def test_people_read_a_line_for_each_finding(capsys: pytest.CaptureFixture[str]):
    assert main(["check", "--port", str(free_port())]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok       settings     All DAM_INVENTORY_* variables are valid."
    assert lines[-1] == "Nothing is wrong."


@pytest.mark.parametrize("is_open", [False, True])
def test_an_inventory_is_well_and_is_not_changed(
    checked: Check, tmp_path: Path, engine: Engine, is_open: bool
):
    if not is_open:
        engine.dispose()
    before = contents(tmp_path)

    code, found = checked()

    assert code == 0
    assert found["tables"] == [("ok", "The tables are of this version.")]
    assert found["writing"] == [("ok", "Changes can be saved.")]
    after = contents(tmp_path)
    assert after["dams.db"] == before["dams.db"]
    assert after.keys() == before.keys()


def test_each_wrong_setting_is_found_and_the_rest_is_still_looked_at(
    checked: Check, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"{PREFIX}MAX_DAMS", "many")
    monkeypatch.setenv(f"{PREFIX}TITEL", "Dams")

    code, found = checked()

    assert code == 1
    assert found["settings"] == [
        ("error", 'DAM_INVENTORY_MAX_DAMS is "many", but must be a whole number of at least 0.'),
        ("error", "DAM_INVENTORY_TITEL is not a setting. Did you mean DAM_INVENTORY_TITLE?"),
    ]
    assert found["database"][0][0] == "ok"


def test_an_address_that_is_not_valid_is_not_replaced_by_the_default(
    checked: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "dams.db")

    code, found = checked()

    assert code == 1
    assert "must be an SQLAlchemy database URL" in found["settings"][0][1]
    assert not {"database", "relay"} & {*found}


def test_the_tables_of_an_older_version_are_not_upgraded(
    checked: Check, database_url: str, tmp_path: Path
):
    migrate(database_url, "0001")
    before = contents(tmp_path)

    code, found = checked()

    assert code == 0
    [(level, message)] = found["tables"]
    assert level == "warning"
    assert "The next start upgrades them" in message
    assert contents(tmp_path) == before


def test_the_tables_of_a_newer_version_are_an_error(checked: Check, engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    code, found = checked()

    assert code == 1
    assert found["tables"][0][0] == "error"
    assert "Install that version." in found["tables"][0][1]


def test_the_database_of_another_program_is_an_error_and_is_not_changed(
    checked: Check, database_url: str, tmp_path: Path
):
    other = create_engine(database_url, poolclass=NullPool)
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    before = contents(tmp_path)

    code, found = checked()

    assert code == 1
    assert "does not contain an inventory" in found["database"][0][1]
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no database" * 100, "file is not a database"), (None, "is not a file")],
)
def test_what_is_no_database_is_an_error(
    checked: Check, tmp_path: Path, content: bytes | None, sentence: str
):
    file = tmp_path / "dams.db"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)

    code, found = checked()

    assert code == 1
    assert sentence in found["database"][0][1]


def test_a_folder_that_does_not_exist_is_named(checked: Check, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "sqlite:////no/where/dams.db")

    code, found = checked()

    assert code == 1
    assert found["folder"][0][1].startswith("The folder /no/where does not exist.")


@pytest.fixture
def folder(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an inventory, both of somebody whom permissions concern, as root is not."""
    engine.dispose()
    # Nobody but root may look into pytest's own folder.
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = Path(shutil.copy(tmp_path / "dams.db", folder))
        if os.geteuid() == 0:
            for one in (folder, file):
                os.chown(one, NOBODY, -1)
        monkeypatch.chdir(folder)
        monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{file}")
        yield folder


@contextmanager
def without_privileges() -> Iterator[None]:
    before = os.getresuid()
    if before[1] == 0:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if before[1] == 0:
            os.seteuid(0)
            os.setresuid(*before)


def test_a_file_and_a_folder_that_may_not_be_written_are_errors(checked: Check, folder: Path):
    assert checked()[0] == 0

    (folder / "dams.db").chmod(0o444)
    with without_privileges():
        code, found = checked()
    assert code == 1
    assert [*contents(folder)] == ["dams.db"]
    assert "dams.db can't be written: its permissions do not" in found["writing"][0][1]

    folder.chmod(0o555)
    with without_privileges():
        code, found = checked()
    folder.chmod(0o755)
    assert code == 1
    assert f"The folder {folder} can't be written" in found["folder"][0][1]


def test_a_writer_is_reported_while_it_keeps_the_lock(checked: Check, inventory: Inventory):
    with inventory.writing():
        _, found = checked()

    assert found["writing"][0][0] == "warning"
    assert "another process keeps it locked" in found["writing"][0][1]


@pytest.mark.parametrize(
    ("free", "level"),
    [(NO_ROOM - 1, "error"), (LITTLE_ROOM - 1, "warning"), (LITTLE_ROOM, "ok")],
)
def test_little_room_is_a_warning_and_none_an_error(
    checked: Check, monkeypatch: pytest.MonkeyPatch, free: int, level: str
):
    monkeypatch.setattr(condition, "free_bytes", lambda _folder: free)

    assert checked()[1]["disk"][0][0] == level


def test_files_of_permissions_and_passwords_are_read_together(
    checked: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv(f"{PREFIX}PERMISSIONS_FILE", "permissions.toml")
    Path("permissions.toml").write_text(
        '[users]\nann = ["administer"]\nbob = ["edit_any"]\n'
        '[groups.field]\npermissions = ["add_dams"]\nmembers = ["ann", "cleo"]\n'
    )
    set_password("passwords.json", "ann", "a long password")

    code, found = checked("--login")
    assert code == 0
    assert found["permissions"] == [("ok", "permissions.toml is valid.")]
    assert found["passwords"] == [
        ("warning", '"bob" and "cleo" have permissions, but no password in passwords.json. '
         "Set one: python -m dam_inventory password NAME."),
    ]  # fmt: skip

    Path("permissions.toml").write_text('everyone = ["add_dam"]\n')
    Path("passwords.json").chmod(0o644)
    code, found = checked("--login")
    assert code == 1
    assert 'line 1: "add_dam" is not a permission.' in found["permissions"][0][1]
    [(level, message)] = found["passwords"]
    assert level == "warning"
    assert message.endswith('can read passwords.json (mode 644). Run: chmod 600 "passwords.json"')


def test_a_login_needs_passwords_and_secrets_that_nobody_guesses_or_reads(
    checked: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PANEL_COOKIE_SECRET", "short")
    Path(".secrets").mkdir()
    Path(".secrets/sessions").write_text("x" * 40)
    Path(".secrets/sessions").chmod(0o644)

    code, found = checked("--login")

    assert code == 1
    assert found["passwords"][0][1].startswith("passwords.json can't be read: No such file")
    (first, open_file), (second, short) = found["secrets"]
    assert (first, second) == ("warning", "error")
    assert "chmod 600" in open_file
    assert short.startswith("The secret in PANEL_COOKIE_SECRET is shorter than 32 characters")
    assert "x" * 40 not in str(found)


def test_a_secret_that_is_not_text_is_found(checked: Check):
    Path(".secrets").mkdir()
    Path(".secrets/sessions").write_bytes(b"\xff" * 44)

    code, found = checked("--login")

    assert code == 1
    [(level, sentence)] = found["secrets"]
    assert level == "error"
    assert sentence.startswith(".secrets/sessions is not UTF-8 text")


@pytest.mark.slow
def test_a_login_of_panel_without_secrets_is_found(tmp_path: Path):
    environment = {**clean_environment(), "BOKEH_AUTH_MODULE": str(ROOT / "auth.py")}
    ended = subprocess.run(
        [sys.executable, "-m", "dam_inventory", "check", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert ended.returncode == 1
    found = [one for one in json.loads(ended.stdout)["findings"] if one["name"] == "secrets"]
    assert 'export BOKEH_SECRET_KEY="$(panel secret)"' in found[0]["message"]


def test_every_extra_is_known():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {*project["optional-dependencies"]} - {"test", "dev", "bench", "docs"}

    assert extras <= check.EXTRAS.keys()


@pytest.mark.parametrize("is_needed", [False, True])
def test_a_missing_package_is_an_error_only_if_a_setting_needs_it(
    checked: Check, monkeypatch: pytest.MonkeyPatch, is_needed: bool
):
    found_before = check.find_spec
    monkeypatch.setattr(
        check, "find_spec", lambda name: None if name == "redis" else found_before(name)
    )
    if is_needed:
        monkeypatch.setenv(f"{PREFIX}RELAY_URL", "redis://127.0.0.1:1/0")

    [(level, message)] = checked()[1]["packages"]

    assert level == ("error" if is_needed else "ok")
    assert "redis (a Redis relay)" in message
    assert "pip install 'dam-inventory[" in message


def test_a_port_that_another_program_has_is_an_error(checked: Check):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, found = checked("--port", str(port))

    assert code == 1
    assert found["port"][0][1].startswith(f"Port {port} at 127.0.0.1 can't be listened at")


@pytest.mark.slow
def test_a_server_that_runs_is_asked_how_it_is(checked: Check, tmp_path: Path):
    port, log = free_port(), tmp_path / "log"
    process = start(
        [sys.executable, "-m", "dam_inventory", "serve", "--port", str(port)],
        tmp_path, log, {**clean_environment(), f"{PREFIX}DATABASE_URL": "sqlite:///dams.db"},
    )  # fmt: skip
    try:
        wait_until_up(process, lambda: answers_http(f"http://127.0.0.1:{port}/health"), log)
        code, found = checked("--port", str(port))
    finally:
        stop(process)

    assert code == 0
    assert found["port"] == [
        ("ok", f"A Dam Inventory listens at port {port} of 127.0.0.1. Its health is ok.")
    ]


@pytest.mark.databases("postgresql")
def test_postgresql_is_looked_at_before_and_after_its_first_start(
    checked: Check, database_url: str, opened: Callable[[str], Engine]
):
    code, found = checked()
    assert code == 0
    assert found["tables"][0] == (
        "ok", "The database is empty. The tables are created at the first start.",
    )  # fmt: skip
    assert found["relay"] == [("ok", "PostgreSQL announces changes between processes.")]
    bare = create_engine(database_url, poolclass=NullPool)
    with bare.connect() as connection:
        query = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert connection.execute(query).scalar() == 0

    opened(database_url)
    code, found = checked()
    assert code == 0
    assert found["writing"] == [("ok", "Changes can be saved.")]
    assert "***" in found["database"][0][1]


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize(
    ("granted", "level", "words"),
    [
        ("SELECT", "warning", '"reader" may read, but save no changes.'),
        ("INSERT", "error", '"reader" may not read all tables.'),
    ],
)
def test_what_a_role_may_not_do_is_named(
    checked: Check, engine: Engine, monkeypatch: pytest.MonkeyPatch,
    granted: str, level: str, words: str,
):  # fmt: skip
    with role(engine, "reader", f"{granted} ON ALL TABLES IN SCHEMA public") as url:
        # It may read the version in any case.
        with engine.begin() as connection:
            connection.execute(text("GRANT SELECT ON alembic_version TO reader"))
        monkeypatch.setenv(f"{PREFIX}DATABASE_URL", url)
        _, found = checked()

    [(its_level, message)] = found["writing"]
    assert its_level == level
    assert message.startswith(words)
    assert "DELETE ON changes" in message
    assert "of reader" not in str(found)


@pytest.mark.databases("postgresql")
def test_a_role_that_may_not_create_the_tables_is_told_before_the_start(
    checked: Check, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    owner = create_engine(database_url, poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    with role(owner, "reader") as url:
        monkeypatch.setenv(f"{PREFIX}DATABASE_URL", url)
        code, found = checked()

    assert code == 1
    assert 'GRANT CREATE ON SCHEMA public TO "reader".' in found["writing"][0][1]


@pytest.mark.databases("postgresql")
def test_a_server_that_takes_no_changes_is_an_error(checked: Check, engine: Engine):
    with engine.begin() as connection:
        name = engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()

    code, found = checked()

    assert code == 1
    assert found["writing"][0][1].startswith("The server takes no changes, as a standby.")


@pytest.mark.databases("postgresql")
def test_a_database_that_does_not_answer_is_an_error_without_its_password(
    checked: Check, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    url = make_url(database_url).set(port=1)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", url.render_as_string(hide_password=False))

    code, found = checked()

    assert code == 1
    assert "can't be opened" in found["database"][0][1]
    assert "Connection refused" in found["database"][0][1]
    assert "pass" not in found["database"][0][1]
    assert "relay" not in found


@pytest.mark.databases("postgresql")
def test_a_pooler_that_swallows_notices_is_a_warning(
    checked: Check, database_url: str, opened: Callable[[str], Engine],
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    opened(database_url)
    with servers.pooler(database_url) as pooler:
        monkeypatch.setenv(f"{PREFIX}DATABASE_URL", pooler.url)
        code, found = checked()

    assert code == 0
    [(level, message)] = found["relay"]
    assert level == "warning"
    assert "as behind a pooler in transaction mode" in message


def test_redis_is_asked_and_its_password_is_not_printed(
    checked: Check, monkeypatch: pytest.MonkeyPatch, redis_server: servers.Redis
):
    monkeypatch.setenv(f"{PREFIX}RELAY_URL", redis_server.url)
    assert checked()[1]["relay"][0][0] == "ok"

    monkeypatch.setenv(f"{PREFIX}RELAY_URL", "redis://:opensesame@127.0.0.1:1/0")
    code, found = checked()
    assert code == 1
    assert "Connection refused" in found["relay"][0][1]
    assert "opensesame" not in str(found)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("no_color", "is_terminal", "is_colored"),
    [("", True, True), ("1", True, False), ("", False, False)],
)
def test_levels_are_colored_only_on_a_terminal_that_wants_it(
    monkeypatch: pytest.MonkeyPatch, no_color: str, is_terminal: bool, is_colored: bool
):
    output = Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")

    show([Finding("port", "error", "It is \x1b[2J taken.\nChoose another.")], as_json=False)

    level = "\x1b[31merror\x1b[0m" if is_colored else "error"
    said = f"{level}    port  It is \\x1b[2J taken. Choose another."
    assert output.getvalue() == f"{said}\n1 error.\n"
