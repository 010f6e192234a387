"""For `panel serve --plugins tests.hasty`, after the others: time-outs that a test can wait for."""

from __future__ import annotations

from dam_inventory.server import page_socket, sweep
from dam_inventory.server.limits import admission, web_server

web_server.SECONDS_FOR_A_REQUEST = 5
page_socket.SECONDS_TO_BEGIN = 5
sweep.SECONDS_FOR_A_MESSAGE = 1
admission.SECONDS_TO_OPEN = 0
admission.MAX_FRESH = 3
admission.ROOM.places = 5

ROUTES: list[object] = []
