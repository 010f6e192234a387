"""For `panel serve --plugins tests.ui.counts`: tells what a server holds, at /counts."""

from __future__ import annotations

import gc

import psutil
from bokeh.document import Document
from bokeh.model import Model
from tornado.web import RequestHandler

from dam_inventory.server.process import the_runtime


class CountsHandler(RequestHandler):
    """Answers with numbers of what must not outlive a session; with ?garbage=1, also of garbage."""

    def get(self) -> None:
        for _ in range(0 if self.get_query_argument("garbage", "") else 3):
            gc.collect()
        objects = gc.get_objects()
        self.write(
            {
                "subscriptions": len(the_runtime().feed.pubsub),
                "documents": sum(isinstance(one, Document) for one in objects),
                "models": sum(isinstance(one, Model) for one in objects),
                "objects": len(objects),
                "memory": psutil.Process().memory_info().rss,
            }
        )


ROUTES = [("/counts", CountsHandler, {})]
