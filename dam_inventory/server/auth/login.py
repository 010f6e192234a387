"""Who is at the page, and whether that can be believed."""

from __future__ import annotations

import logging
from pathlib import Path

import panel as pn
from bokeh.settings import settings as bokeh_settings
from bokeh.util.token import check_session_id_signature
from tornado.web import decode_signed_value

from ...domain.permissions import Permissions, User
from ...errors import InvalidSettings
from ..command_line import serve_options
from ..limits import web_server
from . import panel_login, session_owner

logger = logging.getLogger(__name__)

MIN_SECRET_LENGTH = 32
"""Characters that a secret must have; those of `panel secret` have 44."""


def current_user(permissions: Permissions) -> User:
    """Return who opened the current session.

    What Panel says of a user comes out of a token that the browser sends: only `check_login`
    makes sure that nobody else can have made it.
    """
    name = session_owner.name_in(pn.state.cookies)
    if name is None:
        # Where people log in, the rehearsal of `--warm` is nobody, and so is whom a module lets in
        # without telling Panel their name.
        return User(None, frozenset()) if _is_login() else permissions.user(None)
    user = permissions.user(name, _claims(name))
    logger.info(
        "%r opened a session; may: %s.", name, ", ".join(sorted(user.permissions)) or "look"
    )
    return user


def install_checks() -> None:
    """Let all that is served from now on mind whose page it is; before the server is made."""
    web_server.install()
    session_owner.install()
    panel_login.install()


def check_login() -> None:
    """Raise InvalidSettings where people log in, but could pass themselves off as others.

    Called before the server starts (`--warm`) it judges the command line and the environment, and
    lets no page be served without the checks of `session_owner`; called in a session, it judges
    that session too.
    """
    if not _is_login():
        return
    unsafe = []
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    if context is None:
        install_checks()
    elif getattr(context, "server_context", None) and not session_owner.is_checked(context):
        unsafe.append(
            "People log in, but one could join another's page. Start again with "
            "--plugins dam_inventory.server.plugin, which checks whose page it is."
        )
    missing = _missing_variables()
    if missing:
        unsafe.append(
            "People log in, but a browser could forge who they are. Set these variables, once, "
            "keep their values from others, and start again:\n"
            + "\n".join(f"  export {one}" for one in missing)
        )
    if getattr(serve_options(), "session_ids", None) == "unsigned":
        unsafe.append("People log in: leave --session-ids away, so that sessions are signed.")
    if pn.config.reuse_sessions or getattr(serve_options(), "reuse_sessions", False):
        unsafe.append("People log in: leave --reuse-sessions away; it gives one's page to another.")
    basic = _basic_auth()
    if isinstance(basic, str) and not Path(basic).is_file():
        unsafe.append(
            "People log in with --basic-auth or PANEL_BASIC_AUTH, which names no file: as the one "
            "password of all it would let anybody take any name. Use --auth-module auth.py "
            "instead, which knows a password for each name; README.md tells how."
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
    """Return what the provider of the login says about a user, if it says it of them and lately.

    Any browser may send an old cookie, or another user's; Panel looks at neither.
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
        logger.info("%r has no groups: the claims in their cookie can't be read: %r.", name, error)
        return None
    return claims if isinstance(claims, dict) and name in claims.values() else None
