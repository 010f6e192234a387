"""The types of all settings, so that a type checker finds a misspelt one in a script."""

from __future__ import annotations

from typing import TypedDict


class SettingTypes(TypedDict, total=False):
    """The arguments of `Settings`, which documents them."""

    database_url: str
    max_dams: int | None
    max_dams_per_user: int | None
    max_import_bytes: int
    anonymous: str
    permissions_file: str
    passwords_file: str
    title: str
    subtitle: str
    owner: str
    basemap: str
    example_dams: bool
    heartbeat_seconds: float
    relay_url: str
    webhook_url: str
    webhook_secret: str
    api: bool
    api_requests_per_minute: int
    api_origins: str
    log_level: str
    log_format: str
    metrics: str
