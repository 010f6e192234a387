"""Checks the tokens that other programs send, and limits how many wrong ones an address may try."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from ...domain.tokens import Token, hash_of
from ...errors import DamInventoryError
from .attempts import Clock, Failures, network

if TYPE_CHECKING:
    from ...database.tokens import Tokens

logger = logging.getLogger(__name__)

MAX_WRONG = 20
"""How many wrong tokens an address may try at once; after that, one in five seconds."""

SECONDS_TO_TRY_AGAIN = 5
SECONDS_KNOWN = 3.0
"""For so long an answer of the database counts: a revoked token is good for that long."""

_MOST_KNOWN = 1_000


class TooManyWrongTokens(DamInventoryError):
    """A token is not looked up, because its address has tried too many wrong ones."""


class TokenChecks:
    """Finds the tokens that programs send, and remembers for a few seconds which were right.

    A token that was right before is always looked up, so that nobody can shut out a program that
    has the same address.
    """

    def __init__(self, tokens: Tokens, clock: Clock = time.monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Token, float]] = OrderedDict()
        self._failures = Failures(clock, forgets=SECONDS_TO_TRY_AGAIN)
        self._noted: dict[int, dt.date] = {}

    def remembered(self, text: str) -> Token | None:
        """Return a token that was right a moment ago; does not wait for the database."""
        with self._lock:
            token, at = self._known.get(hash_of(text), (None, 0.0))
        return token if self._clock() - at <= SECONDS_KNOWN else None

    def check(self, text: str, address: str) -> Token | None:
        """Return the token if it is right, else None.

        Raises TooManyWrongTokens; DatabaseUnavailable.
        """
        key, client = hash_of(text), network(address)
        with self._lock:
            if key not in self._known and self._failures.of(client) >= MAX_WRONG:
                raise TooManyWrongTokens("Too many wrong tokens. Wait a moment and try again.")
        token = self._tokens.find(key)
        with self._lock:
            self._known.pop(key, None)
            if token is None:
                self._failures.add(client)
                return None
            self._known[key] = (token, self._clock())
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        self._note_use(token)
        return token

    def _note_use(self, token: Token) -> None:
        """Keep the day, once a day: in a thread, because it may have to wait for an import."""
        today = dt.datetime.now(dt.UTC).date()
        if today not in (token.last_used, self._noted.get(token.id)):
            self._noted[token.id] = today
            threading.Thread(
                target=self._keep_use, args=(token,), name="token", daemon=True
            ).start()

    def _keep_use(self, token: Token) -> None:
        try:
            self._tokens.note_use(token)
        except DamInventoryError as error:
            logger.warning("Can't keep when token %d was used: %s", token.id, error)
