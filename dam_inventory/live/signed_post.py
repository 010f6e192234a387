"""POST with a signature, for one URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from contextlib import suppress

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

SECONDS_TO_ANSWER = 10.0
MAX_BYTES_OF_ANSWER = 64 * 1024


class SignedPost:
    """Sends bodies to one URL, one at a time, from one thread; `cancel` is for other threads."""

    def __init__(self, url: str, secret: str, seconds: float = SECONDS_TO_ANSWER) -> None:
        self.url = url
        self._secret = secret
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[str | None] | None = None

    def send(self, body: bytes, delivery: str) -> str | None:
        """Send JSON; return None if the answer is 2xx, else what is wrong.

        delivery: an id of what is sent; the same if it is sent again.
        """
        self._task = self._loop.create_task(self._sent(body, delivery))
        try:
            return self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            return "it was stopped"

    def cancel(self) -> None:
        """End a `send` that waits for an answer."""
        with suppress(RuntimeError):  # It is closed already.
            self._loop.call_soon_threadsafe(self._cancel)

    def close(self) -> None:
        """Release what it holds."""
        self._loop.close()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _sent(self, body: bytes, delivery: str) -> str | None:
        heard: list[str] = []
        request = HTTPRequest(
            self.url, "POST", body=body, follow_redirects=False, header_callback=heard.append,
            connect_timeout=self._seconds, request_timeout=self._seconds,
            headers={
                "Content-Type": "application/json",
                "User-Agent": "dam-inventory",
                "Dam-Inventory-Delivery": delivery,
                "Dam-Inventory-Signature": signature(body, self._secret, int(time.time())),
            },
        )  # fmt: skip
        client = AsyncHTTPClient(force_instance=True, max_body_size=MAX_BYTES_OF_ANSWER)
        try:
            await client.fetch(request)
        except HTTPClientError as error:
            # An answer that is too long, or never ends, is an answer.
            status = _status(heard) or error.code
            if 200 <= status < 300:
                return None
            return error.message.rstrip(".") if status == 599 else f"HTTP {status}"
        except (OSError, ValueError) as error:
            return None if 200 <= _status(heard) < 300 else _described(error)
        finally:
            client.close()
        return None


def signature(body: bytes, secret: str, seconds: int) -> str:
    """Return the header that signs a body at a time, in seconds since 1970."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def _status(heard: list[str]) -> int:
    """Return the status in the first line of an answer, 0 if there was none."""
    words = heard[0].split() if heard else []
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0


def _described(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
