"""Apology: what a visitor sees while this process can't show its inventory."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import panel as pn
import param

from ..errors import DatabaseMissing, DatabaseOpening, DatabaseUnavailable, DatabaseUpgraded
from .bokeh_bridge.delivery import address_elsewhere, use_own_style_sheets
from .components.assets import asset

logger = logging.getLogger(__name__)

_SENTENCES: dict[type[Exception], str] = {
    DatabaseOpening: "The inventory is being opened.",
    DatabaseMissing: "The database is missing. The operator of this server has to restore it.",
    DatabaseUnavailable: "The database is not responding at the moment.",
    DatabaseUpgraded: (
        "This server is older than its database. Its operator has to start the newer version."
    ),
}
"""The first that fits, from the error's own class on."""


class Apology(pn.reactive.ReactiveHTML):
    """A page that says why there is no inventory, and opens it as soon as there is one.

    In another site's page, whose life is not ours, it only says so.
    error: why the page could not be made. Its text is only logged: it may name the database's
    address, which visitors must not see.
    """

    sentence = param.String(doc="What is wrong.")
    is_elsewhere = param.Boolean(doc="Whether another site's page shows it.")

    _template: ClassVar[str] = asset("apology.html")
    _scripts: ClassVar[dict[str, Any]] = {"render": asset("apology.js")}
    _stylesheets: ClassVar[list[str]] = [asset("apology.css")]

    def __init__(self, error: DatabaseUnavailable | DatabaseUpgraded, **params: Any) -> None:
        if isinstance(error, DatabaseOpening):
            logger.info("A page had to wait: %s", error)
        else:
            logger.error("A page could not be opened: %s", error)
        elsewhere = address_elsewhere()
        use_own_style_sheets(elsewhere)
        kind = next(one for one in type(error).__mro__ if one in _SENTENCES)
        super().__init__(
            sentence=_SENTENCES[kind],
            is_elsewhere=elsewhere != "",
            sizing_mode="stretch_width",
            **params,
        )
