"""An endpoint of webhooks: answers, fails or hangs as a test tells it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "s" * 44


class Endpoint:
    """A server that notes what it is sent, and answers as it is told."""

    def __init__(self, port: int = 0) -> None:
        self.heard: list[dict[str, Any]] = []
        self.deliveries: list[str] = []
        self.refused = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.hangs = threading.Event()
        self.hangs.set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_signed(self.headers["Dam-Inventory-Signature"], body)
                status = endpoint.status
                if status == 200:
                    endpoint.heard.append(json.loads(body))
                    endpoint.deliveries.append(self.headers["Dam-Inventory-Delivery"])
                else:
                    endpoint.refused += 1
                endpoint.hangs.wait()
                self.send_response(status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?token=secret"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def names(self) -> list[str]:
        return [one["dams"][0]["name"] for one in self.heard]

    def close(self) -> None:
        self.hangs.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def is_signed(header: str, body: bytes) -> None:
    """Check a signature as the documentation says."""
    sent = dict(part.split("=", 1) for part in header.split(","))
    signed = hmac.new(SECRET.encode(), f"{sent['t']}.".encode() + body, hashlib.sha256)
    assert hmac.compare_digest(sent["v1"], signed.hexdigest())
    assert abs(time.time() - int(sent["t"])) < 300
