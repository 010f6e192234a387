"""Counts the logins that this process has refused."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Reason(StrEnum):
    """Why a login was refused."""

    WRONG = "wrong"
    """The name or the password is wrong."""
    TOO_MANY = "too_many"
    """Too many attempts are waiting; the password was not checked."""
    OTHER_SITE = "other_site"
    """A page of another site has sent it."""


refused_logins = Counter[Reason]()
"""The logins of `auth.py` that were refused; only the event loop counts."""
