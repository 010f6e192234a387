"""`python -m dam_inventory serve`: the dashboard, without a checkout."""

from __future__ import annotations

import argparse
import errno
import os
import secrets
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from ..config.settings import PREFIX, Settings, url_of
from ..errors import DamInventoryError
from .terminal import ends_with_its_reader

SECRETS = {"BOKEH_SECRET_KEY": "sessions", "PANEL_COOKIE_SECRET": "cookies"}
"""The variables of the secrets of a server with a login, and the files that keep them."""

MAX_PORT = 65_535
FIRST_FREE = 1024
"""Below it, a port needs privileges."""

_LOCAL = ("127.0.0.1", "::1")
_ALL = ("0.0.0.0", "::")  # noqa: S104 - they are only compared
_ORIGINS = "BOKEH_ALLOW_WS_ORIGIN"
_HINT = (
    "Other machines can open it only under names that are listed, for example with "
    "--origin dams.example.org:5006."
)

_SERVED = Path(__file__).parents[1] / "served"


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    command.add_argument("--port", type=int, default=5006, help="the port to listen at (5006)")
    command.add_argument(
        "--address", default="127.0.0.1", help="the address to listen at (127.0.0.1: this machine)"
    )
    command.add_argument(
        "--database",
        metavar="FILE or URL",
        help="an SQLite file or an SQLAlchemy URL, instead of DAM_INVENTORY_DATABASE_URL",
    )
    command.add_argument("--open", action="store_true", help="open the page in a browser")
    command.add_argument(
        "--login",
        action="store_true",
        help="ask for a name and a password, of DAM_INVENTORY_PASSWORDS_FILE",
    )
    command.add_argument(
        "--secrets", metavar="FOLDER", type=Path, default=Path(".secrets"),
        help="where --login keeps its secrets, so that logins outlast a restart (.secrets)",
    )  # fmt: skip
    paths = command.add_mutually_exclusive_group()
    paths.add_argument("--prefix", default="", help="the path before all addresses, as /dams")
    paths.add_argument(
        "--root-path", metavar="PATH", default="",
        help="the path before all addresses, as /dams, if a proxy removes it before it forwards",
    )  # fmt: skip
    command.add_argument(
        "--origin", metavar="HOST:PORT", action="append", default=[],
        help="under which the page is reached, behind a proxy; may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--use-xheaders",
        action="store_true",
        help="take the visitor's address from X-Real-IP or X-Forwarded-For, behind a proxy that "
        "replaces these headers; without such a proxy, visitors could claim any address",
    )
    command.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> int:
    """Become the server. Raises DamInventoryError if it can't start."""
    environment = dict(os.environ)
    if options.database:
        environment[f"{PREFIX}DATABASE_URL"] = url_of(options.database)
    Settings.from_environment(environment)
    expect_free_port(options.address, options.port)
    words = [*_common(options)]
    if options.login:
        environment |= {"BOKEH_SIGN_SESSIONS": "true", **_secrets(options.secrets)}
        words += ["--auth-module", str(_SERVED / "auth.py")]
    page = f"http://{_host(options.address)}:{options.port}{_rooted(options.prefix)}/dashboard"
    with ends_with_its_reader():
        print(f"Dam Inventory: {page} (Ctrl+C to stop)")
        if _needs_names(options.address) and not (options.origin or environment.get(_ORIGINS)):
            print(_HINT)
    program = [sys.executable, "-m", "panel", "serve", str(_SERVED / "dashboard.py"), *words]
    os.execve(sys.executable, program, environment)  # noqa: S606


def _common(options: argparse.Namespace) -> list[str]:
    port = options.port
    hosts = dict.fromkeys(("localhost", "127.0.0.1", _host(options.address)))
    # Bokeh knows no origins with addresses of IPv6.
    origins = options.origin or [f"{host}:{port}" for host in hosts if ":" not in host]
    words = ["--warm", "--plugins", "dam_inventory.server.plugin", "--port", str(port)]
    # A session without a page lives for one minute; a page can reconnect for twelve hours.
    words += ["--unused-session-lifetime", "60000", "--session-token-expiration", "43200"]
    words += ["--address", options.address]
    for origin in origins:
        words += ["--allow-websocket-origin", origin]
    if prefix := _rooted(options.prefix):
        words += ["--prefix", prefix]
    if root_path := _rooted(options.root_path):
        words += ["--root-path", f"{root_path}/"]
    if options.use_xheaders:
        words.append("--use-xheaders")
    return words + (["--show"] if options.open else [])


def _rooted(path: str) -> str:
    return f"/{path.strip('/')}" if path.strip("/") else ""


def _host(address: str) -> str:
    """Return what stands for an address in that of a page on this machine."""
    if address in (*_LOCAL, *_ALL):
        return "localhost"
    return f"[{address}]" if ":" in address else address


def _needs_names(address: str) -> bool:
    return address in _ALL or (":" in address and address not in _LOCAL)


def expect_free_port(address: str, port: int) -> None:
    """Raise DamInventoryError if a port can't be listened at."""
    if not 0 < port <= MAX_PORT:
        raise DamInventoryError(f"A port is a number from 1 to {MAX_PORT}, not {port}.")
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((address, port), family=family):
            pass
    except (OSError, UnicodeError) as error:  # Some texts can't be a name, such as "a..b".
        number = getattr(error, "errno", errno.EADDRNOTAVAIL)
        if isinstance(error, socket.gaierror) or number == errno.EADDRNOTAVAIL:
            raise DamInventoryError(
                f"{address} is no address of this machine. Choose another one with --address, such "
                "as 127.0.0.1, or 0.0.0.0 for all."
            ) from None
        other = 5006 if port < FIRST_FREE or port == MAX_PORT else port + 1
        raise DamInventoryError(
            f"Port {port} at {address} can't be listened at: {os.strerror(number or 0)}. "
            f"Choose another one, for example with --port {other}."
        ) from None


def _secrets(folder: Path) -> dict[str, str]:
    """Return the secrets of the environment, or of the folder, made there if it has none yet.

    Processes that start at the same time agree on them. Raises DamInventoryError if the folder
    or a file in it can't be used.
    """
    try:
        return {
            variable: os.environ.get(variable) or _kept(folder, name)
            for variable, name in SECRETS.items()
        }
    except OSError as error:
        raise DamInventoryError(
            f"The secrets of the login can't be kept in {folder}: {error.strerror}. "
            f"Choose another folder with --secrets, or set {' and '.join(SECRETS)}."
        ) from None


def _kept(folder: Path, name: str) -> str:
    file = folder / name
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=name) as new:
            new.write(secrets.token_urlsafe(32) + "\n")
            new.flush()
            # Never half-written, and never over the file of a process that was faster.
            with suppress(FileExistsError):
                os.link(new.name, file)
    return secret_in(file)


def secret_in(file: Path) -> str:
    """Return the secret in a file. Raises DamInventoryError if it is not text, or OSError."""
    with suppress(UnicodeDecodeError):
        secret = file.read_text("utf-8").strip()
        if "\0" not in secret:  # No environment variable may contain it.
            return secret
    raise DamInventoryError(
        f"{file} is not UTF-8 text, so it can't be used as a secret. Delete it: the next start "
        "makes a new one, and all users log in again."
    )
