"""What a request asks for: its parameters, and the format of the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tornado.httputil import HTTPServerRequest

from ...domain.hints import hint
from ...errors import InvalidFilter

FORMAT = "f"
FORMATS = ("json", "html")
_HTML = ("text/html", "application/xhtml+xml")
_JSON = ("application/json", "application/geo+json")

Arguments = dict[str, list[str]]


def arguments_of(request: HTTPServerRequest) -> Arguments:
    """Return the parameters of an address; raise InvalidFilter if they are not UTF-8."""
    try:
        return {
            name: [value.decode("utf-8") for value in values]
            for name, values in request.query_arguments.items()
        }
    except UnicodeDecodeError:
        raise InvalidFilter("The address has a parameter that is not UTF-8.") from None


def check_names(arguments: Mapping[str, object], known: Collection[str]) -> None:
    """Raise InvalidFilter if there is a parameter that is not known."""
    for name in arguments:
        if name not in known:
            more = hint(name, known) if known else " This address has no parameters."
            raise InvalidFilter(f'There is no parameter "{name[:100]}".{more}')


def take(arguments: Arguments, name: str) -> str | None:
    """Remove a parameter that may be given once, and return its value."""
    values = arguments.pop(name, [])
    if len(values) > 1:
        raise InvalidFilter(f"{name} is given {len(values)} times. Give it once.")
    return values[0] if values else None


def take_number(arguments: Arguments, name: str, default: int, low: int, high: int) -> int:
    """Remove a whole number and return it; one above `high` counts as `high`."""
    text = take(arguments, name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or (number := int(text[:30])) < low:
        raise InvalidFilter(f'{name} is "{text[:100]}", but must be a whole number from {low}.')
    return min(number, high)


def take_is_html(arguments: Arguments, accept: str) -> bool:
    """Remove the parameter `f`; return whether the answer is a page for people, or JSON.

    accept: the header of this name, which counts if there is no `f`.
    """
    chosen = take(arguments, FORMAT)
    if chosen is None:
        liked = _liked(accept)
        return _quality(liked, *_HTML) > _quality(liked, *_JSON, *_more_json(liked))
    if chosen not in FORMATS:
        raise InvalidFilter(f'f is "{chosen[:100]}", but must be one of {", ".join(FORMATS)}.')
    return chosen == "html"


def prefers(accept: str, media_type: str, *others: str) -> bool:
    """Return whether a client names a media type, and likes none of the others more.

    accept: the header of this name. A wildcard is no name: it stands for the usual answer.
    """
    liked, name = _liked(accept), media_type.partition(";")[0]
    quality = liked.get(name, 0.0)
    return quality > 0 and quality >= max([0.0, *(_quality(liked, one) for one in others)])


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether a client reads an answer that is packed with gzip."""
    liked = _liked(accept_encoding)
    return liked.get("gzip", liked.get("*", 0.0)) > 0


def _quality(liked: Mapping[str, float], *media_types: str) -> float:
    """Return how much a client likes the best of some media types, from 0 to 1."""
    found = []
    for one in media_types:
        ranges = (one, f"{one.partition('/')[0]}/*", "*/*")
        found.append(next((liked[name] for name in ranges if name in liked), 0.0))
    return max(found)


def _more_json(liked: Mapping[str, float]) -> list[str]:
    return [name for name in liked if name.endswith("+json")]


def _liked(header: str) -> dict[str, float]:
    """Return the quality of each choice of a header such as Accept, from 0 to 1."""
    liked = {}
    for part in header.split(",")[:50]:
        name, *parameters = (one.strip().lower() for one in part.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            liked[name] = min(max(0.0, float(quality)), 1.0)  # NaN counts as 0.
        except ValueError:
            liked[name] = 0.0
    return liked
