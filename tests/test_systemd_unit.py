"""The unit of deploy/: what it starts, and what it forbids it."""

from __future__ import annotations

import ctypes.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dam_inventory.cli.main import parser
from dam_inventory.server.auth.passwords import set_password
from tests.composed import env_file
from tests.sandbox import directives
from tests.starting import (
    ROOT,
    answers_http,
    clean_environment,
    free_port,
    start,
    stop,
    wait_until_up,
)
from tests.ui.server import Server
from tests.visitor import Visitor

UNIT = ROOT / "deploy/dam-inventory@.service"
SERVICE = directives(UNIT)
VARIABLES = env_file(ROOT / "deploy/dam-inventory.env")
STATE = "/var/lib/dam-inventory"
EXPOSURE = 2.0
"""At most; 0 is best. systemd 252 finds 1.5, other versions weigh differently."""

with_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: part of systemd"
)
with_seccomp = pytest.mark.skipif(
    ctypes.util.find_library("seccomp") is None,
    reason="libseccomp is missing: apt-get install libseccomp2",
)


def command() -> list[str]:
    """Return the program that the unit starts, and its options."""
    return SERVICE["ExecStart"][0].replace("%i", "5006").split()


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit as it is installed for a port, with a program that there is."""
    file = tmp_path / "dam-inventory@5006.service"
    file.write_text(UNIT.read_text("utf-8").replace(command()[0], "/bin/true"), "utf-8")
    return file


def test_it_starts_the_command_of_the_wheel_for_visitors_behind_nginx():
    program, *words = command()

    options = parser().parse_args(words)

    assert Path(program).name == "dam-inventory"
    assert (options.port, options.address) == (5006, "127.0.0.1")
    assert options.login
    assert options.use_xheaders


def test_its_instructions_install_the_program_that_it_starts():
    program, *_ = command()
    text = UNIT.read_text("utf-8")

    assert f"python3 -m venv {Path(program).parents[1]}\n" in text
    assert f"{program} password NAME\n" in text
    [user] = SERVICE["User"]
    assert f"useradd --system --home-dir {STATE} {user}\n" in text
    extras = re.search(r"'\.\[(.*)\]'", text)
    assert extras
    assert extras[1] == "formats,postgresql,redis"


def test_it_writes_only_where_it_may():
    assert SERVICE["StateDirectory"] == ["dam-inventory"]
    assert SERVICE["WorkingDirectory"] == [STATE]
    written = (VARIABLES[f"DAM_INVENTORY_{one}"] for one in ("DATABASE_URL", "PASSWORDS_FILE"))
    assert all(one.removeprefix("sqlite:///").startswith(f"{STATE}/") for one in written)


@pytest.mark.parametrize(
    ("directive", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
        ("StateDirectoryMode", "0700"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("RestrictNamespaces", "yes"),
        ("LockPersonality", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("SystemCallArchitectures", "native"),
        ("SystemCallFilter", "@system-service"),
        ("SystemCallFilter", "~@privileged"),
    ],
)
def test_it_is_hardened(directive: str, value: str):
    assert value in SERVICE[directive]


@with_systemd
def test_systemd_understands_it(unit: Path):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")


@with_systemd
def test_systemd_finds_it_little_exposed(unit: Path):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
    )
    if "--offline" in done.stderr:
        pytest.skip("systemd-analyze is too old: --offline is new in systemd 250")
    found = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)

    assert found, done.stderr
    assert float(found[1]) <= EXPOSURE


@pytest.mark.slow
@with_systemd
@with_seccomp
@pytest.mark.parametrize(
    ("forbidden", "error"),
    [
        ("import mmap; mmap.mmap(-1, 4096, prot=7)", "PermissionError"),
        ("import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "Errno 97"),
        ("import os; os.chroot('/')", "PermissionError"),
    ],
)
def test_what_it_forbids_fails(forbidden: str, error: str):
    sandboxed = [sys.executable, "-m", "tests.sandbox", UNIT, sys.executable, "-c", forbidden]

    done = subprocess.run(sandboxed, cwd=ROOT, capture_output=True, text=True)

    assert error in done.stderr.splitlines()[-1]


@pytest.mark.slow
@with_systemd
@with_seccomp
def test_the_server_needs_nothing_that_it_forbids(tmp_path: Path):
    set_password(tmp_path / "passwords.json", "ann", "correct horse")
    port, log = free_port(), tmp_path / "log"
    words = [one.replace("5006", str(port)) for one in command()]
    package = [sys.executable, "-m", "tests.sandbox", UNIT, sys.executable, "-m", "dam_inventory"]
    ours = {name: value.replace(STATE, str(tmp_path)) for name, value in VARIABLES.items()}
    ours |= dict(one.split("=", 1) for one in SERVICE["Environment"])
    ours["BOKEH_ALLOW_WS_ORIGIN"] = f"127.0.0.1:{port}"
    everything = {**clean_environment(), **ours}
    process = start([*package, *words[1:]], tmp_path, log, everything, umask=0o077)
    server = Server(
        process, f"http://127.0.0.1:{port}/dashboard", ours["DAM_INVENTORY_DATABASE_URL"], log
    )
    try:
        wait_until_up(process, lambda: answers_http(f"{server.origin}/health"), log)
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(r"^NoNewPrivs:\t1\n(?:.*\n)?Seccomp:\t2$", status, re.MULTILINE)
        visitor = Visitor(server)
        assert visitor.log_in("ann", "correct horse")
        with visitor.connected(visitor.token()):
            server.expect_log("WebSocket connection opened")
        export = [*package, "export", "dams.gpkg"]
        subprocess.run(export, cwd=tmp_path, env=everything, check=True, umask=0o077)
        assert {one.stat().st_mode & 0o077 for one in tmp_path.iterdir() if one != log} == {0}
    finally:
        stop(process)
    server.expect_no_trouble()
