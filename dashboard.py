"""The dashboard's page: `panel serve dashboard.py --warm`."""

import sys

import panel as pn

from dam_inventory import DamInventoryApp, Runtime
from dam_inventory.errors import DamInventoryError
from dam_inventory.login import check_login

try:
    check_login()
    runtime = pn.state.as_cached("dam_inventory", Runtime.from_environment)
except DamInventoryError as error:
    sys.exit(f"Dam Inventory does not start:\n{error}")

DamInventoryApp(runtime).servable()
