"""Panel's own logins, `--basic-auth` and OAuth, made to mind other sites as ours does."""

from __future__ import annotations

from typing import Any

import panel as pn
from bokeh.settings import settings as bokeh_settings
from panel import auth
from tornado.web import HTTPError, RequestHandler

from ..internals import replace_next_url_check
from .own_site import is_of_another_site, own_path


def names_of_site(handler: Any) -> list[str]:
    """Return the names under which a browser may reach this server, with their ports.

    handler: of a request; a proxy may have replaced the name that the browser has sent.
    """
    origins = bokeh_settings.allowed_ws_origin() or handler.application.websocket_origins
    return [handler.request.host, *(one for one in origins if "*" not in one)]


def attributes(handler: Any) -> dict[str, Any]:
    """Return those of a cookie that goes to no page of another site, and where nobody listens."""
    return {"samesite": "Lax", "secure": handler.request.protocol == "https"}


def install() -> None:
    """Mend Panel's handlers; it may be called again."""
    replace_next_url_check(_own_path)
    for handler in (auth.BasicLoginHandler, auth.PasswordLoginHandler):
        handler.prepare = _refuse_other_sites
    for handler in (auth.BasicLoginHandler, auth.OAuthLoginHandler):
        handler.set_cookie = _set_cookie


def _own_path(next_url: str | None) -> str | None:
    """Return a path of this site in place of Panel's check, which lets "///host" pass."""
    if not next_url:
        return None
    path = own_path(next_url, pn.state.base_url)
    if path is None:
        raise HTTPError(400, "The page to open after the login is not one of this site.")
    return path


def _refuse_other_sites(handler: Any) -> None:
    if handler.request.method == "POST" and is_of_another_site(
        handler.request.headers, names_of_site(handler)
    ):
        reason = "This login was sent by a page of another site."
        raise HTTPError(403, reason, reason=reason)


def _set_cookie(handler: Any, *arguments: Any, **options: Any) -> None:
    RequestHandler.set_cookie(handler, *arguments, **{**attributes(handler), **options})
