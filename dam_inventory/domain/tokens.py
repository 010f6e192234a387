"""Tokens, with which other programs read as a user.

A token is shown once. What is kept is its SHA-256, which is enough for 256 random bits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

PREFIX = "dam_"
"""How every token begins, so that people and programs recognize one that has leaked."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token.

    expires_at: None if it does not expire. last_used: a day in UTC, None if it was never used.
    """

    id: int
    user_name: str
    label: str
    made_at: dt.datetime
    expires_at: dt.datetime | None
    last_used: dt.date | None

    def is_valid(self, now: dt.datetime) -> bool:
        """Return whether the token has not expired."""
        return self.expires_at is None or now < self.expires_at


def new_token() -> str:
    """Return a new token. config/redaction.py recognizes its form."""
    return PREFIX + secrets.token_hex(32)


def hash_of(token: str) -> str:
    """Return the hash under which a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
