"""What is asked before a page, its websocket or its messages reach Bokeh.

Each of the lists holds checks that other modules add when the server starts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from tornado.web import RequestHandler

RequestCheck: TypeAlias = Callable[[Any], Awaitable[None] | None]
MessageCheck: TypeAlias = Callable[[Any, str | bytes], None]

before_all: list[RequestCheck] = []
"""Called first, with the handler of whatever is asked of a page: `current_user` is None for nobody.

Raises `tornado.web.HTTPError` to refuse the request.
"""

before_page: list[RequestCheck] = []
"""Called with the handler before a page's session is made; `current_user` is None for nobody.

Raises `tornado.web.HTTPError` (403, say) to refuse the page.
"""

before_websocket: list[RequestCheck] = []
"""Called with the handler before a websocket opens, and so before its session is looked up.

Raises `tornado.web.HTTPError` to refuse the handshake; `token_of` reads what the browser sends.
"""

before_message: list[MessageCheck] = []
"""Called with the handler and each fragment of a message, before Bokeh reads it.

Raises MessageRefused to close the connection.
"""


async def ask(checks: list[RequestCheck], handler: RequestHandler) -> None:
    """Ask each check in turn."""
    for check in checks:
        answer = check(handler)
        if answer is not None:
            await answer


def token_of(handler: RequestHandler) -> str | None:
    """Return the session token that a websocket's request carries, if it has one."""
    offered = handler.request.headers.get("Sec-WebSocket-Protocol", "")
    protocols = [one.strip() for one in offered.split(",")]
    return protocols[1] if len(protocols) == 2 and protocols[1] else None
