"""For `panel serve --plugins tests.ui.counts`: tells what a server holds, at /counts."""

from __future__ import annotations

import gc

import psutil
from bokeh.document import Document
from bokeh.model import Model
from tornado.web import RequestHandler

from dam_inventory.live.pubsub import PubSub


class CountsHandler(RequestHandler):
    """Answers with numbers of what must not outlive a session."""

    def get(self) -> None:
        for _ in range(3):
            gc.collect()
        gc.unfreeze()  # The server freezes what it has when it opens the inventory.
        objects = gc.get_objects()
        self.write(
            {
                "subscriptions": sum(len(one) for one in objects if isinstance(one, PubSub)),
                "documents": sum(isinstance(one, Document) for one in objects),
                "models": sum(isinstance(one, Model) for one in objects),
                "objects": len(objects),
                "memory": psutil.Process().memory_info().rss,
            }
        )


ROUTES = [("/counts", CountsHandler, {})]
