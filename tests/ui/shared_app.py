"""One dashboard for everybody, by pn.serve: a function that makes one should be given."""

import os
import sys

import panel as pn

from dam_inventory import DamInventoryApp, Runtime, Settings

runtime = Runtime(Settings(database_url=os.environ["DAMS"]))
pn.serve(
    {"shared": DamInventoryApp(runtime)},
    port=int(sys.argv[1]),
    address="127.0.0.1",
    websocket_origin=f"127.0.0.1:{sys.argv[1]}",
    show=False,
)
