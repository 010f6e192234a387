"""URLs of services, as messages and logs may show them."""

from __future__ import annotations

import re


def shown(url: str) -> str:
    """Return a URL without the passwords in it, also one that is malformed."""
    # The query first: an "@" in it must not be taken for the end of a password before the host.
    in_query = re.sub(r"(?i)([?&]\w*password=)[^&]*", r"\1***", url)
    return re.sub(r"(?<=://)([^:/@]*):.*(?=@)", r"\1:***", in_query, flags=re.DOTALL)
