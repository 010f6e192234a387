"""For `panel serve --plugins tests.unread`: who does not read its page has too much unread.

The kernel would keep some megabytes on the way within one machine.
"""

from __future__ import annotations

import socket
from typing import Any

from dam_inventory.server import sweep

sweep.MAX_BYTES_UNREAD = 200_000

_add = sweep.SWEEP.add


def _keep_little(page: Any) -> None:
    connection = page.ws_connection.stream.socket
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    _add(page)


sweep.SWEEP.add = _keep_little  # type: ignore[method-assign]

ROUTES: list[object] = []
