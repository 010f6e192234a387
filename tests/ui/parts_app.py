"""The parts of a dashboard, each by itself or beside another, as other programs lay them out."""

from __future__ import annotations

import os
import sys

import panel as pn

from dam_inventory import DamInventoryApp, Runtime, Settings

runtime = Runtime(Settings(database_url=os.environ["DAMS"]))


def column() -> pn.Column:
    app = DamInventoryApp(runtime)
    return pn.Column(app.map, app.table)


def row() -> pn.Row:
    app = DamInventoryApp(runtime)
    return pn.Row(app.map, app.table)


pn.serve(
    {
        "column": column,
        "row": row,
        "map": lambda: DamInventoryApp(runtime).map,
        "charts": lambda: DamInventoryApp(runtime).charts,
        "form": lambda: DamInventoryApp(runtime).form,
    },
    port=int(sys.argv[1]),
    address="127.0.0.1",
    websocket_origin=f"127.0.0.1:{sys.argv[1]}",
    show=False,
)
