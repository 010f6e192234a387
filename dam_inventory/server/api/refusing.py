"""Refusing: how the API answers with an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from tornado.web import HTTPError, RequestHandler

from ...errors import (
    Cancelled,
    DamInventoryError,
    DatabaseUnavailable,
    DatabaseUpgraded,
    InvalidFile,
    InvalidFilter,
    NoStorage,
    UnknownDam,
    UnknownHydrograph,
)
from ..limits.web_server import CLIENT_CLOSED_REQUEST
from .media import JSON

_CODES = {
    400: "InvalidParameterValue",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    429: "TooManyRequests",
    501: "NotImplemented",
    503: "Unavailable",
    507: "InsufficientStorage",
}

_STATUS: dict[type[DamInventoryError], int] = {
    InvalidFilter: 400,
    InvalidFile: 400,
    NoStorage: 507,
    UnknownDam: 404,
    UnknownHydrograph: 404,
    Cancelled: CLIENT_CLOSED_REQUEST,
    DatabaseUnavailable: 503,
    DatabaseUpgraded: 503,
}


class Refusing(RequestHandler):
    """Answers with JSON of a code and a description, never with a traceback."""

    SUPPORTED_METHODS = ("GET", "HEAD", "OPTIONS")
    is_put_off = False
    _kept: Mapping[str, str] = {}

    def set_default_headers(self) -> None:
        """Set the headers of all answers, also of errors."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Vary", "Accept, Accept-Encoding, Authorization, Origin")
        for name, value in self._kept.items():
            self.set_header(name, value)

    def keep_header(self, name: str, value: str) -> None:
        """Set a header that an error keeps, too."""
        self._kept = {**self._kept, name: value}
        self.set_header(name, value)

    def fail(self, status: int, description: str) -> NoReturn:
        """Raise an error whose description the client gets."""
        raise HTTPError(status, description.replace("%", "%%"))

    def put_off(self, status: int, seconds: int, description: str) -> NoReturn:
        """Tell the client to come again in some seconds; raise the error."""
        self.is_put_off = True
        self.keep_header("Retry-After", str(seconds))
        self.fail(status, description)

    def log_exception(self, *exc_info: Any) -> None:
        """Log only what is not expected; other requests have a line in the log anyway."""
        if not isinstance(exc_info[1], HTTPError | DamInventoryError):
            super().log_exception(*exc_info)

    def send_error(self, status_code: int = 500, **options: Any) -> None:
        """Give errors of this package their status."""
        error = options.get("exc_info", (None, None))[1]
        for kind, status in _STATUS.items():
            if isinstance(error, kind):
                status_code = status
        if status_code == 503 and not self.is_put_off:
            self.is_put_off = True  # The feed logs that the database is away.
            self.keep_header("Retry-After", "5")
        super().send_error(status_code, **options)

    def write_error(self, status_code: int, **options: Any) -> None:
        """Answer with an error as JSON: a code, and a description for people."""
        error = options.get("exc_info", (None, None))[1]
        described = str(error) if isinstance(error, DamInventoryError) else ""
        if isinstance(error, HTTPError) and error.log_message:
            described = error.log_message.replace("%%", "%")
        code = _CODES.get(status_code, self._reason.replace(" ", ""))
        self.set_header("Content-Type", JSON)
        self.set_header("Cache-Control", "no-store")
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.SUPPORTED_METHODS))
        self.finish(json.dumps({"code": code, "description": described or f"{self._reason}."}))
