"""The dashboard's page. Run it with `panel serve dashboard.py --warm`."""

import sys

from dam_inventory.served.page import page

if __name__ == "__main__":
    sys.exit(
        "This is the page of a server. To start one, run:\n"
        "panel serve dashboard.py --warm --plugins dam_inventory.server.plugin"
    )

page().servable()
