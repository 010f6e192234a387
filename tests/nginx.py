"""Debian's nginx with the configuration of deploy/, or another, in which only ports are changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.starting import ROOT, answers_http, free_port, start, stop, wait_until_up

_MAIN = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


class Addressed(Protocol):
    """What nginx knows of a server behind it."""

    @property
    def address(self) -> str: ...


def port_for_nginx() -> int:
    """Return a free port; the processes behind it must allow it as an origin."""
    return free_port()


@contextmanager
def nginx(folder: Path, port: int, *servers: Addressed) -> Iterator[str]:
    """Run nginx before two servers, and return its address."""
    site = (ROOT / "deploy/nginx/dam-inventory.conf").read_text("utf-8")
    upstream = (ROOT / "deploy/nginx/processes.conf").read_text("utf-8")
    assert "listen 80;" in site
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    for server, written in zip(servers, ("127.0.0.1:5006", "127.0.0.1:5007"), strict=True):
        assert f"server {written} " in upstream
        upstream = upstream.replace(f"server {written} ", f"server {server.address} ")
    (folder / "dam-inventory.conf").write_text(site, "utf-8")
    (folder / "processes.conf").write_text(upstream, "utf-8")
    address = f"http://127.0.0.1:{port}"
    files = (folder / "dam-inventory.conf", folder / "processes.conf")
    with nginx_with(folder, f"{address}/health", *files):
        yield address


@contextmanager
def nginx_with(folder: Path, up: str, *configuration: Path) -> Iterator[None]:
    """Run nginx with files as of conf.d/. up: an address that answers when it is up."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        advice = "There is no nginx. On Debian and Ubuntu: apt-get install nginx"
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)
    (folder / "conf.d").mkdir()
    for file in configuration:
        shutil.copy(file, folder / "conf.d")
    user = "user root;" if os.geteuid() == 0 else ""  # pytest's folders are closed to others
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = start(command, folder, folder / "error.log")
    try:
        wait_until_up(process, lambda: answers_http(up), folder / "error.log")
        yield
    finally:
        stop(process)
