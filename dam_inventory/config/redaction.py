"""Hides passwords, secrets and tokens before messages and logs show them."""

from __future__ import annotations

import re

_IN_QUERY = re.compile(r"(?i)([?&][\w-]*(?:password|secret|token|key|signature)=)[^&\s]*")
_IN_HOST = re.compile(r"(?<=://)([^:/@]*):.*(?=@)", re.DOTALL)
_TOKEN = re.compile(r"\bdam_[0-9a-f]{60,}")


def shown(url: str) -> str:
    """Return a URL with its passwords and secrets replaced by ***, even if it is malformed."""
    # The query first: an "@" in it would look like the end of a password before the host.
    return without_tokens(_IN_HOST.sub(r"\1:***", _IN_QUERY.sub(r"\1***", url)))


def without_tokens(text: str) -> str:
    """Return a text in which tokens (see `domain.tokens.new_token`) are replaced by dam_***."""
    return _TOKEN.sub("dam_***", text) if "dam_" in text else text
