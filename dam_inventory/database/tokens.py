"""Reads and writes the tokens of other programs.

A backup contains their hashes, so restoring one brings back tokens that were revoked after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields

from sqlalchemy import delete, insert, select, update

from ..domain.permissions import is_login_name
from ..domain.tokens import Token, hash_of, new_token
from ..errors import InvalidToken
from .inventory import Inventory
from .models import TokenRow, possible

MAX_DAYS = 36_500
_MAX_LABEL_LENGTH = 200
_TOKENS = TokenRow.__table__
_KNOWN = select(*(_TOKENS.c[field.name] for field in fields(Token))).order_by(TokenRow.id)


def utc_now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


class Tokens:
    """Makes, lists, finds and revokes tokens. Each method is one transaction.

    Methods raise DatabaseUnavailable, also if the database is read-only and they have to write.
    """

    def __init__(self, inventory: Inventory, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._inventory = inventory
        self._now = now

    def make(self, user_name: str, label: str = "", days: int | None = None) -> str:
        """Make a token for a user, and return it; nothing can show it again.

        days: after how many days it expires, None for never. Raises InvalidToken.
        """
        if not is_login_name(user_name):
            raise InvalidToken(f'"{user_name}" is not a valid name. Choose another.')
        if len(label) > _MAX_LABEL_LENGTH or not label.isprintable():
            raise InvalidToken(
                f'"{label[:40]}" is not a valid label. Use at most {_MAX_LABEL_LENGTH} characters, '
                "all printable."
            )
        if days is not None and not 0 < days <= MAX_DAYS:
            raise InvalidToken(f"A token expires after 1 to {MAX_DAYS:,} days, not {days:,}.")
        token, now = new_token(), self._now()
        row = {
            "hash": hash_of(token),
            "user_name": user_name,
            "label": label,
            "made_at": now,
            "expires_at": None if days is None else now + dt.timedelta(days=days),
        }
        with self._inventory.writing() as connection:
            connection.execute(insert(TokenRow), row)
        return token

    def all(self) -> list[Token]:
        """Return all tokens, oldest first."""
        with self._inventory.reading() as connection:
            return [Token(*row) for row in connection.execute(_KNOWN)]

    def revoke(self, token_id: int) -> Token:
        """Remove a token; raise InvalidToken if there is none with this id."""
        with self._inventory.writing() as connection:
            query = _KNOWN.where(TokenRow.id == possible(token_id))
            found = connection.execute(query).one_or_none()
            if found is None:
                raise InvalidToken(f"There is no token {token_id}. `token --list` shows all.")
            connection.execute(delete(TokenRow).where(TokenRow.id == token_id))
        return Token(*found)

    def find(self, token_hash: str) -> Token | None:
        """Return the token with this hash, or None if there is none or it has expired."""
        with self._inventory.reading() as connection:
            found = connection.execute(_KNOWN.where(TokenRow.hash == token_hash)).one_or_none()
        if found is None:
            return None
        token = Token(*found)
        return token if token.is_valid(self._now()) else None

    def note_use(self, token: Token) -> None:
        """Keep that a token is used today."""
        with self._inventory.writing() as connection:
            is_its = TokenRow.id == token.id
            connection.execute(update(TokenRow).where(is_its).values(last_used=self._now().date()))
