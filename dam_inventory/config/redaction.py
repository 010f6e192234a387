"""Hides passwords in URLs before messages and logs show them."""

from __future__ import annotations

import re


def shown(url: str) -> str:
    """Return a URL with its passwords replaced by ***, even if the URL is malformed."""
    # The query first: an "@" in it would look like the end of a password before the host.
    in_query = re.sub(r"(?i)([?&]\w*password=)[^&]*", r"\1***", url)
    return re.sub(r"(?<=://)([^:/@]*):.*(?=@)", r"\1:***", in_query, flags=re.DOTALL)
