"""Paths and requests that belong to this site, as a browser sees it."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from dam_inventory.server.auth.own_site import MAX_PATH_LENGTH, is_of_another_site, own_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dashboard",
        "/dashboard/",
        "/dams/dashboard",
        "/dashboard?search=a%2F%2Fb&view=1,2,3,4",
        "/dashboard?from=//dams.example.org/\x7e",
        "/dashboard#//evil.example",
        "/dashboard/%C3%A9",
        "/dashboard?" + "a" * (MAX_PATH_LENGTH - 11),
    ],
)
def test_a_path_of_this_site_is_kept_as_it_is(path: str):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "dashboard",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/%2Fevil.example",
        "/%2F%2Fevil.example",
        "/%252F%252Fevil.example",
        "/%25252Fevil.example",
        "/dashboard//evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/./dashboard",
        "/dashboard/..",
        "/%2e%2e//evil.example",
        "/%2e/evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/%5Cevil.example",
        "/%255Cevil.example",
        "/dashboard?a=\\",
        "https:evil.example",
        "https:/evil.example",
        "https://evil.example/dashboard",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "/ /evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/%0d%0a",
        "/%09/evil.example",
        "/\x00/evil.example",
        "/\u2028/evil.example",
        "/\uff0fevil.example",
        "/\u3002evil.example",
        "@evil.example",
        "?next=//evil.example",
        "/" + "a" * MAX_PATH_LENGTH,
    ],
)
def test_a_path_that_could_lead_to_another_site_is_refused(path: str):
    assert own_path(path) is None


@pytest.mark.parametrize("base", ["/dams", "/dams/"])
def test_a_path_is_prefixed_with_that_of_the_site(base: str):
    assert own_path("/dashboard", base) == "/dams/dashboard"
    assert own_path("/dams/dashboard", base) == "/dams/dashboard"
    assert own_path("/damselfly", base) == "/dams/damselfly"
    assert own_path("//evil.example", base) is None
    assert urljoin("https://dams.example.org/login", own_path("/", base)).endswith("/dams/")


HOSTS = ["dams.example.org", "127.0.0.1:5006", "[2001:db8::1]:5006"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://renamed.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "https://dams.example.org"},
        {"Origin": "http://DAMS.example.org:80"},
        {"Origin": "http://127.0.0.1:5006"},
        {"Origin": "http://[2001:db8::1]:5006"},
        {"Referer": "https://dams.example.org/login?next=%2F"},
    ],
)
def test_a_request_of_a_page_of_this_site_is_accepted(headers: dict[str, str]):
    assert not is_of_another_site(headers, HOSTS)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://dams.example.org"},
        {"Sec-Fetch-Site": "of a later standard"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "https://dams.example.org.evil.example"},
        {"Origin": "https://dams.example.org@evil.example"},
        {"Origin": "https://dams.example.org:8443"},
        {"Origin": "http://127.0.0.1:5007"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "dams.example.org"},
        {"Origin": "http://[dams.example.org"},
        {"Origin": "https://evil.example", "Referer": "https://dams.example.org/"},
        {"Referer": "https://evil.example/https://dams.example.org/"},
    ],
)
def test_a_request_of_a_page_of_another_site_is_recognized(headers: dict[str, str]):
    assert is_of_another_site(headers, HOSTS)
