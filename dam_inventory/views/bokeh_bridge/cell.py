"""Extra setup for a dashboard in the output of a notebook cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from uuid import uuid4

import panel as pn
from panel.io.notebook import EXEC_MIME
from panel.io.resources import DIST_DIR

from ...config.notebook import is_marimo
from ..components.assets import asset
from .internals import is_panel_loaded
from .kernel import handle_in_this_thread, in_cells_thread, wrap_once

_loads_panel = False


def prepare() -> str:
    """Prepare the notebook's page, and return a key that identifies its kernel.

    Loads Panel unless the notebook has done so.
    """
    global _loads_panel
    if is_marimo():
        # It loads Panel itself, from the internet if it is not inline.
        pn.config.inline = True
        return ""
    if _loads_panel or not is_panel_loaded():
        # On every run: the page may have been reloaded since the last one.
        _loads_panel = True
        pn.extension(inline=True)
    handle_in_this_thread()
    if pn.config.comms != "default":
        _send_at_once()
    from IPython.display import publish_display_data

    key = f"dam-inventory-{uuid4().hex}"
    # With Panel's own MIME type, so that its JupyterLab extension registers the kernel.
    data = {"text/html": "<div></div>", "application/javascript": _script(), EXEC_MIME: ""}
    publish_display_data(data, {EXEC_MIME: {"id": key}})  # type: ignore[no-untyped-call]
    return key


def _send_at_once() -> None:
    """Stop jupyter_bokeh from holding back events until the kernel is idle.

    With JupyterLab 4.6, ipykernel 7 handles widget messages in a separate thread and does not
    report when that thread is idle: all events after the first would wait without end.
    """
    from jupyter_bokeh.widgets import BokehModel

    def at_once(make: Callable[..., None]) -> Callable[..., None]:
        @wraps(make)
        def make_at_once(widget: Any, model: Any, **traits: Any) -> None:
            make(widget, model, **traits | {"combine_events": False})

        return make_at_once

    wrap_once(BokehModel, "__init__", at_once)
    wrap_once(BokehModel, "_sync_model", in_cells_thread)


@cache
def _script() -> str:
    folders = (DIST_DIR / "css", DIST_DIR / "bundled" / "theme")
    sheets = {
        path.relative_to(DIST_DIR).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.glob("*.css"))
    }
    # "</script>" would end the element that contains the script.
    return asset("bokeh_bridge/notebook.js").replace(
        "SHEETS", json.dumps(sheets).replace("<", "\\u003c")
    )
