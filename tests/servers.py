"""PostgreSQL and Redis for tests: real ones, on free ports, which may go away and come back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy import Engine, make_url

from tests.starting import PATIENCE, free_port, start, stop, wait_until_up

_Server = TypeVar("_Server", bound="Server")

_RELAYS = {
    "sqlite": ("sqlite", ""),
    "postgresql": ("postgresql", ""),
    "redis beside sqlite": ("sqlite", "redis"),
    "redis beside postgresql": ("postgresql", "redis"),
}


def with_relays(*names: str) -> pytest.MarkDecorator:
    """Run a test once with each relay that is named, by the fixtures of its two parameters."""
    return pytest.mark.parametrize(
        ("database_url", "relay_url"), [_RELAYS[name] for name in names], ids=names, indirect=True
    )


EVERY_RELAY = with_relays("sqlite", "postgresql", "redis beside sqlite")


class Server(ABC):
    """A server in a folder of its own, on the same port whenever it is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        log = self.folder / "log"
        self._process = start(self._command(), self.folder, log, **self._as_whom())
        wait_until_up(self._process, self._answers, log)

    def stop(self) -> None:
        """Stop at once, whoever is connected; what was committed is kept."""
        if self._process is not None:
            process, self._process = self._process, None
            stop(process, self._stops, PATIENCE)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it hang: it takes connections and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    _stops = signal.SIGTERM

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    def _as_whom(self) -> dict[str, Any]:
        return {}


class PostgreSQL(Server):
    """PostgreSQL with a user that has a password, and the time zone of the dams."""

    USER, PASSWORD = "anna", "pass/of@anna"

    _stops = signal.SIGINT  # "fast": it ends all connections first

    def __init__(self, folder: Path, programs: Path) -> None:
        super().__init__(folder)
        self._programs = programs
        self._number = 0
        password = folder / "password"
        password.write_text(self.PASSWORD)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
            for path in (folder, password):
                shutil.chown(path, "postgres", "postgres")
        command = [
            *(programs / "initdb", "--pgdata", folder / "data", "--username", self.USER),
            *("--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8"),
            *("--locale", "C", "--no-sync"),
        ]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **self._as_whom())

    @contextmanager
    def database(self, encoding: str = "UTF8") -> Iterator[str]:
        """Make an empty database, return its URL, and remove it afterwards."""
        self._number += 1
        name = f"dams_{self._number}"
        create = sql.SQL("CREATE DATABASE {} ENCODING {} TEMPLATE template0")
        self._run(create.format(sql.Identifier(name), sql.Literal(encoding)))
        try:
            yield (
                f"postgresql+psycopg://{self.USER}:pass%2Fof%40anna@127.0.0.1:{self.port}/{name}"
            )
        finally:
            if self._process is not None:
                self.drop(name)

    def drop(self, name: str) -> None:
        """Remove a database, if it exists."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._run(drop.format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=self.USER,
            password=self.PASSWORD,
            dbname="postgres",
            autocommit=True,
        )

    def _command(self) -> list[str]:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "timezone": "America/Denver",
            "fsync": "off",  # these tests end processes, not machines
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options]

    def _as_whom(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": "postgres", "group": "postgres", "extra_groups": []}

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            self._connected().close()
            return True
        return False


class Redis(Server):
    """Redis that keeps nothing."""

    def __init__(self, folder: Path, program: str) -> None:
        super().__init__(folder)
        self._program = program

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _command(self) -> list[str]:
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [self._program, *place, "--save", "", "--appendonly", "no"]

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError), redis.Redis(port=self.port) as client:
            return bool(client.ping())
        return False


class Pooler(Server):
    """PgBouncer in transaction mode: each transaction may have another connection."""

    def __init__(self, folder: Path, program: str, database_url: str) -> None:
        super().__init__(folder)
        self._program = program
        self._to = make_url(database_url)
        to = self._to
        self._settings = folder / "pooler.ini"
        self._settings.write_text(
            f"[databases]\n* = host={to.host} port={to.port} user={to.username} "
            f"password='{to.password}'\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\nunix_socket_dir =\nauth_type = any\n"
            "pool_mode = transaction\ndefault_pool_size = 4\n"
        )
        if os.geteuid() == 0:  # PgBouncer refuses to run as root, too.
            for path in (folder, self._settings):
                shutil.chown(path, "postgres", "postgres")

    @property
    def url(self) -> str:
        """The URL of the database behind it."""
        return f"postgresql+psycopg://{self._to.username}@127.0.0.1:{self.port}/{self._to.database}"

    def _command(self) -> list[str]:
        return [self._program, str(self._settings)]

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
            return True
        return False

    def _as_whom(self) -> dict[str, Any]:
        return _as_postgres()


def _as_postgres() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


@contextmanager
def pooler(database_url: str) -> Iterator[Pooler]:
    """Run a PgBouncer in front of a PostgreSQL database until the block ends."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        missing("There is no PgBouncer. On Debian and Ubuntu: apt-get install pgbouncer")
    with _folder() as folder, _running(Pooler(folder, found, database_url)) as running:
        yield running


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a PostgreSQL of its own until the block ends."""
    found = shutil.which("postgres")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found and not installed:
        missing("There is no PostgreSQL. On Debian and Ubuntu: apt-get install postgresql")
    with _folder() as folder:
        server = PostgreSQL(folder, Path(found).parent if found else installed[-1].parent)
        with _running(server) as running:
            yield running


@contextmanager
def role(engine: Engine, name: str, *grants: str) -> Iterator[str]:
    """Make a role that may log in and what else is granted; return the database's URL for it."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'of {name}'")
        for grant in grants:
            connection.exec_driver_sql(f"GRANT {grant} TO {name}")
        connection.commit()
    url = engine.url.set(username=name, password=f"of {name}")
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {name}; DROP ROLE {name}")
            connection.commit()


@contextmanager
def redis_server() -> Iterator[Redis]:
    """Run a Redis of its own until the block ends."""
    found = shutil.which("redis-server")
    if not found:
        missing("There is no Redis. On Debian and Ubuntu: apt-get install redis-server")
    with _folder() as folder, _running(Redis(folder, found)) as running:
        yield running


@contextmanager
def _running(server: _Server) -> Iterator[_Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    # Not pytest's: the folders above those are closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="dam_inventory_") as folder:
        yield Path(folder)


@contextmanager
def new_database(request: pytest.FixtureRequest, file: Path) -> Iterator[str]:
    """Yield the URL of a new database, of PostgreSQL if the parameter of a fixture says so."""
    if getattr(request, "param", "sqlite") == "postgresql":
        with request.getfixturevalue("postgresql").database() as url:
            yield url
    else:
        yield f"sqlite:///{file}"


def missing(advice: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(advice)
    pytest.skip(advice)
