"""Settings from `DAM_INVENTORY_*` variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dam_inventory.config.settings import PREFIX, Settings
from dam_inventory.errors import InvalidSettings

PAGE = Path(__file__).parents[2] / "docs/settings.md"

GOOD = [
    ("database_url", "sqlite:////srv/dams.db", "sqlite:////srv/dams.db"),
    ("database_url", "postgresql+psycopg://anna@db/dams", "postgresql+psycopg://anna@db/dams"),
    ("max_dams", "0", 0),
    ("max_dams", "50", 50),
    ("max_dams", "", None),
    ("max_dams_per_user", "3", 3),
    ("max_import_bytes", "2000000", 2_000_000),
    ("anonymous", "View", "view"),
    ("anonymous", "administer", "administer"),
    ("permissions_file", "/srv/who.toml", "/srv/who.toml"),
    ("passwords_file", "/srv/passwords.json", "/srv/passwords.json"),
    ("title", "Our dams", "Our dams"),
    ("subtitle", " in Utah ", "in Utah"),
    ("owner", "City of Provo", "City of Provo"),
    ("owner", "", ""),
    ("basemap", "esri", "ESRI"),
    ("basemap", "Outline", "Outline"),
    ("example_dams", "no", False),
    ("example_dams", "TRUE", True),
    ("heartbeat_seconds", "0.5", 0.5),
    ("webhook_url", "", ""),
    ("webhook_secret", "", ""),
    ("webhook_secret", "x" * 32, "x" * 32),
    ("api", "false", False),
    ("api_requests_per_minute", "60", 60),
    ("api_origins", "https://maps.example.org", "https://maps.example.org"),
    ("api_origins", "http://localhost:3000 http://[::1]", "http://localhost:3000 http://[::1]"),
    ("api_origins", "*", "*"),
    ("api_origins", "", ""),
    ("relay_url", "", ""),
    (
        "relay_url",
        "rediss://anna:secret@example.org:6380/1",
        "rediss://anna:secret@example.org:6380/1",
    ),
    (
        "webhook_url",
        "https://a.example/x?y=1 http://10.0.0.1:8080/",
        "https://a.example/x?y=1 http://10.0.0.1:8080/",
    ),
    ("webhook_secret", "s" * 44, "s" * 44),
    ("log_level", "warning", "WARNING"),
    ("log_format", "JSON", "json"),
    ("metrics", "Open", "open"),
]
_ORIGINS = "* or origins like https://maps.example.org, without a slash at the end"

BAD = [
    ("database_url", "dams.db", "an SQLAlchemy database URL"),
    ("max_dams", "-1", "a whole number of at least 0"),
    ("max_dams", "1.5", "a whole number of at least 0"),
    ("max_dams_per_user", "few", "a whole number of at least 0"),
    ("max_import_bytes", "0", "a whole number of at least 1"),
    ("max_import_bytes", "500 MB", "a whole number of at least 1"),
    ("max_import_bytes", "", "a whole number of at least 1"),
    ("anonymous", "everything", "one of view, add, administer"),
    ("basemap", "Mars", "one of OpenStreetMap, ESRI, Outline"),
    ("example_dams", "perhaps", "true or false"),
    ("heartbeat_seconds", "0", "a number of at least 0.1 and at most 3600"),
    ("heartbeat_seconds", "nan", "a number of at least 0.1 and at most 3600"),
    ("heartbeat_seconds", "soon", "a number of at least 0.1 and at most 3600"),
    ("api", "off", "true or false"),
    ("api_requests_per_minute", "0", "a whole number of at least 1"),
    *(
        ("api_origins", text, _ORIGINS)
        for text in (
            "https://maps.example.org/",
            "maps.example.org",
            "https://Maps.example.org",
            "* https://maps.example.org",
        )
    ),
    ("relay_url", "localhost:6379", "a Redis URL, like redis://localhost:6379/0"),
    ("relay_url", "redis://localhost:many", "a Redis URL, like redis://localhost:6379/0"),
    *(
        ("webhook_url", url, "URLs like https://example.org/dams, separated by spaces")
        for url in (
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example:many",
            "https://a.example/ x",
            "https://a.example/#x",
        )
    ),
    ("log_level", "loud", "one of DEBUG, INFO, WARNING, ERROR"),
    ("log_format", "xml", "one of text, json"),
    ("metrics", "true", "one of local, open, off"),
]
IN_PAGE = {None: "none", "": "empty", True: "true", False: "false"}
"""How the page of settings writes a default that isn't a text or a number."""


def variable(field: str) -> str:
    return PREFIX + field.upper()


def test_this_file_has_a_valid_value_for_every_setting():
    assert {field for field, *_ in GOOD} == set(Settings.fields())


@pytest.mark.parametrize(("field", "text", "value"), GOOD)
def test_a_variable_sets_its_setting(field: str, text: str, value: Any):
    secret = {variable("webhook_secret"): "s" * 44}
    settings = Settings.from_environment(secret | {variable(field): text})

    assert getattr(settings, field) == value


def test_the_default_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAM_INVENTORY_TITLE", "From outside")

    assert Settings.from_environment().title == "From outside"


def test_without_variables_all_settings_have_their_defaults():
    settings = Settings.from_environment({"PATH": "/bin"})

    assert {f: getattr(settings, f) for f in Settings.fields()} == {
        f: Settings.param[f].default for f in Settings.fields()
    }


@pytest.mark.parametrize(("field", "text", "allowed"), BAD)
def test_a_bad_value_is_reported_with_its_variable_and_the_allowed_values(
    field: str, text: str, allowed: str
):
    with pytest.raises(InvalidSettings) as raised:
        Settings.from_environment({variable(field): text})

    assert str(raised.value) == f'{variable(field)} is "{text}", but must be {allowed}.'


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("DAM_INVENTORY_MAX_DAM", "DAM_INVENTORY_MAX_DAMS"),
        ("DAM_INVENTORY_PERMISSIONS", "DAM_INVENTORY_PERMISSIONS_FILE"),
        ("DAM_INVENTORY_DATABASE", "DAM_INVENTORY_DATABASE_URL"),
        ("dam_inventory_title", "DAM_INVENTORY_TITLE"),
    ],
)
def test_an_unknown_variable_is_reported_with_the_closest_known_name(name: str, nearest: str):
    with pytest.raises(InvalidSettings) as raised:
        Settings.from_environment({name: "x"})

    assert str(raised.value) == f"{name} is not a setting. Did you mean {nearest}?"


@pytest.mark.parametrize(
    ("field", "scheme"), [("database_url", "postgresql+psycopg"), ("relay_url", "redis")]
)
def test_a_bad_url_is_reported_without_its_password(field: str, scheme: str):
    url = f"{scheme}://anna:secret@example.org:port/dams"

    with pytest.raises(InvalidSettings, match=r"must be an? .* URL") as raised:
        Settings.from_environment({variable(field): url})

    assert "anna:***@example.org" in str(raised.value)


def test_webhooks_need_a_secret():
    url = {variable("webhook_url"): "https://a.example/"}
    secret = variable("webhook_secret")

    for value in ({}, {secret: ""}, {secret: " "}):
        with pytest.raises(InvalidSettings, match=f"{secret} is not set, but"):
            Settings.from_environment(url | value)
    assert Settings.from_environment(url | {secret: "s" * 32}).webhook_urls == [
        "https://a.example/"
    ]


def test_a_bad_secret_is_reported_without_it():
    with pytest.raises(InvalidSettings) as raised:
        Settings.from_environment({variable("webhook_secret"): "too short"})

    assert str(raised.value) == (
        f'{variable("webhook_secret")} is "***", but must be a text of at least 32 characters.'
    )


def test_a_webhook_that_is_given_twice_counts_once():
    settings = Settings(webhook_url="https://a.example/ https://b.example/  https://a.example/")

    assert settings.webhook_urls == ["https://a.example/", "https://b.example/"]


def test_all_problems_are_reported_at_once():
    with pytest.raises(InvalidSettings) as raised:
        Settings.from_environment({"DAM_INVENTORY_MAX_DAMS": "many", "DAM_INVENTORY_COLOUR": "red"})

    assert [line.split()[0] for line in str(raised.value).splitlines()] == [
        "DAM_INVENTORY_COLOUR",
        "DAM_INVENTORY_MAX_DAMS",
    ]


def test_settings_are_read_only():
    settings = Settings()

    with pytest.raises(TypeError, match="Constant parameter"):
        settings.title = "Another"


@pytest.mark.parametrize("field", Settings.fields())
def test_the_page_has_a_row_for_every_setting_with_its_default(field: str):
    rows = [row for row in PAGE.read_text("utf-8").splitlines() if row.startswith("|")]
    default = Settings.param[field].default
    number = f"{default:g}" if isinstance(default, float) else str(default)
    written = IN_PAGE.get(default, number)

    [row] = [row for row in rows if f"`{variable(field)}`" in row]

    assert written in [cell.strip(" `") for cell in row.split("|")]


@pytest.mark.parametrize("field", Settings.fields())
def test_every_setting_is_documented(field: str):
    assert Settings.param[field].doc.endswith(".")
