"""The page of one session, or an apology while its database does not answer."""

from __future__ import annotations

import sys

import panel as pn
from panel.viewable import Viewer

import dam_inventory

from ..errors import DamInventoryError, DatabaseUnavailable, DatabaseUpgraded
from ..server.auth.login import check_login, current_user
from ..server.command_line import session_lifetime
from ..server.logs import set_up_logs_early
from ..server.process import open_early, the_runtime


def page() -> Viewer:
    """Return the page for the session that calls this; end a process that can't serve any."""
    # Without it, Panel sends the files of every kind of component that it has imported.
    pn.extension()
    try:
        set_up_logs_early()
        check_login()
        open_early()
        app = dam_inventory.DamInventoryApp  # imports the page
        runtime = the_runtime()
        user = current_user(runtime.permissions)
        if pn.state.curdoc is not None:
            from ..views.bokeh_bridge.definitions import define_only_used

            define_only_used(pn.state.curdoc)
        return app(runtime, user=user, session_lifetime=session_lifetime())
    except (DatabaseUnavailable, DatabaseUpgraded) as error:
        from ..views.apology import Apology
        from ..views.bokeh_bridge.delivery import is_serving

        if not is_serving():
            sys.exit(f"Dam Inventory does not start:\n{error}")
        return Apology(error)
    except DamInventoryError as error:
        sys.exit(f"Dam Inventory does not start:\n{error}")
