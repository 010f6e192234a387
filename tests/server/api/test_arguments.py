"""What a request asks for."""

from __future__ import annotations

import pytest

from dam_inventory.errors import InvalidFilter
from dam_inventory.server.api.arguments import (
    check_names,
    prefers,
    take_is_html,
    take_number,
    takes_gzip,
)


@pytest.mark.parametrize(
    ("accept", "is_html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("TEXT/HTML", True),
        ("application/json", False),
        ("application/geo+json, application/json", False),
        ("application/geo+json;q=0.9, text/html;q=0.5", False),
        ("application/json;q=0.1, text/html;q=0.5", True),
        ("text/html;q=0", False),
        ("text/html;q=many", False),
        ("*/*", False),
        ("", False),
        (",;,=;q=", False),
        ("text/html;q=0.5, */*", False),
        ("application/*, text/html;q=0.2", False),
        ("application/json;q=0.5, text/*", True),
        ("text/*", True),
        ("text/html;q=0.5, application/schema+json", False),
        ("application/json;q=0.2, */*;q=0.1, text/html;q=0.3", True),
        ("text/html;q=2, application/json", False),
        ("text/html;q=inf, application/json", False),
        ("text/html;q=nan, application/json;q=0.1", False),
    ],
)
def test_the_header_chooses_the_format(accept: str, is_html: bool):
    assert take_is_html({}, accept) is is_html


def test_the_parameter_counts_more_than_the_header():
    arguments = {"f": ["json"], "state": ["Utah"]}
    assert take_is_html(arguments, "text/html") is False
    assert arguments == {"state": ["Utah"]}
    assert take_is_html({"f": ["html"]}, "application/json") is True


@pytest.mark.parametrize("values", [["HTML"], [""], ["csv"], ["json", "html"]])
def test_another_format_is_refused(values: list[str]):
    with pytest.raises(InvalidFilter, match=r"^f is "):
        take_is_html({"f": values}, "*/*")


@pytest.mark.parametrize(
    ("accept", "takes"),
    [("gzip", True), ("br, gzip;q=0.1", True), ("*", True), ("*;q=0", False), ("", False),
     ("gzip;q=0, *", False), ("identity", False), ("x-gzip-like", False)],
)  # fmt: skip
def test_an_answer_is_packed_only_for_those_who_take_it(accept: str, takes: bool):
    assert takes_gzip(accept) is takes


def test_a_number_above_the_highest_counts_as_the_highest():
    assert take_number({"limit": ["5"]}, "limit", 100, 1, 10) == 5
    assert take_number({"limit": ["11"]}, "limit", 100, 1, 10) == 10
    assert take_number({"limit": ["9" * 5000]}, "limit", 100, 1, 10) == 10
    assert take_number({}, "limit", 100, 1, 10) == 100
    with pytest.raises(InvalidFilter, match="given 2 times"):
        take_number({"limit": ["1", "2"]}, "limit", 100, 1, 10)


def test_an_unknown_parameter_is_refused_with_a_hint():
    check_names({"f": []}, ("f", "limit"))
    with pytest.raises(InvalidFilter, match='Did you mean "limit"'):
        check_names({"limits": []}, ("f", "limit"))
    with pytest.raises(InvalidFilter, match="has no parameters"):
        check_names({"x": []}, ())


@pytest.mark.parametrize(
    ("accept", "prefers_events"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream, */*", True),
        ("text/event-stream, application/json", True),
        ("text/event-stream;q=0, application/json", False),
        ("text/event-stream;q=0.5, application/json", False),
        ("application/json;q=0.5, text/event-stream;q=0.6", True),
        ("*/*", False),
        ("text/*", False),
        ("", False),
    ],
)
def test_a_media_type_is_preferred_if_it_is_named_and_nothing_else_is_liked_more(
    accept: str, prefers_events: bool
):
    assert prefers(accept, "text/event-stream", "application/json") is prefers_events


def test_the_parameters_of_a_media_type_do_not_matter():
    assert prefers("application/x+json;version=3.0", "application/x+json;version=3.1", "text/html")
