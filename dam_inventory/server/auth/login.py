"""The user of the current session, and checks that a login can't be forged."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import panel as pn
from bokeh.settings import settings as bokeh_settings
from bokeh.util.token import check_session_id_signature
from tornado.web import decode_signed_value

from ...config.setting_values import MIN_SECRET_LENGTH
from ...config.settings import PREFIX
from ...domain.permissions import Permissions, User
from ...errors import InvalidSettings
from ..command_line import serve_options
from ..limits import web_server
from . import panel_login, session_owner

logger = logging.getLogger(__name__)


def current_user(permissions: Permissions) -> User:
    """Return the user who opened the current session.

    Panel reads the user from a token that the browser sends. Only the settings that `check_login`
    requires make that token impossible to forge.
    """
    name = session_owner.name_in(pn.state.cookies)
    if name is None:
        # With a login, there is no user in the page that `--warm` builds at startup, nor for a
        # person whom an auth module admits without a name.
        return User(None, frozenset()) if _is_login() else permissions.user(None)
    user = permissions.user(name, _claims(name))
    logger.info(
        "%r opened a session. Permissions: %s.", name, ", ".join(sorted(user.permissions)) or "none"
    )
    return user


def install_checks() -> None:
    """Add the checks of session ownership to every page; call it before the server is created."""
    web_server.install()
    session_owner.install()
    panel_login.install()


def warn_if_strangers_may_change() -> None:
    """Log a warning if everybody on the network may add and edit dams, and nobody has said so."""
    address = getattr(serve_options(), "address", None) or ""
    if serve_options() is None or _is_login() or f"{PREFIX}ANONYMOUS" in os.environ:
        return
    with suppress(ValueError):
        if ip_address(address).is_loopback:
            return
    if address != "localhost":
        logger.warning(
            "Everybody who can reach %s may add dams, and edit and remove imported ones: there is "
            "no login. Start with --address 127.0.0.1, with a login, or with %sANONYMOUS=view.",
            address or "this machine", PREFIX,
        )  # fmt: skip


def check_login() -> None:
    """Raise InvalidSettings if there is a login, but a user could pretend to be another.

    Before the server starts (`--warm`), this checks the command line and the environment, and
    installs the checks of `session_owner` for every page. In a session, it checks that session,
    too.
    """
    if not _is_login():
        return
    unsafe = []
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    if context is None:
        install_checks()
    elif getattr(context, "server_context", None) and not session_owner.is_checked(context):
        unsafe.append(
            "Login is enabled, but one user could join another user's page. Start again with "
            "--plugins dam_inventory.server.plugin, which checks who owns each page."
        )
    missing = _missing_variables()
    if missing:
        unsafe.append(
            "Login is enabled, but a browser could forge the name of a user. Set these variables "
            "once, keep their values secret, and start again:\n"
            + "\n".join(f"  export {one}" for one in missing)
        )
    if getattr(serve_options(), "session_ids", None) == "unsigned":
        unsafe.append("Login is enabled. Remove --session-ids, so that session IDs are signed.")
    if pn.config.reuse_sessions or getattr(serve_options(), "reuse_sessions", False):
        unsafe.append(
            "Login is enabled. Remove --reuse-sessions: it gives one user's page to another."
        )
    basic = _basic_auth()
    if isinstance(basic, str) and not Path(basic).is_file():
        unsafe.append(
            "--basic-auth or PANEL_BASIC_AUTH is not the path of a file. Panel takes it as one "
            "password for all users, so anybody with it could log in under any name. Use "
            "--auth-module auth.py instead, which has a password for each name. See docs/login.md."
        )
    if unsafe:
        raise InvalidSettings("\n".join(unsafe))


def _is_login() -> bool:
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return bool(
        _basic_auth()
        or pn.config.oauth_provider
        or getattr(serve_options(), "oauth_provider", None)
        or bokeh_settings.auth_module(getattr(serve_options(), "auth_module", None))
        or (context and context.logout_url)
    )


def _basic_auth() -> object:
    return pn.config.basic_auth or getattr(serve_options(), "basic_auth", None)


def _missing_variables() -> list[str]:
    missing = []
    if not _signs_sessions():
        missing += ["BOKEH_SIGN_SESSIONS=true"]
    if len(bokeh_settings.secret_key() or "") < MIN_SECRET_LENGTH:
        missing += ['BOKEH_SECRET_KEY="$(panel secret)"']
    cookie_secret = pn.config.cookie_secret or getattr(serve_options(), "cookie_secret", None)
    if len(cookie_secret or "") < MIN_SECRET_LENGTH:
        missing += ['PANEL_COOKIE_SECRET="$(panel secret)"']
    return missing


def _signs_sessions() -> bool:
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    key = bokeh_settings.secret_key()
    if context is not None and key:
        return bool(check_session_id_signature(context.id, key.encode("utf-8"), signed=True))
    chosen = getattr(serve_options(), "session_ids", None)
    return bool(chosen != "unsigned" if chosen else bokeh_settings.sign_sessions())


def _claims(name: str) -> object:
    """Return the login provider's claims about a user, or None unless they are theirs and recent.

    A browser may send an old cookie, or another user's. Panel checks neither.
    """
    cookie = pn.state.cookies.get("id_token")
    age = pn.config.oauth_expiry
    if not cookie or not decode_signed_value(
        pn.config.cookie_secret, "id_token", cookie, max_age_days=age
    ):
        return None
    try:
        claims = pn.state.user_info
    except Exception as error:  # whatever decoding, or decrypting with another key, may raise
        logger.info("The claims in the cookie of %r can't be read, so no groups: %r.", name, error)
        return None
    return claims if isinstance(claims, dict) and name in claims.values() else None
