"""Settings, read from `DAM_INVENTORY_*` environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Unpack, cast
from urllib.parse import urlsplit

import param
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ..domain.hints import hint
from ..domain.permissions import ANONYMOUS
from ..errors import InvalidSettings
from .redaction import shown
from .setting_types import SettingTypes

PREFIX = "DAM_INVENTORY_"
MIN_SECRET_LENGTH = 32
"""Minimum length of a secret in characters; `panel secret` makes 44."""
BASEMAPS = ("OpenStreetMap", "ESRI", "Outline")

_SECRETS = ("webhook_secret",)
"""Settings whose values no message shows."""
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.\-\[\]:]+")
"""As browsers write it (RFC 6454): another spelling of it would never match."""


def url_of(database: str | os.PathLike[str]) -> str:
    """Return the SQLAlchemy URL of a database.

    database: its URL, or the path of an SQLite file.
    """
    text = os.fspath(database)
    return text if "://" in text else f"sqlite:///{Path(text).absolute()}"


class Settings(param.Parameterized):
    """The settings of one process.

    Each parameter has an environment variable: `max_dams` is `DAM_INVENTORY_MAX_DAMS`. Raises
    TypeError for an unknown setting, ValueError for a value that is not allowed.
    """

    database_url = param.String(
        default="sqlite:///dam_inventory.db",
        constant=True,
        doc="The SQLAlchemy URL of the database: an SQLite file or a PostgreSQL database.",
    )
    max_dams = param.Integer(
        default=None,
        bounds=(0, None),
        allow_None=True,
        constant=True,
        doc="The maximum number of dams in the inventory; unlimited unless set.",
    )
    max_dams_per_user = param.Integer(
        default=None,
        bounds=(0, None),
        allow_None=True,
        constant=True,
        doc="The maximum number of dams that each user may add; unlimited unless set. "
        "Administrators are exempt.",
    )
    max_import_bytes = param.Integer(
        default=500_000_000,
        bounds=(1, None),
        constant=True,
        doc="The maximum size of a file that is imported on the page, in bytes.",
    )
    anonymous = param.Selector(
        default="add",
        objects=list(ANONYMOUS),
        constant=True,
        doc="What visitors may do when there is no login. Use administer only on your own machine.",
    )
    permissions_file = param.String(
        default="",
        constant=True,
        doc="The TOML file with the permissions of users who log in; "
        "without it, all users may add dams.",
    )
    passwords_file = param.String(
        default="passwords.json",
        constant=True,
        doc="The file with the names and hashed passwords of users who log in through auth.py.",
    )
    title = param.String(default="Dam Inventory", constant=True, doc="The title of the page.")
    subtitle = param.String(default="", constant=True, doc="A line next to the title.")
    owner = param.String(
        default="Reclamation",
        constant=True,
        doc="The owner that the form for a new dam starts with; it may be empty.",
    )
    basemap = param.Selector(
        default="OpenStreetMap",
        objects=list(BASEMAPS),
        constant=True,
        doc="The basemap that is shown when a page opens.",
    )
    example_dams = param.Boolean(
        default=True,
        constant=True,
        doc="Whether a new database starts with two dams, Deer Creek and Jordanelle.",
    )
    heartbeat_seconds = param.Number(
        default=10.0,
        bounds=(0.1, 3600),
        constant=True,
        doc="How often the change log is read even if no change was announced, in seconds.",
    )
    relay_url = param.String(
        default="",
        constant=True,
        doc="The URL of a Redis server that announces changes between processes; "
        "without it, the database announces them.",
    )
    webhook_url = param.String(
        default="",
        constant=True,
        doc="The URLs that get each change as signed JSON, separated by spaces. "
        "All processes of an inventory need the same ones.",
    )
    webhook_secret = param.String(
        default="",
        constant=True,
        doc="The secret that signs what the webhooks get; required with a webhook URL.",
    )
    api = param.Boolean(
        default=True,
        constant=True,
        doc="Whether other programs may read the inventory under /api.",
    )
    api_requests_per_minute = param.Integer(
        default=600,
        bounds=(1, None),
        constant=True,
        doc="The maximum number of requests to the API that one address may send in a minute.",
    )
    api_origins = param.String(
        default="",
        constant=True,
        doc="The origins of other sites whose pages may read the API, separated by spaces, like "
        "https://maps.example.org; * for all. None unless set.",
    )
    log_level = param.Selector(
        default="INFO",
        objects=["DEBUG", "INFO", "WARNING", "ERROR"],
        constant=True,
        doc="The minimum severity of messages in the log.",
    )
    log_format = param.Selector(
        default="text",
        objects=["text", "json"],
        constant=True,
        doc="The format of the server's log: lines of text, or one JSON object for each message.",
    )
    metrics = param.Selector(
        default="local",
        objects=["local", "open", "off"],
        constant=True,
        doc="Who may read the metrics of the server: programs on its own machine, everybody, or "
        "nobody.",
    )

    def __init__(self, **values: Unpack[SettingTypes]) -> None:
        super().__init__(**values)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from environment variables.

        Raises InvalidSettings, which names every unknown variable and every invalid value.
        """
        settings, problems = cls.valid_in(environment)
        if problems:
            raise InvalidSettings("\n".join(problems.values()))
        return settings

    @classmethod
    def valid_in(cls, environment: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
        """Return the settings with those values that are valid, and by variable what is wrong."""
        known = {PREFIX + field.upper(): field for field in cls.fields()}
        values: dict[str, object] = {}
        problems = {}
        for variable in sorted(v for v in environment if v.upper().startswith(PREFIX)):
            text = environment[variable].strip()
            if variable not in known:
                more = hint(variable, known, PREFIX).replace('"', "")
                more = more or " docs/settings.md lists all of them."
                problems[variable] = f"{variable} is not a setting.{more}"
                continue
            try:
                values[known[variable]] = cls._parsed(known[variable], text)
            except ValueError as error:
                told = "***" if known[variable] in _SECRETS else shown(text)
                problems[variable] = f'{variable} is "{told}", but must be {error}.'
        if values.get("webhook_url") and not environment.get(f"{PREFIX}WEBHOOK_SECRET", "").strip():
            problems[f"{PREFIX}WEBHOOK_SECRET"] = (
                f"{PREFIX}WEBHOOK_SECRET is not set, but {PREFIX}WEBHOOK_URL is. Receivers check "
                'with it who sends: set it to the output of "panel secret".'
            )
        return cls(**cast(SettingTypes, values)), problems

    @property
    def webhook_urls(self) -> list[str]:
        """The URLs of the webhooks, each once."""
        return list(dict.fromkeys(self.webhook_url.split()))

    @classmethod
    def fields(cls) -> list[str]:
        """Return the names of all settings, in the order of their declaration."""
        return [field for field in cls.param if field != "name"]

    @classmethod
    def allowed(cls, field: str) -> str:
        """Describe the allowed values of a setting in words."""
        if field == "relay_url":
            return "a Redis URL, like redis://localhost:6379/0"
        if field == "webhook_url":
            return "URLs like https://example.org/dams, separated by spaces"
        if field == "webhook_secret":
            return f"a text of at least {MIN_SECRET_LENGTH} characters"
        if field == "api_origins":
            return "* or origins like https://maps.example.org, without a slash at the end"
        match cls.param[field]:
            case param.Selector() as selector:
                return "one of " + ", ".join(selector.objects)
            case param.Boolean():
                return "true or false"
            case param.Number() as number:
                kind = "a whole number" if isinstance(number, param.Integer) else "a number"
                low, high = number.bounds
                most = "" if high is None else f" and at most {high}"
                return f"{kind} of at least {low}{most}"
        if field.endswith("_file"):
            return "a path"
        return "an SQLAlchemy database URL" if field == "database_url" else "text"

    @classmethod
    def _parsed(cls, field: str, text: str) -> object:
        parameter = cls.param[field]
        try:
            if field == "database_url":
                make_url(text)
            if field == "relay_url" and text:
                _check_relay_url(text)
            if field == "webhook_url":
                for url in text.split():
                    _check_web_url(url)
            if field == "api_origins" and text != "*":
                _check_origins(text)
            if field == "webhook_secret" and 0 < len(text) < MIN_SECRET_LENGTH:
                raise ValueError
            value: object = text
            if isinstance(parameter, param.Boolean):
                value = _BOOLEANS[text.lower()]
            elif isinstance(parameter, param.Integer):
                value = int(text) if text else None
            elif isinstance(parameter, param.Number):
                value = float(text)
            elif isinstance(parameter, param.Selector):
                folded = {option.lower(): option for option in parameter.objects}
                value = folded[text.lower()]
            cls(**cast(SettingTypes, {field: value}))
        except (ValueError, KeyError, ArgumentError):
            raise ValueError(cls.allowed(field)) from None
        return value


def _check_relay_url(text: str) -> None:
    parts = urlsplit(text)
    # Reading the port raises ValueError when it is not a number. The relay knows its own scheme.
    if not parts.scheme or "://" not in text or parts.port == 0:
        raise ValueError(text)


def _check_origins(text: str) -> None:
    if not all(map(_ORIGIN.fullmatch, text.split())):
        raise ValueError(text)


def _check_web_url(text: str) -> None:
    parts = urlsplit(text)
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_web or parts.port == 0 or parts.fragment or not text.isascii():
        raise ValueError(text)
