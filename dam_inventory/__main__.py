"""`python -m dam_inventory`: see `dam_inventory.cli.main`."""

import sys

from .cli.main import main

sys.exit(main())
