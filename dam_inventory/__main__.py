"""`python -m dam_inventory`: see `dam_inventory.cli.main`."""

import sys

try:
    from .cli.main import main
except KeyboardInterrupt:  # The imports take a second.
    sys.exit(130)

sys.exit(main())
