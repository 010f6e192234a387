"""What `check` finds about permissions, passwords and secrets."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..config import permissions_file
from ..config.setting_values import MIN_SECRET_LENGTH
from ..config.settings import Settings
from ..domain.messages import several
from ..domain.permissions import Permissions
from ..errors import DamInventoryError, InvalidSettings
from ..server.auth import passwords
from .findings import Finding
from .serve import SECRETS, secret_in

_OTHER_LOGINS = ("BOKEH_AUTH_MODULE", "PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER")
"""The variables that make `panel serve` ask for a login."""

_MAX_NAMED = 5


def login(settings: Settings, is_required: bool, folder: Path) -> Iterator[Finding]:
    """Yield what is found about who may log in.

    is_required: whether `serve` has --login. folder: where it keeps its secrets.
    """
    try:
        permissions, finding = _permissions(settings)
        yield finding
    except InvalidSettings as error:
        permissions = None
        yield Finding("permissions", "error", str(error))
    yield from _passwords(settings, permissions, is_required)
    other = [one for one in _OTHER_LOGINS if os.environ.get(one)]
    if is_required:
        yield from _secrets(folder)
    elif other:
        yield _panels_login(other[0])
    else:
        yield Finding("secrets", "ok", "None are needed without a login.")


def _permissions(settings: Settings) -> tuple[Permissions | None, Finding]:
    if not (name := settings.permissions_file):
        return None, Finding("permissions", "ok", "No file: who logs in may add dams.")
    found = permissions_file.read(name, settings.anonymous)
    if Path(name).stat().st_mode & stat.S_IWOTH:
        return found, Finding(
            "permissions", "warning", f"All users of this machine can write {name}: chmod o-w it."
        )
    return found, Finding("permissions", "ok", f"{name} is valid.")


def _passwords(
    settings: Settings, permissions: Permissions | None, is_required: bool
) -> Iterator[Finding]:
    name = settings.passwords_file
    if not is_required and not os.access(name, os.F_OK):
        yield Finding("passwords", "ok", f"{name} does not exist, and is not needed.")
        return
    try:
        known = passwords.read(name)
    except InvalidSettings as error:
        yield Finding("passwords", "error" if is_required else "warning", str(error))
        return
    if fault := _is_open(Path(name)):
        yield Finding("passwords", "warning", fault)
    if missing := sorted(_named(permissions) - known.keys()):
        yield Finding(
            "passwords", "warning",
            f"{several(missing, _MAX_NAMED)} have permissions, but no password in {name}. Set one: "
            "python -m dam_inventory password NAME.",
        )  # fmt: skip
    if not fault and not missing:
        number = f"{len(known):,} user{'' if len(known) == 1 else 's'}"
        yield Finding("passwords", "ok", f"{name} has the passwords of {number}.")


def _named(permissions: Permissions | None) -> set[str]:
    if permissions is None:
        return set()
    members = (group.members for group in permissions.groups.values())
    return {*permissions.users}.union(*members)


def _is_open(path: Path) -> str:
    """Return a sentence if other users of this machine can read a file of secrets, else ""."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (stat.S_IROTH | stat.S_IWOTH):
        return ""
    return f'All users of this machine can read {path} (mode {mode:03o}). Run: chmod 600 "{path}"'


def _secrets(folder: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    findings = [_secret(variable, folder / name, environment) for variable, name in SECRETS.items()]
    bad = [one for one in findings if one is not None]
    yield from bad
    if not bad:
        said = f"{folder} keeps them; `serve --login` makes those that are missing."
        yield Finding("secrets", "ok", said)


def _secret(variable: str, file: Path, environment: Mapping[str, str]) -> Finding | None:
    secret = environment.get(variable)
    where = variable if secret else str(file)
    if not secret:
        try:
            secret = secret_in(file)
        except FileNotFoundError:
            return None  # `serve` makes it.
        except OSError as error:
            return Finding("secrets", "error", f"{file} can't be read: {error.strerror}.")
        except DamInventoryError as error:
            return Finding("secrets", "error", str(error))
        if fault := _is_open(file):
            return Finding("secrets", "warning", fault)
    if len(secret) < MIN_SECRET_LENGTH:
        return Finding(
            "secrets", "error",
            f"The secret in {where} is shorter than {MIN_SECRET_LENGTH} characters, so it could be "
            'guessed. Set it to the output of "panel secret".',
        )  # fmt: skip
    return None


def _panels_login(variable: str) -> Finding:
    """Check the environment of `panel serve` as the server does."""
    from ..server.auth.login import check_login  # imports Panel

    try:
        check_login()
    except InvalidSettings as error:
        return Finding("secrets", "error", str(error))
    return Finding("secrets", "ok", f"The login of {variable} has its secrets.")
