"""Two Panel apps in one server: the inventory, and one that converts acre-feet.

    python examples/several_apps.py

and open http://localhost:5006/dams, http://localhost:5006/acre-feet, or the list of both at
http://localhost:5006/.
"""

import panel as pn

from dam_inventory import DamInventoryApp, Runtime, Settings

runtime = Runtime(Settings(database_url="sqlite:///dam_inventory.db"))


def dams() -> DamInventoryApp:
    return DamInventoryApp(runtime)


def acre_feet() -> pn.Column:
    volume = pn.widgets.FloatInput(name="Acre-feet", value=1000)
    return pn.Column(volume, pn.bind(lambda value: f"{value * 1233.482:,.0f} m³", volume))


pn.serve({"dams": dams, "acre-feet": acre_feet}, address="localhost", port=5006, show=False)
