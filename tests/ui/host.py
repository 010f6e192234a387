"""Somebody else's site, with the dashboard in one of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Somebody's page</title>
<link rel="icon" href="data:,"></head>
<body><h1>Somebody's page</h1><p><input aria-label="Theirs"></p>{}</body></html>"""


class Host:
    """A site on a port of its own. pages: the HTML in the body of its pages, by path."""

    def __init__(self, port: int) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.address = f"127.0.0.1:{port}"
        self.origin = f"http://{self.address}"


@contextmanager
def hosting() -> Iterator[Host]:
    """Serve a site until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            host.asked.append(path)
            body = host.pages.get(path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.format(body).encode() if body is not None else b"")

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(site.server_port)
    thread = Thread(target=site.serve_forever)
    thread.start()
    yield host
    site.shutdown()
    thread.join()
    site.server_close()
