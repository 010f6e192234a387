"""The dashboard by pn.serve: a function as it should be, and one dashboard for everybody."""

import os
import sys

import panel as pn

from dam_inventory import DamInventoryApp, Runtime, Settings

runtime = Runtime(Settings(database_url=os.environ["DAMS"]))
pn.serve(
    {"dams": lambda: DamInventoryApp(runtime), "shared": DamInventoryApp(runtime)},
    port=int(sys.argv[1]),
    address="127.0.0.1",
    websocket_origin=f"127.0.0.1:{sys.argv[1]}",
    show=False,
)
