"""The page around the dashboard: its bar, its sidebar, and its HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from panel.util import edit_readonly

from ...config.settings import Settings
from .. import theme
from ..bokeh_bridge.delivery import load_early
from ..cards.card_stack import Side
from ..components.assets import asset
from ..components.escape import escaped
from ..components.icons import icon

INLINE_HEIGHT = 900
"""Height of the dashboard in pixels where it has no window to fill: in a cell, or another page."""

_DOCUMENT = (
    asset("layout/page.html")
    .replace("LOOK", asset("layout/skeleton.css"))
    .replace("BEGIN", asset("layout/skeleton_begin.js"))
    .replace("END", asset("layout/skeleton_end.js"))
)
"""The HTML around the page: it shows a skeleton until the page is drawn."""


def made_page(
    settings: Settings,
    header: Sequence[Any],
    sidebar: Any,
    body: Sequence[Any],
    *,
    is_inline: bool,
    busy: param.Parameter,
) -> pmui.Page:
    """Return a page with the title and the subtitle of the settings in its bar.

    header: what else is in the bar. is_inline: whether the page has no window to fill. busy: refers
    to whether the session waits.
    """
    load_early(pmui.Page)
    page = pmui.Page(
        title=settings.title,
        # Its link stays here; see `layout/leaving.js`.
        site_url="",
        template=_DOCUMENT,
        header=[_subtitle(settings), *header],
        sidebar=[sidebar],
        sidebar_open=False,
        sidebar_resizable=False,
        main=[
            pn.Column(
                *body, sizing_mode="stretch_both", margin=0,
                stylesheets=[asset("layout/layout.css")],
            )
        ],
        sx=theme.PAGE,
        theme_config=theme.MATERIAL,
    )  # fmt: skip
    if is_inline:
        page.height = INLINE_HEIGHT
    # Page links its busy indicator to one state of the whole process: every click in any
    # session would update every page, and would keep closed pages in memory.
    with edit_readonly(page):
        page.busy = busy
    return page


def buttons(side: Side) -> list[pmui.Button]:
    """Return the buttons that open cards: one imports a file, for who may do so, one adds a dam."""
    return [*_import_button(side), _add_button(side)]


def _import_button(side: Side) -> list[pmui.Button]:
    if not side.can_import:
        return []
    button = pmui.Button(
        label="Import a file", icon=icon("file_upload"), variant="outlined", color="default",
        size="small", margin=(0, 0, 0, 8), sx=theme.IMPORT,
    )  # fmt: skip
    button.on_click(lambda _: side.open("import"))
    return [button]


def _add_button(side: Side) -> pmui.Button:
    button = pmui.Button(
        label="Add dam", icon=icon("add"), variant="contained", color="primary", size="small",
        margin=(0, 8), sx=theme.ADD, css_classes=["add"], visible=side.can_add,
    )  # fmt: skip
    button.on_click(lambda _: side.open("add"))
    return button


def _subtitle(settings: Settings) -> pn.viewable.Viewable:
    if not settings.subtitle:
        return pn.Spacer(width=0)
    return pn.pane.HTML(
        escaped(settings.subtitle), stylesheets=[asset("layout/subtitle.css")], margin=0
    )
