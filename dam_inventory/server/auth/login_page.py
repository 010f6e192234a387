"""A login with names and passwords: the pages that auth.py gives to `panel serve`."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import panel as pn
from panel.util import base64url_encode
from tornado.template import Template
from tornado.web import RequestHandler

from ...config.settings import Settings
from ...domain.permissions import prepared
from ...errors import InvalidSettings
from ..checks import while_open
from ..limits.messages import MessageRefused
from ..limits.web_server import CLIENT_CLOSED_REQUEST, Rarely
from ..process import when_open
from . import passwords
from .attempts import TooManyAttempts
from .login import check_login
from .logins import Logins
from .own_site import is_of_another_site, own_path
from .panel_login import attributes, names_of_site
from .password_checks import PasswordChecks
from .passwords import PasswordFile
from .refused import Reason, refused_logins

logger = logging.getLogger(__name__)

LOGIN_URL = "/login"
LOGOUT_URL = "/logout"

WRONG = "Name or password is wrong."
NOT_OURS = "The page to open after the login is not one of this site. It is left out."
FOREIGN = "This login was sent by a page of another site. Log in here."
LOGGED_OUT = "You are logged out."
FOREIGN_LOGOUT = "A page of another site asks to log you out."

_NEXT = "next_url"
_CHECKED = "dam_inventory_checked_login"
_LOGIN = "dam_inventory_login"
_PANELS = ("user", "id_token", "access_token", "refresh_token", "oauth_expiry", "is_guest")

_rarely = Rarely()


class PasswordLogin:
    """What an auth module of Bokeh's must name, for a file of hashed passwords.

    Raises InvalidSettings where nobody could log in, or where a login could be forged.
    """

    login_url = LOGIN_URL
    logout_url = LOGOUT_URL

    def __init__(self, settings: Settings) -> None:
        check_login()
        path = settings.passwords_file
        if not passwords.read(path):
            raise InvalidSettings(f"{path} holds nobody who could log in. {passwords.advice(path)}")
        self.file = PasswordFile(path)
        self.title = settings.title
        self.checks = PasswordChecks(self._is_right)
        self.logins = Logins()
        when_open(self.logins.follow)
        while_open.append(self._check_socket)
        self.LoginHandler = type("LoginHandler", (_LoginHandler,), {"login": self})
        self.LogoutHandler = type("LogoutHandler", (_LogoutHandler,), {"login": self})

    def get_user(self, handler: Any) -> str | None:
        """Return who sends a request: nobody after a logout, a new password, or a removal."""
        name, login = (_cookie(handler, one) for one in ("user", _LOGIN))
        hashed = None if name is None else self.file.known().get(prepared(name))
        if name is None or login is None or hashed is None:
            return None
        return name if self.logins.is_good(login, prepared(name), hashed) else None

    def end(self, handler: Any) -> None:
        """End the login of who sends a request."""
        if login := _cookie(handler, _LOGIN):
            days = dt.timedelta(days=pn.config.oauth_expiry)
            self.logins.end(login, dt.datetime.now(dt.UTC) + days)

    def _check_socket(self, socket: Any) -> None:
        version = (self.file.version, self.logins.version)
        if version[0] is None or getattr(socket, _CHECKED, None) == version:
            return  # While the file can't be read, who has a page open keeps it.
        setattr(socket, _CHECKED, version)
        if self.get_user(socket) is None:
            raise MessageRefused(LOGGED_OUT)

    def _is_right(self, name: str, password: str) -> bool:
        return passwords.is_right(self.file.known(), name, password)


class _Handler(RequestHandler):
    """A page that needs nothing from elsewhere."""

    login: PasswordLogin

    def is_of_another_site(self) -> bool:
        return is_of_another_site(self.request.headers, names_of_site(self))

    def show(self, status: int = 200, *, form: str, said: str = "") -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(_template().generate(title=self.login.title, form=form, said=said))


class _LoginHandler(_Handler):
    _answer: asyncio.Future[bool] | None = None

    def get(self) -> None:
        said = WRONG if self.get_query_argument("error", "") else ""
        if not said and _cookie(self, "user") and self.login.get_user(self) is None:
            said = LOGGED_OUT
        asked = self.get_query_argument("next", "", strip=False)
        path = own_path(asked, pn.state.base_url)
        if path is not None:
            self.set_cookie(_NEXT, path, httponly=True, **attributes(self))
        elif asked:
            self.clear_cookie(_NEXT)
            self.show(400, form="login", said=NOT_OURS)
            return
        self.show(form="login", said=said)

    async def post(self) -> None:
        if self.is_of_another_site():
            logger.warning("Refused a login of another site, from %s.", self.request.remote_ip)
            refused_logins[Reason.OTHER_SITE] += 1
            self.show(403, form="login", said=FOREIGN)
            return
        address = self.request.remote_ip or ""
        if self.request.headers.get("X-Real-IP", address) != address:
            _rarely.say("A proxy sends logins, but all seem to be %s: use --use-xheaders.", address)
        name = prepared(self.get_body_argument("username", ""))
        password = self.get_body_argument("password", "", strip=False)
        try:
            self._answer = self.login.checks.begin(address, name, password)
            # Not awaited itself: it is cancelled when nobody waits for it.
            await asyncio.wait([self._answer])
            if self._answer.cancelled():
                self.set_status(CLIENT_CLOSED_REQUEST, "Client Closed Request")
                return
            is_right = self._answer.result()
        except TooManyAttempts as error:
            refused_logins[Reason.TOO_MANY] += 1
            self.set_header("Retry-After", str(error.seconds))
            self.show(429 if error.is_own else 503, form="login", said=str(error))
            return
        # Who is in a hurry types a password in place of the name.
        hashed = self.login.file.known().get(name)
        who = repr(name) if is_right or hashed is not None else "Somebody unknown"
        result = "logged in" if is_right else "was refused a login"
        logger.info("%s %s, from %s.", who, result, address)
        if is_right and hashed is not None:
            self._remember(name, self.login.logins.new(name, hashed))
            path = own_path(self.get_cookie(_NEXT, "") or "", pn.state.base_url)
            self.clear_cookie(_NEXT)
            self.redirect(path or pn.state.base_url, status=303)
        else:
            refused_logins[Reason.WRONG] += 1
            self.redirect("?" + urlencode({"error": "wrong"}), status=303)

    def on_connection_close(self) -> None:
        if self._answer is not None:
            self._answer.cancel()

    def _remember(self, name: str, login: str) -> None:
        self.clear_cookie("is_guest")
        claims = base64url_encode(json.dumps({"user": name}))
        if pn.state.encryption:
            claims = pn.state.encryption.encrypt(claims.encode("utf-8"))
        for cookie, value in (("user", name), ("id_token", claims), (_LOGIN, login)):
            self.set_secure_cookie(
                cookie, value, expires_days=pn.config.oauth_expiry, httponly=True,
                path=pn.config.cookie_path, **attributes(self),
            )  # fmt: skip


class _LogoutHandler(_Handler):
    def get(self) -> None:
        if self.is_of_another_site():
            self.show(403, form="logout", said=FOREIGN_LOGOUT)
            return
        self.login.end(self)
        for cookie in (_LOGIN, *_PANELS):
            self.clear_cookie(cookie, path=pn.config.cookie_path)
        self.show(form="again", said=LOGGED_OUT)


def _cookie(handler: Any, name: str) -> str | None:
    value = handler.get_secure_cookie(name, max_age_days=pn.config.oauth_expiry)
    return value.decode("utf-8") if value else None


@cache
def _template() -> Template:
    return Template(files(__package__).joinpath("login.html").read_text("utf-8"))
