"""Who may use the API: everybody, or where there is a login, programs with a token."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from ...domain.permissions import User
from ...domain.tokens import PREFIX
from ...session.workers import readers
from ..auth.session_owner import is_login
from ..auth.tokens import SECONDS_TO_TRY_AGAIN, TokenChecks, TooManyWrongTokens

if TYPE_CHECKING:
    from .base import ApiHandler

logger = logging.getLogger(__name__)

_MAKE = "python -m dam_inventory token NAME"
NEEDED = (
    "This server has a login, so the API needs a token. The operator makes one with "
    f'"{_MAKE}". Send it in the header "Authorization: Bearer TOKEN".'
)
WRONG = "The token is wrong, expired or revoked."
IN_ADDRESS = (
    "A token in the address is not accepted, because addresses are kept in logs and histories. "
    'Send it in the header "Authorization: Bearer TOKEN".'
)
_PARAMETERS = ("token", "access_token")
_CHECKS = "dam_inventory.api.tokens"


class Refused(Exception):
    """A request is refused.

    status: 401 or 429. description: the sentence for the person. retry_after: in how many seconds
    to try again, or None.
    """

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        self.status = status
        self.description = description
        self.retry_after = retry_after
        super().__init__(description)


async def user_of(handler: ApiHandler) -> User:
    """Return the user who sends a request; cookies do not count.

    Raises Refused: 401 without a valid token where there is a login, and for a wrong token of
    this program everywhere; 429 after too many wrong tokens. Raises DatabaseUnavailable.
    """
    if any(one in handler.request.query_arguments for one in _PARAMETERS):
        raise Refused(401, IN_ADDRESS)
    text = _token_in(handler.request.headers.get_list("Authorization"))
    permissions = handler.runtime.permissions
    if not is_login(handler) and not (text or "").startswith(PREFIX):
        return permissions.user(None)  # What else is there, a proxy has sent for itself.
    if text is None:
        raise Refused(401, NEEDED)
    checks = _checks(handler)
    address = handler.request.remote_ip or ""
    token = checks.remembered(text)
    if token is None:
        try:
            token = await handler.compute(partial(checks.check, text, address), readers)
        except TooManyWrongTokens as error:
            raise Refused(429, str(error), SECONDS_TO_TRY_AGAIN) from None
    if token is None:
        logger.info("Refused a wrong token, from %s.", address)
        raise Refused(401, WRONG)
    return permissions.user(token.user_name)


def _token_in(headers: list[str]) -> str | None:
    """Return the token of a request, or None. Other schemes may be those of a proxy."""
    for value in headers:
        scheme, _, text = value.strip().partition(" ")
        if scheme.lower() == "bearer":
            return text.strip()
    return None


def _checks(handler: ApiHandler) -> TokenChecks:
    checks: TokenChecks = handler.application.settings.setdefault(
        _CHECKS, TokenChecks(handler.runtime.tokens)
    )
    return checks
