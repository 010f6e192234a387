"""Values of settings: what is allowed, and how the text of a variable is read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import param
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

MIN_SECRET_LENGTH = 32
"""Minimum length of a secret in characters; `panel secret` makes 44."""
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.\-\[\]:]+")
"""As browsers write it (RFC 6454): another spelling of it would never match."""


def allowed(field: str, parameter: param.Parameter) -> str:
    """Describe the allowed values of a setting in words. parameter: that of `Settings`."""
    if field == "relay_url":
        return "a Redis URL, like redis://localhost:6379/0"
    if field == "webhook_url":
        return "URLs like https://example.org/dams, separated by spaces"
    if field == "webhook_secret":
        return f"a text of at least {MIN_SECRET_LENGTH} characters"
    if field == "api_origins":
        return "* or origins like https://maps.example.org, without a slash at the end"
    match parameter:
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


def parsed(field: str, parameter: param.Parameter, text: str) -> object:
    """Return a text as a value. Raises ValueError; whether it is within bounds is not checked."""
    try:
        _check(field, text)
        return _value(parameter, text)
    except (KeyError, ArgumentError) as error:
        raise ValueError(text) from error


def _value(parameter: param.Parameter, text: str) -> object:
    match parameter:
        case param.Boolean():
            return _BOOLEANS[text.lower()]
        case param.Integer():
            return int(text) if text else None
        case param.Number():
            return float(text)
        case param.Selector() as selector:
            return {option.lower(): option for option in selector.objects}[text.lower()]
    return text


def _check(field: str, text: str) -> None:
    match field:
        case "database_url":
            make_url(text)
        case "relay_url" if text:
            _check_relay_url(text)
        case "webhook_url":
            for url in text.split():
                _check_web_url(url)
        case "webhook_secret" if 0 < len(text) < MIN_SECRET_LENGTH:
            raise ValueError(text)
        case "api_origins" if text != "*":
            _check_origins(text)


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
