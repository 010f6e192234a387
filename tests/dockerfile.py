"""Takes a Dockerfile line by line without Docker: in a folder, with a virtual environment.

`pip install` really installs the package, but nothing else: the packages of this interpreter are
there already. Users and owners are only noted. Source: Docker's "Dockerfile reference".
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.starting import clean_environment, start


class Ignored:
    """The patterns of a .dockerignore; of those that match, the last one counts."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines())
        self._patterns = [
            (not line.startswith("!"), _regex(line.removeprefix("!")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def __contains__(self, path: str) -> bool:
        """Return whether a path of the context is left out, itself or with a folder above it."""
        parts = Path(path).parts
        above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        ignored = False
        for ignores, regex in self._patterns:
            if any(map(regex.fullmatch, above)):
                ignored = ignores
        return ignored


def _regex(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/"))
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meanings.get(part, re.escape(part)) for part in parts))


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the rest of each instruction."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest.strip()


class Image:
    """What a Dockerfile makes of its context, in a folder."""

    def __init__(self, dockerfile: Path, context: Path, folder: Path) -> None:
        self._context = context
        self._ignored = Ignored((context / ".dockerignore").read_text("utf-8"))
        self._root, self._venv = folder / "root", folder / "venv"
        self._work = "/"
        self.user = "root"
        self.owners: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.ports: list[int] = []
        self.volumes: list[str] = []
        self.health: list[str] = []
        self.entrypoint: list[str] = []
        self.command: list[str] = []
        self._users = {"root"}
        for name, rest in instructions(dockerfile.read_text("utf-8")):
            self._take(name, rest)

    def place(self, path: str) -> Path:
        """Return where a path of the image is here."""
        return self._root / (Path("/", self._work) / path).relative_to("/")

    @property
    def working_directory(self) -> str:
        return self._work

    def run(
        self, words: Sequence[str], environment: Mapping[str, str] | None = None, said: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; said: what it reads."""
        return subprocess.run(
            [self._here(word) for word in words],
            cwd=self.place("."),
            env=self._variables(environment or {}),
            input=said,
            capture_output=True,
            text=True,
        )

    def start(
        self, words: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a command."""
        here = [self._here(word) for word in words]
        program = shutil.which(here[0], path=f"{self._venv / 'bin'}")
        assert program, f"The image has no {here[0]}."
        return start([program, *here[1:]], self.place("."), log, self._variables(environment or {}))

    def _variables(self, more: Mapping[str, str]) -> dict[str, str]:
        ours = {name: self._here(value) for name, value in {**self.environment, **more}.items()}
        variables = {**clean_environment(), **ours}
        del variables["PYTHONPATH"]  # the package is that of the image
        return {**variables, "PATH": f"{self._venv / 'bin'}:{variables['PATH']}"}

    def _here(self, text: str) -> str:
        """Return a text in which the folders that the image made are those here."""
        for folder in self.owners:
            text = re.sub(rf"(?<![\w.]){re.escape(folder)}\b", f"{self._root}{folder}", text)
        return text

    def _take(self, name: str, rest: str) -> None:
        match name:
            case "FROM":
                found = re.fullmatch(r"python:3\.(\d+)-slim", rest)
                assert found, rest
                assert int(found[1]) >= 11
                python = {"system_site_packages": True, "symlinks": True}
                venv.create(self._venv, **python)
                known = Path(sysconfig.get_path("purelib"))
                ours = next(self._venv.glob("lib/python*/site-packages"))
                (ours / "of_this_interpreter.pth").write_text(f"{known}\n", "utf-8")
                self.place(".").mkdir()
            case "WORKDIR":
                self._work = rest
                self.place(".").mkdir(parents=True, exist_ok=True)
            case "COPY":
                *sources, target = rest.split()
                assert len(sources) == 1 or target.endswith("/"), rest
                for source in sources:
                    self._copy(source, self.place(target))
            case "RUN":
                for command in rest.split("&&"):
                    self._run(shlex.split(command))
            case "USER":
                assert rest in self._users, f"There is no user {rest}."
                self.user = rest
            case "ENV":
                self.environment |= dict(one.split("=", 1) for one in shlex.split(rest))
            case "EXPOSE":
                self.ports.append(int(rest))
            case "VOLUME":
                self.volumes.append(rest)
            case "HEALTHCHECK":
                self.health = _words(rest.partition("CMD ")[2])
            case "ENTRYPOINT":
                self.entrypoint = _words(rest)
            case "CMD":
                self.command = _words(rest)
            case _:
                raise ValueError(f"{name} is unknown here.")

    def _copy(self, source: str, target: Path) -> None:
        path = self._context / source
        files = path.rglob("*") if path.is_dir() else [path]
        kept = [
            file
            for file in files
            if file.is_file() and file.relative_to(self._context).as_posix() not in self._ignored
        ]
        assert kept, f"{source} is not in the context."
        for file in kept:
            to = target / (file.relative_to(path) if path.is_dir() else file.name)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)

    def _run(self, words: list[str]) -> None:
        match words:
            case ["pip", "install", *what]:
                pip = [sys.executable, "-m", "pip", "--python", str(self._venv / "bin/python")]
                only = ["--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed"]
                command = [*pip, "--disable-pip-version-check", "install", *only, *what]
                done = subprocess.run(
                    command, cwd=self.place("."), capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stderr
                assert "does not provide the extra" not in done.stderr
            case ["useradd", *_, name]:
                self._users.add(name)
            case ["mkdir", folder]:
                self.place(folder).mkdir()
                self.owners[folder] = self.user
            case ["chown", name, folder]:
                assert name in self._users, f"There is no user {name}."
                assert self.place(folder).is_dir(), f"There is no {folder}."
                self.owners[folder] = name
            case _:
                raise ValueError(f"{words} is unknown here.")


def _words(text: str) -> list[str]:
    words: Any = json.loads(text)
    assert isinstance(words, list), f"{text} would need a shell."
    return words
