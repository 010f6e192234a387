"""The dashboard's page. Run it with `panel serve dashboard.py --warm`."""

import sys

import dam_inventory
from dam_inventory.errors import DamInventoryError, DatabaseUnavailable, DatabaseUpgraded
from dam_inventory.server.auth.login import check_login, current_user
from dam_inventory.server.command_line import session_lifetime
from dam_inventory.server.process import open_early, the_runtime

if __name__ == "__main__":
    sys.exit(
        "This is the page of a server. To start one, run:\n"
        "panel serve dashboard.py --warm --plugins dam_inventory.server.plugin"
    )

try:
    check_login()
    open_early()
    app = dam_inventory.DamInventoryApp  # imports the page
    runtime = the_runtime()
    page = app(runtime, user=current_user(runtime.permissions), session_lifetime=session_lifetime())
except (DatabaseUnavailable, DatabaseUpgraded) as error:
    from dam_inventory.views.apology import Apology
    from dam_inventory.views.bokeh_bridge.delivery import is_serving

    if not is_serving():
        sys.exit(f"Dam Inventory does not start:\n{error}")
    page = Apology(error)
except DamInventoryError as error:
    sys.exit(f"Dam Inventory does not start:\n{error}")

page.servable()
