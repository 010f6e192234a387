"""The dashboard's page. Run it with `panel serve dashboard.py --warm`."""

import sys

from dam_inventory import DamInventoryApp
from dam_inventory.errors import DamInventoryError, DatabaseUnavailable
from dam_inventory.server.auth.login import check_login, current_user
from dam_inventory.server.command_line import session_lifetime
from dam_inventory.server.process import the_runtime
from dam_inventory.views.app import apology
from dam_inventory.views.bokeh_bridge.delivery import is_serving

try:
    check_login()
    runtime = the_runtime()
    page = DamInventoryApp(
        runtime, user=current_user(runtime.permissions), session_lifetime=session_lifetime()
    )
except DamInventoryError as error:
    if not isinstance(error, DatabaseUnavailable) or not is_serving():
        sys.exit(f"Dam Inventory does not start:\n{error}")
    page = apology(error)

page.servable()
