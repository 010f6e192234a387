"""What the websocket of a page carries."""

from __future__ import annotations

from typing import Any, Literal

from tests.ui.dashboard_page import DashboardPage


def frames(page: DashboardPage, direction: Literal["Received", "Sent"]) -> list[str]:
    """Return the texts that a page receives or sends from now on, on all its websockets."""
    found: list[str] = []
    network = page.page.context.new_cdp_session(page.page)

    def note(event: dict[str, Any]) -> None:
        found.append(event["response"]["payloadData"])

    network.on(f"Network.webSocketFrame{direction}", note)
    network.send("Network.enable")
    return found
