"""The script of `python -m dam_inventory serve`. The server runs it for each session."""

from dam_inventory.served.page import page

page().servable()
