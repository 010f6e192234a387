"""A login with names and passwords: the pages that auth.py gives to `panel serve`."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import panel as pn
from panel import auth
from tornado.template import Template

from . import passwords
from .errors import InvalidSettings
from .login import check_login
from .settings import Settings
from .views.assets import asset

logger = logging.getLogger(__name__)

LOGIN_URL = "/login"
LOGOUT_URL = "/logout"

Known = dict[str, passwords.Hashed]


class _Page:
    """A template as Panel's handlers expect it; it needs nothing from elsewhere."""

    def __init__(self, settings: Settings, *, form: bool) -> None:
        self._facts = {"title": settings.title, "endpoint": LOGIN_URL, "form": form}

    def render(self, errormessage: str = "", **_panels: str) -> bytes:
        # Panel takes the message out of the address, where anybody may have written another.
        template = Template(asset("login.html"))
        return template.generate(**self._facts, refused=bool(errormessage))


class PasswordLogin:
    """What an auth module of Bokeh's must name, for a file of hashed passwords.

    Raises InvalidSettings where nobody could log in, or where a login could be forged.
    """

    login_url = LOGIN_URL
    logout_url = LOGOUT_URL

    def __init__(self, settings: Settings) -> None:
        check_login()
        self._path = settings.passwords_file
        if not passwords.read(self._path):
            raise InvalidSettings(
                f"{self._path} holds nobody who could log in. {passwords.advice(self._path)}"
            )
        # A check takes a few tenths of a second and 32 MiB, and anybody may ask for one: so one
        # after the other, which also slows down who guesses.
        self._checks = ThreadPoolExecutor(1, "passwords")
        login = {"_login_endpoint": LOGIN_URL, "_login_template": _Page(settings, form=True)}
        logout = {"_login_endpoint": LOGIN_URL, "_logout_template": _Page(settings, form=False)}
        self.LoginHandler = type("LoginHandler", (_LoginHandler,), {**login, "_login": self})
        self.LogoutHandler = type("LogoutHandler", (auth.LogoutHandler,), logout)

    def get_user(self, handler: Any) -> str | None:
        """Return who sends a request; who is removed from the file is nobody from then on."""
        cookie = handler.get_secure_cookie("user", max_age_days=pn.config.oauth_expiry)
        name = cookie.decode("utf-8") if cookie else None
        return name if name is not None and name in self.known() else None

    async def is_right(self, known: Known, name: str, password: str) -> bool:
        """Return whether a password is right, without keeping the event loop waiting."""
        check = asyncio.get_running_loop().run_in_executor
        return await check(self._checks, passwords.is_right, known, name, password)

    def known(self) -> Known:
        """Return who may log in at this moment; nobody while the file can't be read."""
        try:
            return passwords.read(self._path)
        except InvalidSettings as error:
            logger.error("Nobody can log in: %s", error)
            return {}


class _LoginHandler(auth.BasicLoginHandler):
    _login: PasswordLogin
    _is_right = False

    async def post(self) -> None:
        name = self.get_body_argument("username", "")
        password = self.get_body_argument("password", "", strip=False)
        known = self._login.known()
        self._is_right = await self._login.is_right(known, name, password)
        # Who is in a hurry types a password in place of the name.
        who = repr(name) if name in known else "Somebody unknown"
        result = "logged in" if self._is_right else "was refused a login"
        logger.info("%s %s, from %s.", who, result, self.request.remote_ip)
        super().post()

    def _validate(self, _name: str, _password: str) -> bool:
        return self._is_right

    def set_cookie(self, *args: Any, **options: Any) -> None:
        # Not with requests of other sites, and not where others could read along.
        options = {"samesite": "Lax", "secure": self.request.protocol == "https", **options}
        super().set_cookie(*args, **options)
