"""`pn.serve` with a function, which makes a dashboard for each page that is opened.

    python examples/serve_function.py

and open http://localhost:5006/.
"""

import panel as pn

from dam_inventory import DamInventoryApp, Runtime, Settings

runtime = Runtime(Settings(database_url="sqlite:///dam_inventory.db"))


def make_page() -> DamInventoryApp:
    return DamInventoryApp(runtime)


pn.serve(make_page, address="localhost", port=5006, title="Dam Inventory", show=False)
