"""Frames of a websocket, for whoever sends several of them at once."""

from __future__ import annotations

_TEXT = 0x81
"""The first byte of an unfragmented text message (RFC 6455, section 5.2)."""


def text_frames(*texts: str) -> bytes:
    """Return the frames of some text messages, one after the other, as a server sends them."""
    return b"".join(map(_text_frame, texts))


def _text_frame(text: str) -> bytes:
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes([_TEXT, size]) + payload
    if size < 2**16:
        return bytes([_TEXT, 126]) + size.to_bytes(2, "big") + payload
    return bytes([_TEXT, 127]) + size.to_bytes(8, "big") + payload
