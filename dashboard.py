"""The dashboard's page: `panel serve dashboard.py --warm`."""

import sys

from dam_inventory import DamInventoryApp
from dam_inventory.errors import DamInventoryError
from dam_inventory.login import check_login
from dam_inventory.process import the_runtime

try:
    check_login()
    runtime = the_runtime()
except DamInventoryError as error:
    sys.exit(f"Dam Inventory does not start:\n{error}")

DamInventoryApp(runtime).servable()
