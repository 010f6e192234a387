"""Bokeh's `server_document`: the dashboard as a part of a page of another origin, without a frame.

The server has to allow the origin of the page. Run both commands

    python -m dam_inventory serve --origin localhost:5006 --origin localhost:5007
    python examples/embed.py

and open http://localhost:5007/.
"""

import asyncio

from bokeh.embed import server_document
from tornado.web import Application, RequestHandler

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Our rivers</title></head>
<body><h1>Our rivers</h1>{}</body></html>"""


class Page(RequestHandler):
    def get(self) -> None:
        self.finish(PAGE.format(server_document("http://localhost:5006/dashboard")))


async def main() -> None:
    Application([("/", Page)]).listen(5007, "localhost")
    await asyncio.Event().wait()


asyncio.run(main())
