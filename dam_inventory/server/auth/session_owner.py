"""Session ownership: a page and its websocket belong to the user who opened the page.

Bokeh looks up a session by its ID, and accepts an ID from any client. So only the server makes
IDs. When a websocket opens, three sources must agree on the user: the login cookie, the token that
came with the page, and the session, where the server recorded its user.
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

FOREIGN = "This link contains a session ID. Open the page without the part after the question mark."

_ARGUMENTS = ("bokeh-session-id", "bokeh-token")
_HEADER = "Bokeh-Session-Id"
_LOGIN = "dam_inventory_login"
"""The attribute of a request that records its user; Bokeh keeps the request with the session."""


def name_in(cookies: Mapping[str, Any]) -> str | None:
    """Return the user name of a page that was opened with these cookies, or None without a login.

    Panel marks a guest with a cookie that is not signed. Any client can send it, so it overrides
    the name.
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
    """Return whether the checks of this module ran when a session was opened."""
    return hasattr(context.request, _LOGIN)


def install() -> None:
    """Add these checks to every page; call it before the server is created."""
    handlers.install()
    for asked, check in (
        (checks.before_all, _check_request),
        (checks.before_websocket, _check_websocket),
    ):
        if check not in asked:
            asked.append(check)


def _check_request(handler: Any) -> None:
    """Refuse a session ID that the client chose, and record the user in the request."""
    setattr(handler.request, _LOGIN, handler.current_user)
    names = _HEADER in handler.request.headers or any(
        one in handler.request.arguments for one in _ARGUMENTS
    )
    # With `--session-ids external-signed`, which a login does not allow, another program makes
    # the IDs.
    if names and handler.application.generate_session_ids:
        raise _refusal(handler, "the request contains a session ID", FOREIGN)
    # Bokeh would raise an error here.
    is_script = isinstance(handler, handlers.EmbeddedPage) and handler.request.method == "GET"
    if is_script and handler.current_user is None:
        raise _refusal(handler, "no user is logged in", "Log in first.")


def _check_websocket(handler: Any) -> None:
    """Refuse a websocket unless its user is that of the token and of the session."""
    token = checks.token_of(handler) or ""
    try:
        session_id = get_session_id(token)
        is_to_check = is_login(handler) and _is_signed(handler.application, token)
        payload = get_token_payload(token) if is_to_check else None
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise _refusal(handler, f"its token can't be read: {error!r}") from None
    if payload is None:
        return  # There is no login, or Bokeh refuses the unsigned token itself.
    now = (handler.current_user, name_in(handler.request.cookies))
    found = [(now[0], name_in(payload.get("cookies", {})))]
    with suppress(ProtocolError):  # No such session: Bokeh creates it, for the token's user.
        session = handler.application_context.get_session(session_id)
        found.append(_owner(session.document.session_context))
    for one in found:
        if one != now:
            who, whose = (name or login for login, name in (now, one))
            raise _refusal(handler, f"{who!r} may not join a session of {whose!r}")


def _refusal(handler: Any, why: str, reason: str | None = None) -> HTTPError:
    """Log why a request is refused; return the error, with the reason that the person reads."""
    request = handler.request
    logger.warning("Refused %s, from %s: %s.", request.path, request.remote_ip, why)
    return HTTPError(403, reason=reason)


def is_login(handler: Any) -> bool:
    """Return whether the server that answers a request has a login."""
    provider = handler.application.auth_provider
    return bool(provider.get_user or provider.get_user_async)


def _is_signed(application: Any, token: str) -> bool:
    return bool(check_token_signature(token, application.secret_key, application.sign_sessions))


def _owner(context: Any) -> tuple[object, str | None]:
    """Return a session's login at its creation, and the user name that it acts under."""
    return getattr(context.request, _LOGIN, None), name_in(context.request.cookies)
