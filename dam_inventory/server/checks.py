"""Checks that run before a page, its websocket or its messages reach Bokeh.

Other modules add their checks to these lists when the server starts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from tornado.web import RequestHandler

RequestCheck: TypeAlias = Callable[[Any], Awaitable[None] | None]
MessageCheck: TypeAlias = Callable[[Any, str | bytes], None]

before_all: list[RequestCheck] = []
"""Called first, with the handler of any request for a page. `current_user` is None without a login.

A check raises `tornado.web.HTTPError` to refuse the request.
"""

before_page: list[RequestCheck] = []
"""Called with the handler before a page's session is created.

`current_user` is None without a login. A check raises `tornado.web.HTTPError` (403, for example)
to refuse the page.
"""

before_websocket: list[RequestCheck] = []
"""Called with the handler before a websocket opens, and so before its session is looked up.

A check raises `tornado.web.HTTPError` to refuse the handshake. `token_of` reads the session token.
"""

while_open: list[Callable[[Any], None]] = []
"""Called with the handler of each open websocket every second, and before each of its messages.

A check raises MessageRefused to close the connection.
"""

before_message: list[MessageCheck] = []
"""Called with the handler and each fragment of a message, before Bokeh reads it.

A check raises MessageRefused to close the connection.
"""


async def ask(checks: list[RequestCheck], handler: RequestHandler) -> None:
    """Run the checks in order."""
    for check in checks:
        answer = check(handler)
        if answer is not None:
            await answer


def token_of(handler: RequestHandler) -> str | None:
    """Return the session token in a websocket's request, or None if there is none."""
    offered = handler.request.headers.get("Sec-WebSocket-Protocol", "")
    protocols = [one.strip() for one in offered.split(",")]
    return protocols[1] if len(protocols) == 2 and protocols[1] else None
