"""Settings, read from `DAM_INVENTORY_*` environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Unpack, cast

import param

from ..domain.hints import hint
from ..domain.permissions import ANONYMOUS
from ..errors import InvalidSettings
from .redaction import shown
from .setting_types import SettingTypes
from .setting_values import allowed, parsed

PREFIX = "DAM_INVENTORY_"
BASEMAPS = ("OpenStreetMap", "ESRI", "Outline")

_SECRETS = ("webhook_secret",)
"""Settings whose values no message shows."""


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
        return allowed(field, cls.param[field])

    @classmethod
    def _parsed(cls, field: str, text: str) -> object:
        try:
            value = parsed(field, cls.param[field], text)
            cls(**cast(SettingTypes, {field: value}))
        except ValueError:
            raise ValueError(cls.allowed(field)) from None
        return value
