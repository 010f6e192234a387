"""Whose session it is: a page and its websocket belong to the one user who opened the page.

Bokeh looks up a session by an id, and takes it from whoever names one. So the id is made by the
server alone, and at the websocket three must name the same user: who is logged in now, the token
that came with the page, and the session itself, where the server has noted its user.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import panel as pn
from bokeh.protocol.exceptions import ProtocolError
from bokeh.util.token import check_token_signature, get_session_id, get_token_payload
from tornado.web import HTTPError, decode_signed_value

from ...domain.permissions import GUEST
from .. import checks, handlers

logger = logging.getLogger(__name__)

FOREIGN = "This link names a session. Open the page without what follows the question mark."

_ARGUMENTS = ("bokeh-session-id", "bokeh-token")
_HEADER = "Bokeh-Session-Id"
_LOGIN = "dam_inventory_login"
"""The attribute of a request that says who was logged in when it came; Bokeh keeps the request."""


def name_in(cookies: Mapping[str, Any]) -> str | None:
    """Return as whom a page acts that was opened with these cookies, or None for nobody.

    Panel gives a guest a cookie of their own, which anybody can send: it takes away the name.
    """
    if "is_guest" in cookies:
        return GUEST
    secret = pn.config.cookie_secret
    if not secret:
        return None
    cookie = cookies.get("user", "")
    name = decode_signed_value(secret, "user", getattr(cookie, "value", cookie))
    return name.decode("utf-8", "replace") if name else None


def is_checked(context: Any) -> bool:
    """Return whether a session was opened through the checks of this module."""
    return hasattr(context.request, _LOGIN)


def install() -> None:
    """Let every page that is served from now on be checked; before the server is made."""
    handlers.install()
    for asked, check in (
        (checks.before_all, _check_request),
        (checks.before_websocket, _check_websocket),
    ):
        if check not in asked:
            asked.append(check)


def _check_request(handler: Any) -> None:
    """Refuse ids of sessions from outside, and note who is logged in."""
    setattr(handler.request, _LOGIN, handler.current_user)
    names = _HEADER in handler.request.headers or any(
        one in handler.request.arguments for one in _ARGUMENTS
    )
    # With `--session-ids external-signed`, which no login permits, another program makes them.
    if names and handler.application.generate_session_ids:
        raise _refusal(handler, "it names a session of its own choice", FOREIGN)
    # Bokeh would stumble over it.
    is_script = isinstance(handler, handlers.EmbeddedPage) and handler.request.method == "GET"
    if is_script and handler.current_user is None:
        raise _refusal(handler, "nobody is logged in", "Log in first.")


def _check_websocket(handler: Any) -> None:
    """Refuse who is not the user of the token and of its session."""
    token = checks.token_of(handler) or ""
    try:
        session_id = get_session_id(token)
        is_to_check = _is_login(handler) and _is_signed(handler.application, token)
        payload = get_token_payload(token) if is_to_check else None
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise _refusal(handler, f"its token can't be read: {error!r}") from None
    if payload is None:
        return  # Nobody logs in, or Bokeh refuses a token that nobody has signed.
    now = (handler.current_user, name_in(handler.request.cookies))
    found = [(now[0], name_in(payload.get("cookies", {})))]
    with suppress(ProtocolError):  # It is made anew, for the user of the token.
        session = handler.application_context.get_session(session_id)
        found.append(_owner(session.document.session_context))
    for one in found:
        if one != now:
            who, whose = (name or login for login, name in (now, one))
            raise _refusal(handler, f"{who!r} may not join a session of {whose!r}")


def _refusal(handler: Any, why: str, reason: str | None = None) -> HTTPError:
    """Return an error that says `reason` to a person, after `why` was logged."""
    request = handler.request
    logger.warning("Refused %s, from %s: %s.", request.path, request.remote_ip, why)
    return HTTPError(403, reason=reason)


def _is_login(handler: Any) -> bool:
    provider = handler.application.auth_provider
    return bool(provider.get_user or provider.get_user_async)


def _is_signed(application: Any, token: str) -> bool:
    return bool(check_token_signature(token, application.secret_key, application.sign_sessions))


def _owner(context: Any) -> tuple[object, str | None]:
    """Return who was logged in when a session was made, and as whom it acts."""
    return getattr(context.request, _LOGIN, None), name_in(context.request.cookies)
