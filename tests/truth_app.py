"""The dashboard of an administrator whose name is in the address, for `tests.acts`."""

import panel as pn

from dam_inventory import DamInventoryApp
from dam_inventory.domain.permissions import User
from dam_inventory.server.process import the_runtime
from tests.acts import keep

name = pn.state.session_args["as"][0].decode()
app = DamInventoryApp(the_runtime(), User(name, frozenset({"administer"})))
keep(app.news.session, app.store)
app.servable()
